import { request } from 'node:http'
import { beforeAll, expect, test } from 'vitest'
import { allCommands } from '@/contracts/all'
import { splitAddress } from '@/contracts/httpRequest'
import { startServers, type TestServers } from '../../support/servers/servers'
import type { TestUser } from '../../support/servers/testUser'
import { adminUser } from '../metrics/support'

const ours = 'http://localhost:3000'

let servers: TestServers
let ada: TestUser

beforeAll(async () => {
  servers = await startServers()
  ada = await adminUser(servers)
})

/** Every address that changes something, on both ports. */
const writing = allCommands.flatMap(({ name, http }) => {
  if (typeof http !== 'string') return []
  const { method, path } = splitAddress(http)
  if (method === 'GET') return []
  return [{ name, method, port: path.startsWith('/api/') ? 3000 : 3001, path: path.replaceAll(/:\w+/g, 'some-id') }]
})

/** As a browser sends it: with the cookie where there is one, and whatever a service would show. */
function send(
  { method, path, port }: (typeof writing)[number],
  headers: Record<string, string>,
  body = '{}',
): Promise<{ status: number; code: string; setsCookie: boolean }> {
  const base = port === 3000 ? servers.webUrl : servers.sockets[0].url
  const who = { cookie: ada.cookie, authorization: `Bearer ${servers.serviceKey}` }
  return new Promise((resolve, reject) => {
    const outgoing = request(
      base + path,
      { method, headers: { ...who, 'content-length': Buffer.byteLength(body), ...headers } },
      (response) => {
        let text = ''
        response.on('data', (chunk) => (text += String(chunk)))
        response.on('end', () => {
          const code: string = text.startsWith('{') ? (JSON.parse(text).error?.code ?? '') : ''
          resolve({ status: response.statusCode ?? 0, code, setsCookie: 'set-cookie' in response.headers })
        })
      },
    )
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

test('there are such addresses on both ports', () => {
  expect(writing.filter(({ port }) => port === 3000).length).toBeGreaterThan(8)
  expect(writing.filter(({ port }) => port === 3001).length).toBeGreaterThanOrEqual(2)
})

const foreign = [
  'https://evil.example',
  'null',
  'http://localhost:3000.evil.example',
  'http://evil.example/http://localhost:3000',
  'http://localhost:3000@evil.example',
  'http://xlocalhost:3000',
  'http://localhost.:3000',
  'http://localhost:30000',
  'https://localhost:3000',
  'http://localhost',
  'HTTP://EVIL.EXAMPLE',
]

test.each(foreign)('a page at %s writes nothing, with JSON or without', async (origin) => {
  for (const route of writing) {
    const types = ['application/json', 'text/plain', 'application/x-www-form-urlencoded']
    for (const type of types) {
      const answer = await send(route, { origin, 'content-type': type })
      expect(answer, `${route.method} ${route.path} with ${type}`).toMatchObject({ setsCookie: false })
      expect([400, 403], `${route.method} ${route.path} with ${type}: ${answer.status}`).toContain(answer.status)
      if (type === 'application/json') expect(answer.code, `${route.method} ${route.path}`).toBe('FORBIDDEN')
    }
  }
  // She is signed in, and nothing of hers has gone.
  expect((await ada.http('GET', '/api/auth/session')).status).toBe(200)
})

test.each([
  ['application/x-www-form-urlencoded', 'title=x&message=y'],
  ['multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--x--'],
  ['text/plain', '{"title":"x"}'],
  ['text/plain; application/json', '{"title":"x"}'],
  ['application/jsonp', '{}'],
])('what a form can send (%s) is refused even without an origin', async (type, body) => {
  for (const route of writing) {
    const answer = await send(route, { 'content-type': type }, body)
    expect(answer, `${route.method} ${route.path}`).toMatchObject({ status: 400, code: 'BAD_REQUEST' })
  }
  expect((await ada.http('GET', '/api/auth/session')).status).toBe(200)
})

test('our own page writes', async () => {
  const answer = await ada.http('POST', '/api/system/notifications', { title: 'x', message: 'y' }, { origin: ours })
  expect(answer.status).toBe(201)
})
