import { notificationQueries } from '@/contracts/notifications'
import { route } from '@/server/web/routes'

export const POST = route(notificationQueries.createTestNotification)
