import type { PingData, PingInput } from '@/contracts/chat'
import type { PresenceTracker } from '@/services/presence/PresenceTracker'
import type { SessionUser } from '@/services/shared/SessionUser'
import type { HeadsQuery, RoomRepository } from './ports'

/** Transactions that were open when the heads were read may commit this much later, in milliseconds. */
const HEADS_OVERLAP_MS = 60_000

export interface HeartbeatServiceDeps {
  rooms: RoomRepository
  presence: Pick<PresenceTracker, 'seen'>
  /** When the client should ask next, in milliseconds; sooner while a bus is known to be down. */
  nextPingMs: () => number
}

/** `ping`: "I am here", answered with the heads a client compares with what it has. */
export class HeartbeatService {
  constructor(private readonly deps: HeartbeatServiceDeps) {}

  /**
   * @param connectionId - the socket that pings; `away` is said of it alone.
   * @param answers - `rooms`: with the heads of rooms; `notifications`: without, and without reading them.
   */
  async ping(
    user: SessionUser,
    connectionId: string,
    input: PingInput,
    answers: 'rooms' | 'notifications',
  ): Promise<PingData> {
    const lastSeen = await this.deps.presence.seen(user.id, connectionId, input?.away ?? false)
    const query = answers === 'rooms' ? headsQuery(input) : 'none'
    const { asOf, rooms, gone, notifications, nextCursor } = await this.deps.rooms.heads(user.id, query)
    return {
      lastSeen: lastSeen.toISOString(),
      asOf: asOf.toISOString(),
      nextPingMs: this.deps.nextPingMs(),
      rooms,
      ...(gone === undefined ? {} : { gone }),
      notifications,
      ...(nextCursor === undefined ? {} : { nextCursor }),
    }
  }
}

function headsQuery({ asOf, paged, cursor }: NonNullable<PingInput> = {}): HeadsQuery {
  const since = asOf === undefined ? undefined : new Date(Date.parse(asOf) - HEADS_OVERLAP_MS)
  if (cursor !== undefined) return { since, page: { cursor } }
  return { since, page: paged ? 'first' : undefined }
}
