import { notificationCommands } from '@/contracts/notifications'
import { route } from '@/server/web/routes'

export const PATCH = route(notificationCommands.markAsRead)
export const DELETE = route(notificationCommands.deleteNotification)
