import type { NotificationCommands } from '@/contracts/notifications'
import type { SocketTable } from '@/lib/pipeline/createEventHandler'
import type { HeartbeatService } from '@/services/chat/HeartbeatService'
import type { NotificationService } from '@/services/notifications/NotificationService'
import type { ChatPresenceService } from '@/services/presence/ChatPresenceService'
import type { NotificationsSocket } from '../../core/sockets'

/** What both transports need. */
export interface NotificationsServices {
  notifications: NotificationService
  presence: ChatPresenceService
}

/** The commands that `/notifications` and HTTP share. */
export const notificationHandlers = ({ notifications, presence }: NotificationsServices) =>
  ({
    markAsRead: ({ user }, { notificationId, read }) => notifications.setRead(user, notificationId, read),

    markAllAsRead: ({ user }) => notifications.markAllRead(user),

    deleteNotification: ({ user }, { notificationId }) => notifications.delete(user, notificationId),

    clearAll: ({ user }) => notifications.clear(user),

    subscribe: ({ user }, topic) => notifications.subscribe(user, topic),

    unsubscribe: ({ user }, topic) => notifications.unsubscribe(user, topic),

    'presence:sync': {
      handle: ({ user }, input) => presence.sync(user, input?.ids),
      async onSocket({ socket }, _input, handle) {
        const statuses = await handle()
        socket.emit('presence:sync', statuses)
        return statuses
      },
    },
  }) satisfies Partial<SocketTable<NotificationCommands, NotificationsSocket>>

/** All commands of `/notifications`. */
export const notificationSocketHandlers = ({
  heartbeat,
  ...services
}: NotificationsServices & { heartbeat: HeartbeatService }): SocketTable<
  NotificationCommands,
  NotificationsSocket
> => ({
  ...notificationHandlers(services),
  ping: { socketOnly: ({ socket, user }, input) => heartbeat.ping(user, socket.id, input, 'notifications') },
})
