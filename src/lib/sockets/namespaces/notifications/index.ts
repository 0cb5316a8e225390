import { BaseNamespace, type NamespaceDeps } from '../../core/BaseNamespace'
import type { NotificationsSocket } from '../../core/sockets'
import { type NotificationsServices, notificationHandlers } from './handlers'

/** `/notifications`: everything is told to a person's own room, which the base has joined. */
export class NotificationsNamespace extends BaseNamespace<NotificationsSocket> {
  constructor(
    deps: NamespaceDeps,
    private readonly services: NotificationsServices,
  ) {
    super('/notifications', deps, 'Notifications')
  }

  protected handlers() {
    return notificationHandlers(this.services)
  }

  protected async prepare(): Promise<void> {}
}
