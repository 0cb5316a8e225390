import { notificationRequests } from '@/contracts/notifications'
import { route } from '@/server/web/routes'

export const PATCH = route.user(
  notificationRequests.setStatus,
  { name: 'markAsRead', from: 'body', permission: 'receive_notifications' },
  ({ app, user }, { id, status }) => app.notifications.setRead(user, id, status === 'read'),
)

export const DELETE = route.user(
  notificationRequests.remove,
  { name: 'deleteNotification', from: 'nothing', permission: 'receive_notifications' },
  ({ app, user }, { id }) => app.notifications.delete(user, id),
)
