import type { FastifyInstance } from 'fastify'
import { statusQueries } from '@/contracts/presence'
import type { ChatPresenceService } from '@/services/presence/ChatPresenceService'
import { type ServiceRouteDeps, serviceRoute } from './serviceRoute'

/** Who is online, for other services (requirements 003). */
export function registerUserRoutes(
  server: FastifyInstance,
  deps: ServiceRouteDeps & { presence: ChatPresenceService },
): void {
  const { presence } = deps
  server.get(
    '/users/online',
    serviceRoute(deps, 'usersOnline', statusQueries.online, ({ cursor }) => presence.online(cursor)),
  )
  server.get(
    '/users/:userId/status',
    serviceRoute(deps, 'userStatus', statusQueries.status, ({ userId }) => presence.status(userId)),
  )
  server.post(
    '/users/status/bulk',
    serviceRoute(deps, 'userStatusBulk', statusQueries.bulk, ({ userIds }) => presence.bulk(userIds)),
  )
}
