import type { Notification, NotificationsSwept, NotificationUpdate } from '@/contracts/notifications'
import type { NotificationPublisher } from '@/services/notifications/ports'
import { socketRooms } from '../core/socketRooms'
import type { NotificationsNamespaceIo } from '../core/sockets'

/** Tells a person's sockets on this process. The other processes hear of it by the NOTIFY in the transaction. */
export class SocketNotificationPublisher implements NotificationPublisher {
  constructor(private readonly namespace: NotificationsNamespaceIo) {}

  created(notifications: readonly Notification[]): void {
    for (const notification of notifications) this.to(notification.userId).emit('newNotification', notification)
  }

  updated(userId: string, update: NotificationUpdate): void {
    this.to(userId).emit('notificationUpdate', update)
  }

  deleted(userId: string, id: string): void {
    this.to(userId).emit('notificationDeleted', { id })
  }

  read(userId: string, swept: NotificationsSwept): void {
    this.to(userId).emit('notificationsRead', swept)
  }

  cleared(userId: string, swept: NotificationsSwept): void {
    this.to(userId).emit('notificationsCleared', swept)
  }

  /** Whether anybody here would hear of this person's notifications. */
  hasSockets(userId: string): boolean {
    return this.namespace.adapter.rooms.has(socketRooms.user(userId))
  }

  private to(userId: string) {
    return this.namespace.local.to(socketRooms.user(userId))
  }
}
