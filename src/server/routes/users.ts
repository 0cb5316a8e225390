import type { FastifyInstance } from 'fastify'
import { statusQueries } from '@/contracts/presence'
import type { ServiceKeys } from '@/lib/auth/serviceKey'
import type { HandlerTable } from '@/lib/pipeline/handlers'
import type { PipelineDeps } from '@/lib/pipeline/runCommand'
import type { ChatPresenceService } from '@/services/presence/ChatPresenceService'
import { registerServiceRoute, type ServiceRouteDeps } from './serviceRoute'

export interface UserRoutesDeps {
  pipeline: PipelineDeps
  serviceKeys: ServiceKeys
  allowedOrigins: readonly string[]
  presence: ChatPresenceService
}

/** Who is online, for other services (requirements 003). */
export function registerUserRoutes(server: FastifyInstance, { presence, ...deps }: UserRoutesDeps): void {
  const handlers: HandlerTable<typeof statusQueries> = {
    usersOnline: (_, { cursor }) => presence.online(cursor),
    userStatus: (_, { userId }) => presence.status(userId),
    userStatusBulk: (_, { userIds }) => presence.bulk(userIds),
  }
  const authenticate: ServiceRouteDeps['authenticate'] = async ({ headers }) =>
    deps.serviceKeys.require(headers.authorization)
  for (const [name, handler] of Object.entries(handlers)) {
    // The table has exactly these names.
    const command = statusQueries[name as keyof typeof statusQueries]
    registerServiceRoute(server, { ...deps, authenticate }, command, handler)
  }
}
