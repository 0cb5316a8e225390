import { notificationCommands } from '@/contracts/notifications'
import { route } from '@/server/web/routes'

export const GET = route(notificationCommands['presence:sync'])
