import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { io as connect, type Socket } from 'socket.io-client'
import { expect, test } from 'vitest'
import type { SocketServer } from '@/lib/sockets/core/sockets'
import { type EngineConnection, onConnection, pauseReading } from '@/lib/sockets/frontDoor/engine'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

/** Socket.IO alone, which repeats what it is told; `connections` are the server's ends, in the order in which they came. */
async function start() {
  const http = createServer()
  const io: SocketServer = new Server(http)
  const connections: EngineConnection[] = []
  onConnection(io, (connection) => connections.push(connection))
  io.on('connection', (socket) => socket.on('say', (text: string, answer: (text: string) => void) => answer(text)))
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  onTeardown(async () => void (await io.close()))
  const { port } = http.address() as AddressInfo // a TCP server's address is always this
  const client = async (): Promise<Socket> => {
    const transports = ['websocket']
    const socket = connect(`http://127.0.0.1:${port}`, { transports, reconnection: false, forceNew: true })
    onTeardown(() => void socket.disconnect())
    await new Promise<void>((resolve) => socket.once('connect', resolve))
    return socket
  }
  return { client, connections }
}

test('what a connection sends is not read until all who paused it want it again', async () => {
  const { client, connections } = await start()
  const [ada, grace] = [await client(), await client()]
  const [adas] = connections
  if (!adas) throw new Error('Nobody is connected.')
  const resumes = [pauseReading(adas), pauseReading(adas)]
  let heard = 0
  ada.emit('say', 'anybody?', () => {
    heard += 1
  })
  // Others are heard meanwhile, again and again.
  for (let i = 0; i < 20; i++) expect(await grace.emitWithAck('say', `${i}`)).toBe(`${i}`)
  resumes[0]?.()
  for (let i = 0; i < 20; i++) expect(await grace.emitWithAck('say', `${i}`)).toBe(`${i}`)
  expect(heard).toBe(0)
  resumes[1]?.()
  await waitFor(() => heard === 1)
})
