import { notificationCommands, notificationQueries } from '@/contracts/notifications'
import { route } from '@/server/web/routes'

export const GET = route(notificationQueries.listNotifications)
export const PATCH = route(notificationCommands.markAllAsRead)
export const POST = route(notificationQueries.createNotifications)
