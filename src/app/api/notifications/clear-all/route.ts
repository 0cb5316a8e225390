import { notificationCommands } from '@/contracts/notifications'
import { route } from '@/server/web/routes'

export const DELETE = route.user(
  notificationCommands.clearAll,
  { name: 'clearAll', from: 'nothing', permission: 'receive_notifications' },
  ({ app, user }) => app.notifications.clear(user),
)
