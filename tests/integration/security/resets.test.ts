import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { freeLocalPort } from '../../../scripts/support/ports'
import { RawWebSocket } from '../../support/clients/RawWebSocket'
import { createTestDatabase } from '../../support/postgres/createTestDatabase'
import { SocketProcess } from '../../support/processes/SocketProcess'
import { onTeardown } from '../../support/teardown'

/** A process as its users run it, for which one refusal blocks an address for the rest of the file. */
let server: SocketProcess
let pid: number

beforeAll(async () => {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-resets-'))
  onTeardown(() => rm(dir, { recursive: true, force: true }))
  server = await SocketProcess.start(await freeLocalPort(undefined), {
    PATH: process.env.PATH ?? '',
    ...{ APP_ENV: 'test', DATA_DIR: dir, LOG_DIR: join(dir, 'logs'), HOST: '127.0.0.1' },
    DATABASE_URL: await createTestDatabase(),
    SESSION_TOKEN_SECRET: randomBytes(32).toString('hex'),
    SERVICE_KEY: randomBytes(32).toString('hex'),
    TRUSTED_PROXY_HOPS: '1',
    RATE_LIMIT_HANDSHAKE: '1/600',
  })
  pid = server.pid
  onTeardown(() => server.stop())
})

afterEach(async () => {
  expect([server.isRunning, server.isRunning && server.pid]).toEqual([true, pid])
  expect(await server.status()).toBe('ok')
})

const url = () => `http://127.0.0.1:${server.port}`

/** Asks for an upgrade; resolves when the request is with the operating system. */
async function ask(path: string, { method = 'GET', address = '203.0.113.1' } = {}): Promise<Socket> {
  const socket = connect(server.port, '127.0.0.1')
  socket.on('error', () => {})
  onTeardown(() => void socket.destroy())
  const head = [
    ...[`${method} ${path} HTTP/1.1`, 'Host: x', 'Connection: Upgrade', 'Upgrade: websocket'],
    ...['Sec-WebSocket-Version: 13', `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`],
    `X-Forwarded-For: ${address}`,
  ]
  await new Promise<void>((resolve) => socket.write(`${head.join('\r\n')}\r\n\r\n`, () => resolve()))
  return socket
}

const ended = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve).resume())

test('who is turned away and breaks the connection off while the answer is held back breaks nothing else', async () => {
  const socket = await RawWebSocket.open(url(), { headers: { 'X-Forwarded-For': '203.0.113.1' } })
  await socket.join('/chat', 'forged')
  await socket.closed()
  const held = await Promise.all(Array.from({ length: 20 }, () => ask('/socket.io/?EIO=4&transport=websocket')))
  // Answered after those before were read.
  await server.status()
  // Held back for a second at least, which the others' ends do not outlast.
  const last = RawWebSocket.open(url(), { headers: { 'X-Forwarded-For': '203.0.113.1' } })
  for (const one of held) one.resetAndDestroy()
  await expect(last).rejects.toMatchObject({ status: 429 })
})

test('nor who asks for an upgrade where there is none', async () => {
  const held = await Promise.all(Array.from({ length: 20 }, () => ask('/elsewhere')))
  await server.status()
  const last = ended(await ask('/elsewhere'))
  for (const one of held) one.resetAndDestroy()
  await last
})

test.each(['DELETE', 'POST', 'OPTIONS', 'PUT'])('nor who asks for an upgrade with %s', async (method) => {
  await ended(await ask('/socket.io/?EIO=4&transport=websocket', { method, address: '203.0.113.2' }))
})
