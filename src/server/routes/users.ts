import type { FastifyInstance } from 'fastify'
import { statusQueries } from '@/contracts/presence'
import { requireServiceKey } from '@/lib/auth/serviceKey'
import { service } from '@/lib/pipeline/caller'
import type { HandlerTable } from '@/lib/pipeline/handlers'
import type { PipelineDeps } from '@/lib/pipeline/runCommand'
import type { ChatPresenceService } from '@/services/presence/ChatPresenceService'
import { registerServiceRoute } from './serviceRoute'

export interface UserRoutesDeps {
  pipeline: PipelineDeps
  serviceKey: string
  presence: ChatPresenceService
}

/** Who is online, for other services (requirements 003). */
export function registerUserRoutes(server: FastifyInstance, { pipeline, serviceKey, presence }: UserRoutesDeps): void {
  const handlers: HandlerTable<typeof statusQueries> = {
    usersOnline: (_, { cursor }) => presence.online(cursor),
    userStatus: (_, { userId }) => presence.status(userId),
    userStatusBulk: (_, { userIds }) => presence.bulk(userIds),
  }
  const authenticate = async ({ headers }: { headers: { authorization?: string | undefined } }) => {
    requireServiceKey(headers.authorization, serviceKey)
    return service
  }
  for (const [name, handler] of Object.entries(handlers)) {
    // The table has exactly these names.
    registerServiceRoute(server, { pipeline, authenticate }, statusQueries[name as keyof typeof statusQueries], handler)
  }
}
