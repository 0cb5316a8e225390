import { createServer } from 'node:http'
import { type AddressInfo, Socket as TcpSocket } from 'node:net'
import { Server } from 'socket.io'
import { io as connect, type Socket } from 'socket.io-client'
import { expect, test, vi } from 'vitest'
import { corkWrites } from '@/lib/sockets/core/corkWrites'
import type { SocketServer } from '@/lib/sockets/core/sockets'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

/** Socket.IO alone, whose namespaces let everybody in. */
async function start(isCorked = true) {
  const http = createServer()
  const io: SocketServer = new Server(http)
  if (isCorked) corkWrites(io)
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  onTeardown(async () => void (await io.close()))
  const { port } = http.address() as AddressInfo // a TCP server's address is always this

  /** A client with what it heard, and the server's end of it. */
  const client = async (...transports: ('websocket' | 'polling')[]) => {
    const [before, heard] = [new Set(io.sockets.sockets.keys()), [] as unknown[]]
    const socket: Socket = connect(`http://127.0.0.1:${port}`, { transports, reconnection: false, forceNew: true })
    onTeardown(() => void socket.disconnect())
    socket.onAny((_event, value) => heard.push(value))
    await new Promise<void>((resolve) => socket.once('connect', resolve))
    const served = [...io.sockets.sockets.values()].find(({ id }) => !before.has(id))
    if (!served) throw new Error('The server does not know this client.')
    return { socket, heard, served }
  }
  return { io, client }
}

/** How often the system is asked to write to any connection while this is done and until it is `seen`. */
async function writesOf(done: () => void, seen: () => boolean): Promise<number> {
  const one = vi.spyOn(TcpSocket.prototype, '_write')
  const several = vi.spyOn(TcpSocket.prototype as Required<TcpSocket>, '_writev') // it has one, which the type leaves open
  done()
  await waitFor(seen)
  return one.mock.calls.length + several.mock.calls.length
}

const numbers = Array.from({ length: 10 }, (_, i) => i)

test.each([
  ['in one write', true, 1],
  ['without it in one for each that is not waiting for another', false, 2],
])('what a connection is given in one turn leaves %s, in its order', async (_, isCorked, writes) => {
  const { io, client } = await start(isCorked)
  const { heard, served } = await client('websocket')
  const count = await writesOf(
    () => {
      for (const number of numbers) (number % 2 === 0 ? served : io).emit('number', number)
    },
    () => heard.length === numbers.length,
  )
  expect(heard).toEqual(numbers)
  expect(count).toBeGreaterThanOrEqual(writes)
  if (isCorked) expect(count).toBe(writes)
})

test('the answer to a handshake and the first packet leave together', async () => {
  const { client } = await start()
  let isIn = false
  // Four writes: the handshake, its answer, the joining, its answer.
  const count = await writesOf(
    () => void client('websocket').then(() => (isIn = true)),
    () => isIn,
  )
  expect(count).toBe(4)
})

test('an acknowledgement and what was emitted before it leave together', async () => {
  const { client } = await start()
  const { socket, heard, served } = await client('websocket')
  served.on('ask', (answer: (value: string) => void) => {
    served.emit('event', 'an event')
    answer('an answer')
  })
  // Two writes: the question and the answer.
  const count = await writesOf(
    () => void socket.emit('ask', (answer: string) => heard.push(answer)),
    () => heard.length === 2,
  )
  expect(heard).toEqual(['an event', 'an answer'])
  expect(count).toBe(2)
})

test.each(['websocket', 'polling'] as const)(
  'over %s what was emitted before a goodbye arrives before it',
  async (by) => {
    const { client } = await start()
    const { socket, heard, served } = await client(by)
    for (const number of numbers) served.emit('number', number)
    served.disconnect(true)
    await waitFor(() => socket.disconnected)
    expect(heard).toEqual(numbers)
  },
)

test('who moves from long polling to WebSocket meanwhile hears everything once and in its order', async () => {
  const { client } = await start()
  const { socket, heard, served } = await client('polling', 'websocket')
  let told = 0
  while (!socket.io.engine.transport.name.startsWith('websocket') || told < 100) {
    served.emit('number', told)
    told += 1
    await new Promise(setImmediate)
  }
  await waitFor(() => heard.length === told)
  expect(heard).toEqual(Array.from({ length: told }, (_, i) => i))
})
