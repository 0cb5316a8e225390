import type { PingData } from '@/contracts/chat'
import type { PresenceTracker } from '@/services/presence/PresenceTracker'
import type { SessionUser } from '@/services/shared/SessionUser'
import type { RoomRepository } from './ports'

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

  /** @param connectionId - the socket that pings; `away` is said of it alone. */
  async ping(
    user: SessionUser,
    connectionId: string,
    input: { asOf?: string | undefined; away?: boolean | undefined } | undefined,
  ): Promise<PingData> {
    const lastSeen = await this.deps.presence.seen(user.id, connectionId, input?.away ?? false)
    const since = input?.asOf === undefined ? undefined : new Date(Date.parse(input.asOf) - HEADS_OVERLAP_MS)
    const { asOf, rooms, notifications } = await this.deps.rooms.heads(user.id, since)
    return {
      lastSeen: lastSeen.toISOString(),
      asOf: asOf.toISOString(),
      nextPingMs: this.deps.nextPingMs(),
      rooms,
      notifications,
    }
  }
}
