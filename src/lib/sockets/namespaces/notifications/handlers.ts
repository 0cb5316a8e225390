import { type NotificationCommands, notificationCommands } from '@/contracts/notifications'
import { type HandlerTable, on } from '@/lib/pipeline/createEventHandler'
import type { HeartbeatService } from '@/services/chat/HeartbeatService'
import type { NotificationService } from '@/services/notifications/NotificationService'
import type { ChatPresenceService } from '@/services/presence/ChatPresenceService'
import type { NotificationsSocket } from '../../core/sockets'

export interface NotificationsServices {
  notifications: NotificationService
  presence: ChatPresenceService
  heartbeat: HeartbeatService
}

/** The commands of `/notifications`. */
export const notificationHandlers = ({
  notifications,
  presence,
  heartbeat,
}: NotificationsServices): HandlerTable<NotificationCommands, NotificationsSocket> => ({
  markAsRead: on(notificationCommands.markAsRead, {}, ({ user }, { notificationId, read }) =>
    notifications.setRead(user, notificationId, read),
  ),

  markAllAsRead: on(notificationCommands.markAllAsRead, {}, ({ user }) => notifications.markAllRead(user)),

  deleteNotification: on(notificationCommands.deleteNotification, {}, ({ user }, { notificationId }) =>
    notifications.delete(user, notificationId),
  ),

  clearAll: on(notificationCommands.clearAll, {}, ({ user }) => notifications.clear(user)),

  subscribe: on(notificationCommands.subscribe, {}, ({ user }, topic) => notifications.subscribe(user, topic)),

  unsubscribe: on(notificationCommands.unsubscribe, {}, ({ user }, topic) => notifications.unsubscribe(user, topic)),

  ping: on(notificationCommands.ping, { limit: 'chat-ping' }, ({ socket, user }, input) =>
    heartbeat.ping(user, socket.id, input),
  ),

  'presence:sync': on(notificationCommands['presence:sync'], {}, async ({ socket, user }, input) => {
    const statuses = await presence.sync(user, input?.ids)
    socket.emit('presence:sync', statuses)
    return statuses
  }),
})
