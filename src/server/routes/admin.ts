import type { FastifyInstance } from 'fastify'
import { AppError } from '@/contracts/errors'
import { adminCommands } from '@/contracts/metrics'
import { isServiceKey } from '@/lib/auth/serviceKey'
import type { SessionTokens } from '@/lib/auth/sessionToken'
import { authenticateHandshake } from '@/lib/pipeline/auth'
import { requireAllowedOrigin } from '@/lib/pipeline/origin'
import { requirePermission } from '@/lib/pipeline/permissions'
import type { ClusterView } from '@/lib/sockets/health/ClusterView'
import type { SessionReader } from '@/services/users/ports'
import { type AuthenticateRequest, type ServiceRouteDeps, serviceRoute } from './serviceRoute'

export interface AdminRoutesDeps extends ServiceRouteDeps {
  cluster: ClusterView
  tokens: SessionTokens
  sessions: SessionReader
  allowedOrigins: readonly string[]
}

/** Connections and rooms of all instances (requirements 002), for the service key or an administrator's session token. */
export function registerAdminRoutes(server: FastifyInstance, deps: AdminRoutesDeps): void {
  const { cluster } = deps
  const authenticate: AuthenticateRequest = async (request) => {
    // A page of another origin must not write with what it found out.
    if (request.method !== 'GET') requireAllowedOrigin(request.headers.origin, deps.allowedOrigins)
    const { authorization } = request.headers
    if (isServiceKey(authorization, deps.serviceKey)) return null
    const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1]
    if (token === undefined) {
      throw new AppError('UNAUTHENTICATED', {
        message: "Send the service key, or an administrator's session token: Authorization: Bearer <…>.",
      })
    }
    const user = await authenticateHandshake(deps, { token }, '/admin')
    requirePermission(user.role, 'administer')
    return user
  }
  server.get(
    '/admin/connections',
    serviceRoute(
      deps,
      'adminConnections',
      adminCommands['admin:connections'],
      (input) => cluster.connections(input),
      authenticate,
    ),
  )
  server.get(
    '/admin/rooms',
    serviceRoute(deps, 'adminRooms', adminCommands['admin:rooms'], (input) => cluster.rooms(input), authenticate),
  )
  server.post(
    '/admin/disconnect/:id',
    serviceRoute(
      deps,
      'adminDisconnect',
      adminCommands['admin:disconnect'],
      ({ id }, user) => cluster.disconnect(id, user ? `user ${user.id}` : 'a service'),
      authenticate,
    ),
  )
}
