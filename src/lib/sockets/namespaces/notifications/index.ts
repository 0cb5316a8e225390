import { type NotificationCommands, notificationCommands } from '@/contracts/notifications'
import type { HeartbeatService } from '@/services/chat/HeartbeatService'
import { BaseNamespace, type NamespaceDeps } from '../../core/BaseNamespace'
import type { NotificationsSocket } from '../../core/sockets'
import { type NotificationsServices, notificationSocketHandlers } from './handlers'

/** `/notifications`: everything is told to a person's own room, which the base has joined. */
export class NotificationsNamespace extends BaseNamespace<NotificationCommands, NotificationsSocket> {
  constructor(
    deps: NamespaceDeps,
    private readonly services: NotificationsServices & { heartbeat: HeartbeatService },
  ) {
    super('/notifications', notificationCommands, deps, 'Notifications')
  }

  protected handlers() {
    return notificationSocketHandlers(this.services)
  }

  protected async prepare(): Promise<void> {}
}
