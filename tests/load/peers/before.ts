import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PrismaPg } from '@prisma/adapter-pg'
import { type Namespace, Server, type Socket } from 'socket.io'
import { onlyKey } from '@/lib/auth/keyRing'
import { createSessionTokens } from '@/lib/auth/sessionToken'
import { PrismaClient } from '@/lib/db/generated/client'
import { guard } from '../../support/guardedProcess'
import { heldBytes } from './memory'
import type { PeerReady } from './Peer'

type Reply = { ok: true; data: unknown } | { ok: false; error: { code: string } }
type Answer = (reply: Reply) => void
interface Sent {
  roomId: string
  message: string
  clientId: string
}

/**
 * The peer *before*: a chat server as most are written first. One process that checks the token, loads the user, and for each
 * message asks whether the sender is in the room, creates the row, tells the room, and then writes the room's latest time,
 * each a statement of its own through Prisma. It uses Tandem's tables; places in a room are counted in memory, for it has no
 * order of its own. No limits, no catch-up, no presence lease, no second process.
 */
class Monolith {
  private readonly places = new Map<string, number>()
  private readonly socketsOf = new Map<string, Set<string>>()

  constructor(
    private readonly prisma: PrismaClient,
    private readonly tokens: ReturnType<typeof createSessionTokens>,
  ) {}

  serve(namespace: Namespace, audience: '/chat' | '/notifications'): void {
    namespace.use((socket, next) => {
      this.authenticate(socket, audience).then(() => next(), next)
    })
    namespace.on('connection', (socket) => {
      const userId: string = socket.data.user.id
      const mine = this.socketsOf.get(userId) ?? new Set()
      this.socketsOf.set(userId, mine.add(socket.id))
      socket.on('disconnect', () => mine.delete(socket.id))
      const handle = (event: string, work: (input: Sent) => Promise<Reply>) =>
        socket.on(event, (input: Sent, answer: Answer) => {
          work(input).then(answer, () => answer({ ok: false, error: { code: 'INTERNAL' } }))
        })
      handle('sendMessage', (input) => this.send(namespace, userId, input))
      handle('markMessagesRead', (input) => this.read(namespace, userId, input))
      handle('ping', async () => {
        const lastSeen = new Date()
        await this.prisma.user.update({ where: { id: userId }, data: { lastSeen } })
        return { ok: true, data: { lastSeen } }
      })
      handle('typing', async ({ roomId }) => {
        socket.to(roomId).emit('typing', { roomId, userId, on: true })
        return { ok: true, data: {} }
      })
    })
  }

  /** Its rooms are joined before CONNECT is answered, so that the load generator may begin. */
  private async authenticate(socket: Socket, audience: '/chat' | '/notifications'): Promise<void> {
    const { userId } = this.tokens.verify(socket.handshake.auth.token, audience)
    socket.data.user = await this.prisma.user.findUniqueOrThrow({ where: { id: userId } })
    if (audience === '/notifications') return
    const rooms = await this.prisma.participant.findMany({ where: { userId }, include: { room: true } })
    await socket.join(rooms.map(({ roomId }) => roomId))
    socket.to(rooms.map(({ roomId }) => roomId)).emit('userStatus', { userId, isOnline: true })
  }

  private async send(namespace: Namespace, senderId: string, { roomId, message, clientId }: Sent): Promise<Reply> {
    const { prisma } = this
    const room = await prisma.room.findFirst({ where: { id: roomId, participants: { some: { userId: senderId } } } })
    if (!room) return { ok: false, error: { code: 'NOT_FOUND' } }
    const seq = (this.places.get(roomId) ?? 0) + 1
    this.places.set(roomId, seq)
    const data = { id: randomUUID(), roomId, seq, rev: seq, senderId, clientId, message }
    const created = await prisma.message.create({ data })
    namespace.to(roomId).emit('receiveMessage', created)
    prisma.room.update({ where: { id: roomId }, data: { updatedAt: created.createdAt } }).catch(() => {})
    return { ok: true, data: created }
  }

  private async read(namespace: Namespace, userId: string, { roomId }: Sent): Promise<Reply> {
    const lastReadSeq = this.places.get(roomId) ?? 0
    await this.prisma.participant.update({ where: { roomId_userId: { roomId, userId } }, data: { lastReadSeq } })
    namespace.to(roomId).emit('messagesRead', { roomId, userId, lastReadSeq })
    return { ok: true, data: { roomId, userId, lastReadSeq } }
  }
}

await guard<PeerReady>(async () => {
  const { DATABASE_URL = '', SESSION_TOKEN_SECRET = '' } = process.env
  const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: DATABASE_URL, max: 10 }) })
  const monolith = new Monolith(prisma, createSessionTokens(onlyKey(SESSION_TOKEN_SECRET)))
  const http = createServer()
  const io = new Server(http, { serveClient: false })
  monolith.serve(io.of('/chat'), '/chat')
  monolith.serve(io.of('/notifications'), '/notifications')
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo // a TCP server's address is always this
  return { ready: { port }, answer: async () => heldBytes(), stop: async () => {} }
})
