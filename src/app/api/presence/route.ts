import { notificationRequests } from '@/contracts/notifications'
import { route } from '@/server/web/routes'

export const GET = route.user(
  notificationRequests.presence,
  { name: 'presence', from: 'query' },
  async ({ app, user }, input) => app.presence.sync(user, input.ids),
)
