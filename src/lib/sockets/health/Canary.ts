import { randomUUID } from 'node:crypto'
import type { CanaryReport } from '@/contracts/admin'
import { AppError } from '@/contracts/errors'
import type { SendMessage } from '@/services/chat/ChatMessageService'
import type { Change } from '@/services/shared/changes'
import type { Logger } from '@/services/shared/Logger'
import type { SessionUser } from '@/services/shared/SessionUser'
import { socketRooms } from '../core/socketRooms'
import type { AdminNamespaceIo, AdminSocket } from '../core/sockets'

export interface CanaryDeps {
  rooms: {
    /** The hidden room of which this person is the only member. */
    roomOf(userId: string): Promise<string>
    sweep(roomId: string): Promise<void>
  }
  /** The sending of every chat message: group commit, then bus. */
  send: (user: SessionUser, message: SendMessage) => Promise<unknown>
  namespace: AdminNamespaceIo
  logger: Logger
}

/** A canary under way. */
interface Flight {
  id: string
  committedAt?: number
  publishedAt?: number
}

/**
 * A real message through the real path: group commit, `insert_messages`, bus, and by a room's broadcast to the
 * administrator's own socket. Its room is hidden and emptied afterwards.
 */
export class Canary {
  private readonly flights = new Map<string, Flight>()

  constructor(private readonly deps: CanaryDeps) {}

  /** Hears of every change before clients do. */
  readonly committed = (change: Change): void => {
    const flight = this.flightOf(change)
    if (flight) flight.committedAt = performance.now()
  }

  /** Hears of every change after clients have. */
  readonly published = (change: Change): void => {
    const flight = this.flightOf(change)
    if (!flight || change.type !== 'message') return
    this.deps.namespace.to(socketRooms.room(change.message.roomId)).emit('diagnostics:canary', { id: flight.id })
    flight.publishedAt = performance.now()
  }

  /** Resolves when the canary was published: by then the socket has been sent `diagnostics:canary`. */
  async fly(socket: AdminSocket, user: SessionUser, id: string): Promise<CanaryReport> {
    const { rooms, send, logger } = this.deps
    const sentAt = performance.now()
    const roomId = await rooms.roomOf(user.id)
    const room = socketRooms.room(roomId)
    const clientId = randomUUID()
    const flight: Flight = { id }
    this.flights.set(clientId, flight)
    await socket.join(room)
    try {
      const acceptedAt = performance.now()
      await send(user, { roomId, message: 'canary', clientId })
      const { committedAt, publishedAt } = flight
      if (committedAt === undefined || publishedAt === undefined) {
        throw new AppError('INTERNAL', { cause: 'the canary was stored and never published' })
      }
      const after = (time: number) => Math.round((time - sentAt) * 100) / 100
      return { acceptedMs: after(acceptedAt), committedMs: after(committedAt), publishedMs: after(publishedAt) }
    } finally {
      this.flights.delete(clientId)
      await socket.leave(room)
      // The next one sweeps up what this one could not.
      void rooms.sweep(roomId).catch((error: unknown) => logger.warn('a canary could not be swept up', { error }))
    }
  }

  private flightOf(change: Change): Flight | undefined {
    return change.type === 'message' ? this.flights.get(change.message.clientId) : undefined
  }
}
