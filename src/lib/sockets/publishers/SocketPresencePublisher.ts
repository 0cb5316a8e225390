import type { PresenceMap } from '@/contracts/presence'
import type { PresencePublisher } from '@/services/presence/ports'
import { socketRooms } from '../core/socketRooms'
import type { NotificationsNamespaceIo } from '../core/sockets'

/** Most people whose changes are kept for the other processes; beyond that they see them at their next `presence:sync`. */
const KEEP_MOST = 10_000

/**
 * Changes of presence, to the sockets of all processes that the adapter reaches. What it cannot reach now (Redis is down)
 * is kept, the last state of each person, until `catchUp`.
 */
export class SocketPresencePublisher implements PresencePublisher {
  private readonly kept = new Map<string, { update: PresenceMap; audience: readonly string[] }>()

  /** @param isCutOff - whether there are other processes that cannot be reached now. */
  constructor(
    private readonly namespace: NotificationsNamespaceIo,
    private readonly isCutOff: () => boolean,
  ) {}

  changed(update: PresenceMap, audience: readonly string[]): void {
    if (audience.length === 0) return
    if (this.isCutOff()) this.keep(update, audience)
    this.emit(update, audience)
  }

  /** Tells the other processes what they missed; here it is told again, which changes nothing. */
  catchUp(): void {
    for (const { update, audience } of this.kept.values()) this.emit(update, audience)
    this.kept.clear()
  }

  private emit(update: PresenceMap, audience: readonly string[]): void {
    this.namespace.to(audience.map(socketRooms.user)).emit('presence:update', update)
  }

  private keep(update: PresenceMap, audience: readonly string[]): void {
    for (const userId of Object.keys(update)) {
      if (this.kept.size < KEEP_MOST || this.kept.has(userId)) this.kept.set(userId, { update, audience })
    }
  }
}
