import { AppError } from '@/contracts/errors'
import { notificationRequests } from '@/contracts/notifications'
import { route } from '@/server/web/routes'

export const GET = route.user(
  notificationRequests.list,
  { name: 'listNotifications', from: 'query', permission: 'receive_notifications' },
  ({ app, user }, input) => app.notifications.list(user, input),
)

export const PATCH = route.user(
  notificationRequests.markAll,
  { name: 'markAllAsRead', from: 'body', permission: 'receive_notifications' },
  ({ app, user }) => app.notifications.markAllRead(user),
)

/** For other services: `Authorization: Bearer $SERVICE_KEY`, and an `Idempotency-Key` so that a retry makes nothing twice. */
export const POST = route.service(
  notificationRequests.create,
  { name: 'createNotifications', from: 'body' },
  async ({ app, request, reply }, input) => {
    const key = request.headers.get('idempotency-key') ?? undefined
    if (key !== undefined && !/^[\x21-\x7e]{1,200}$/.test(key)) {
      throw new AppError('BAD_REQUEST', { message: 'An Idempotency-Key has 1 to 200 visible ASCII characters.' })
    }
    const created = await app.notifications.create(input, key)
    reply.status = 201
    return created
  },
)
