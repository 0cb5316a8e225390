import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { networkInterfaces } from 'node:os'
import { expect, test } from 'vitest'
import { LOOPBACKS } from '@/lib/env/hosts'
import { availableHosts, listenOn } from '@/lib/http/listenOn'
import { onTeardown } from '../../support/teardown'

/** An address kept for documents: no machine has it. */
const nowhere = '203.0.113.77'
const outside = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address
const urlOf = (host: string, port: number) => `http://${host.includes(':') ? `[${host}]` : host}:${port}`

function echo() {
  const server = createServer((request, response) => response.end(request.socket.localAddress))
  server.on('upgrade', (_request, socket) =>
    socket.end('HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\n\r\nhello'),
  )
  onTeardown(() => void server.closeAllConnections())
  onTeardown(() => void server.close())
  return server
}

async function upgrade(host: string, port: number): Promise<string> {
  const socket = connect({ host, port })
  socket.write(`GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n`)
  let said = ''
  socket.on('data', (chunk) => (said += String(chunk)))
  await once(socket, 'end')
  return said
}

test('one server answers requests and upgrades at one port of both loopbacks, and nowhere else', async () => {
  const hosts = await availableHosts(LOOPBACKS)
  const { port, close } = await listenOn(echo(), 0, LOOPBACKS)
  for (const host of hosts) {
    expect(await (await fetch(urlOf(host, port))).text()).toBe(host)
    expect(await upgrade(host, port)).toContain('hello')
  }
  if (outside) await expect(fetch(urlOf(outside, port))).rejects.toThrow()
  await close()
  for (const host of hosts.slice(1)) await expect(fetch(urlOf(host, port))).rejects.toThrow()
})

test(':: is every address of this machine', async () => {
  const { port } = await listenOn(echo(), 0, ['::'])
  for (const host of ['127.0.0.1', ...(outside ? [outside] : [])]) {
    expect((await fetch(urlOf(host, port))).status).toBe(200)
  }
})

test('an address that the machine lacks is left out, and one sentence when there is no other', async () => {
  expect(await availableHosts(['127.0.0.1', nowhere])).toEqual(['127.0.0.1'])
  await expect(availableHosts([nowhere])).rejects.toThrow(`HOST: This machine does not have the address ${nowhere}.`)
})

test('a port that is taken on either address is an error', async () => {
  const hosts = await availableHosts(LOOPBACKS)
  const other = createServer()
  onTeardown(() => void other.close())
  other.listen(0, hosts.at(-1))
  await once(other, 'listening')
  const address = other.address()
  const port = typeof address === 'object' && address ? address.port : 0
  await expect(listenOn(echo(), port, LOOPBACKS)).rejects.toMatchObject({ code: 'EADDRINUSE' })
})
