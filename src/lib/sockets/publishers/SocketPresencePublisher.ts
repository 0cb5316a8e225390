import type { PresenceMap } from '@/contracts/presence'
import type { PresencePublisher } from '@/services/presence/ports'
import { socketRooms } from '../core/socketRooms'
import type { NotificationsNamespaceIo } from '../core/sockets'

/** Changes of presence, to the sockets of all processes that the adapter reaches. */
export class SocketPresencePublisher implements PresencePublisher {
  constructor(private readonly namespace: NotificationsNamespaceIo) {}

  changed(update: PresenceMap, audience: readonly string[]): void {
    if (audience.length > 0) this.namespace.to(audience.map(socketRooms.user)).emit('presence:update', update)
  }
}
