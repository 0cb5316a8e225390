import { notificationCommands } from '@/contracts/notifications'
import { route } from '@/server/web/routes'

export const PUT = route(notificationCommands.subscribe)
export const DELETE = route(notificationCommands.unsubscribe)
