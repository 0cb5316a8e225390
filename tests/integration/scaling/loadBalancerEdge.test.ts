import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import proxyAddr from 'proxy-addr'
import { io } from 'socket.io-client'
import { beforeAll, expect, test } from 'vitest'
import { type LoadBalancer, startLoadBalancer } from '../../support/balancer/startLoadBalancer'
import { startServers, type TestServers } from '../../support/servers/servers'
import { ensureSystemTool } from '../../support/systemTools'
import { onTeardown } from '../../support/teardown'
import { takeFaults } from '../../support/traffic/faults'
import { waitFor } from '../../support/waitFor'

let servers: TestServers
let webPort: number
/** What reached the pages. */
const arrived: IncomingMessage[] = []

/** Stands for the pages: says yes to everything, so that what is kept away is kept away by the balancer. */
beforeAll(async () => {
  servers = await startServers()
  const web = createServer((request, response) => {
    if (request.url !== '/api/health') arrived.push(request)
    response.end('a page')
  })
  await new Promise<void>((resolve) => void web.listen(0, '127.0.0.1', resolve))
  onTeardown(() => void web.close())
  webPort = (web.address() as AddressInfo).port // a TCP server's address is always this
})

const startBalancer = (env: Record<string, string> = {}): Promise<LoadBalancer> =>
  startLoadBalancer({ web: [webPort], ws: [Number(new URL(servers.sockets[0].url).port)], env })

test('figures and the REST addresses of the socket servers cannot be reached from outside', async () => {
  const { url } = await startBalancer()
  const status = async (path: string) => (await fetch(url + path)).status
  for (const path of [
    '/metrics',
    '/api/metrics',
    '/api/metrics/',
    '//api//metrics',
    '/%61pi/metrics',
    '/API/Metrics',
  ]) {
    expect(await status(path), path).toBe(404)
  }
  const headers = { authorization: `Bearer ${servers.serviceKey}` }
  for (const path of ['/users/online', '/admin/connections', '/health/ready', '/socket.io/../users/online']) {
    expect(await (await fetch(url + path, { headers })).text(), path).toBe('a page')
  }
  // What the balancer answers, and a page that is none of ours, is in no document.
  takeFaults()
  // The same addresses are there for who is inside.
  expect((await fetch(`${servers.sockets[0].url}/users/online`, { headers })).status).toBe(200)
})

test("with TRUSTED_PROXY_HOPS=1 the caller's address is the one the balancer saw, whatever the caller claims", async () => {
  const { url } = await startBalancer()
  await fetch(`${url}/where`, { headers: { 'x-forwarded-for': '203.0.113.7' } })
  const request = await waitFor(() => arrived.find((candidate) => candidate.url === '/where'))
  expect(proxyAddr(request, (_address, hop) => hop < 1)).toBe('127.0.0.1')
})

test('with a certificate it serves https and wss, and sends http there', async () => {
  const { url, httpsUrl } = await startBalancer({ TLS_CERTIFICATE: await selfSigned() })

  const redirected = await fetch(`${url}/chat?room=1`, { redirect: 'manual' })
  expect(redirected.status).toBe(308)
  expect(redirected.headers.get('location')).toMatch(/^https:\/\/127\.0\.0\.1.*\/chat\?room=1$/)

  const page = await new Promise<IncomingMessage>((resolve, reject) => {
    httpsRequest(`${httpsUrl}/secure`, { rejectUnauthorized: false }, resolve).on('error', reject).end()
  })
  expect(page.headers['strict-transport-security']).toBe('max-age=31536000')
  page.resume()

  const user = await servers.user()
  for (const transports of [['websocket'], ['polling']]) {
    const client = io(`${httpsUrl}/chat`, {
      auth: { token: await user.token() },
      transports,
      forceNew: true,
      rejectUnauthorized: false,
    })
    onTeardown(() => void client.disconnect())
    await waitFor(() => client.connected, { what: `${transports} over TLS` })
  }
})

/** A certificate with its key in one PEM file, as HAProxy wants it. */
async function selfSigned(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-tls-'))
  onTeardown(() => rm(dir, { recursive: true, force: true }))
  await chmod(dir, 0o755)
  const [key, certificate, both] = ['key.pem', 'certificate.pem', 'both.pem'].map((name) => join(dir, name)) as [
    string,
    string,
    string,
  ]
  const what = [
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-subj',
    '/CN=127.0.0.1',
  ]
  await promisify(execFile)(await ensureSystemTool('openssl'), [
    'req',
    ...what,
    '-days',
    '1',
    '-keyout',
    key,
    '-out',
    certificate,
  ])
  await writeFile(both, (await readFile(certificate, 'utf8')) + (await readFile(key, 'utf8')))
  return both
}
