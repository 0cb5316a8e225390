import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { Server } from 'socket.io'
import { expect, test } from 'vitest'
import { cutOffSlowReaders } from '@/lib/sockets/core/SlowReaderGuard'
import type { SocketServer } from '@/lib/sockets/core/sockets'
import { RawWebSocket } from '../../support/clients/RawWebSocket'
import { recordingLogger } from '../../support/recordingLogger'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

const MB = 1_000_000

/** Socket.IO alone, with small limits, whose namespaces let everybody in. */
async function start(limits: { limitBytes: number; budgetBytes: number }) {
  const http = createServer()
  const io: SocketServer = new Server(http)
  const { logger, entries } = recordingLogger()
  const readers = cutOffSlowReaders(io, { ...limits, logger })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  onTeardown(async () => void (await io.close()))
  const { port } = http.address() as AddressInfo // a TCP server's address is always this
  const url = `http://127.0.0.1:${port}`
  return { io, url, readers, entries }
}

/** `/` is written without its name, so `join` does not know its answer. */
const opened = async (url: string): Promise<RawWebSocket> => {
  const socket = await RawWebSocket.open(url)
  onTeardown(() => socket.close())
  socket.send('40')
  await socket.until(() => socket.heard.some((text) => text.startsWith('40')))
  return socket
}

test('while all wait for too much together, those with the most are cut off, and nobody else', async () => {
  const { io, url, readers, entries } = await start({ limitBytes: 50 * MB, budgetBytes: 20 * MB })
  const attentive = await opened(url)
  const [little, much] = [await opened(url), await opened(url)]
  for (const socket of [little, much]) socket.pause()
  await waitFor(() => io.sockets.sockets.size === 3)
  const [first, second, third] = [...io.sockets.sockets.values()]

  const text = 'x'.repeat(MB)
  for (let i = 0; i < 12; i += 1) second?.emit('text', text)
  for (let i = 0; i < 30; i += 1) third?.emit('text', text)
  first?.emit('text', text)
  await waitFor(() => io.sockets.sockets.size === 2)
  expect([...io.sockets.sockets.values()]).toEqual([first, second])
  expect(readers.waitingBytes).toBeLessThan(20 * MB)
  await attentive.until(() => attentive.heard.some((heard) => heard.length > MB))
  expect(attentive.isClosed).toBe(false)
  expect(entries.filter(({ message }) => message.includes('too slowly'))).toHaveLength(1)

  second?.disconnect(true)
  little.close()
  await waitFor(() => readers.waitingBytes === 0)
})

test('a broadcast that is more than the budget for a moment cuts nobody off who reads it', async () => {
  const { io, url, readers, entries } = await start({ limitBytes: 50 * MB, budgetBytes: 5 * MB })
  const sockets = await Promise.all(Array.from({ length: 20 }, () => opened(url)))
  await waitFor(() => io.sockets.sockets.size === 20)
  io.emit('text', 'x'.repeat(MB))
  expect(readers.waitingBytes).toBeGreaterThan(15 * MB)
  await Promise.all(sockets.map((socket) => socket.until(() => socket.heard.some((heard) => heard.length > MB))))
  expect(sockets.some(({ isClosed }) => isClosed)).toBe(false)
  await waitFor(() => readers.waitingBytes === 0)
  expect(entries).toEqual([])
})

test('an answer to long polling that nobody reads is counted until it is', async () => {
  const { io, url, readers } = await start({ limitBytes: 50 * MB, budgetBytes: 500 * MB })
  const address = `${url}/socket.io/?EIO=4&transport=polling`
  const { sid } = JSON.parse((await (await fetch(address)).text()).slice(1)) as { sid: string }
  await fetch(`${address}&sid=${sid}`, { method: 'POST', body: '40' })
  await (await fetch(`${address}&sid=${sid}`)).text()
  await waitFor(() => io.sockets.sockets.size === 1)
  const poll = connect(Number(new URL(url).port), '127.0.0.1')
  onTeardown(() => void poll.destroy())
  poll.write(`GET /socket.io/?EIO=4&transport=polling&sid=${sid} HTTP/1.1\r\nHost: x\r\n\r\n`)
  const [socket] = io.sockets.sockets.values()
  await waitFor(() => socket?.conn.transport.writable)
  for (let i = 0; i < 20; i += 1) socket?.emit('text', 'x'.repeat(MB))
  await waitFor(() => readers.waitingBytes > 15 * MB)
  let bytes = 0
  poll.on('data', (chunk: Buffer) => {
    bytes += chunk.length
  })
  await waitFor(() => bytes > MB)
  poll.destroy()
  await waitFor(() => readers.waitingBytes < 20 * MB)
})
