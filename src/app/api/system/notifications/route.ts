import { command } from '@/contracts/command'
import { NotificationContent, NotificationsCreated } from '@/contracts/notifications'
import { route } from '@/server/web/routes'

/** An admin's test notification, to nobody but themselves. */
export const POST = route.user(
  command(NotificationContent, NotificationsCreated),
  { name: 'createTestNotification', from: 'body', permission: 'administer' },
  async ({ app, user, reply }, content) => {
    const created = await app.notifications.create({ userId: user.id, ...content })
    reply.status = 201
    return created
  },
)
