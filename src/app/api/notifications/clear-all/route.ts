import { notificationCommands } from '@/contracts/notifications'
import { route } from '@/server/web/routes'

export const DELETE = route(notificationCommands.clearAll)
