import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server, type Socket } from 'socket.io'
import { guard } from '../../support/guardedProcess'
import { heldBytes } from './memory'
import type { PeerReady } from './Peer'

/** Who says so comes in, and hears the rooms that they name. */
interface Auth {
  userId: string
  rooms: string[]
}
type Answer = (reply: { ok: true; data: unknown }) => void

/**
 * The peer *bare*: what Socket.IO does by itself. A relay that knows nobody, checks nothing and stores nothing: it tells the
 * whole room and acknowledges, in Tandem's words so that the same load generator speaks with both.
 */
await guard<PeerReady>(async () => {
  const http = createServer()
  const io = new Server(http, { serveClient: false })
  let seq = 0
  const serve = (socket: Socket) => {
    const { userId, rooms } = socket.handshake.auth as Auth // as generator.ts says it
    void socket.join(rooms)
    const relay = (event: string) => (input: { roomId: string }, answer: Answer) => {
      socket.nsp.to(input.roomId).emit(event, { ...input, userId })
      answer({ ok: true, data: input })
    }
    socket.on('sendMessage', (input: { roomId: string }, answer: Answer) => {
      seq += 1
      const message = { id: `${socket.id}-${seq}`, seq, rev: seq, senderId: userId, ...input, createdAt: new Date() }
      socket.nsp.to(input.roomId).emit('receiveMessage', message)
      answer({ ok: true, data: message })
    })
    socket.on('markMessagesRead', relay('messagesRead'))
    socket.on('typing', relay('typing'))
    socket.on('ping', (_: unknown, answer: Answer) => answer({ ok: true, data: { asOf: new Date() } }))
  }
  for (const namespace of ['/chat', '/notifications']) io.of(namespace).on('connection', serve)
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo // a TCP server's address is always this
  return { ready: { port }, answer: async () => heldBytes(), stop: async () => {} }
})
