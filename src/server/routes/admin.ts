import type { FastifyInstance } from 'fastify'
import { adminCommands } from '@/contracts/admin'
import type { ServiceKeys } from '@/lib/auth/serviceKey'
import type { SessionTokens } from '@/lib/auth/sessionToken'
import { requireBearer } from '@/lib/pipeline/auth'
import type { PipelineDeps } from '@/lib/pipeline/runCommand'
import type { ClusterView } from '@/lib/sockets/health/ClusterView'
import { adminHandlers } from '@/lib/sockets/namespaces/admin/handlers'
import type { SessionReader } from '@/services/users/ports'
import { registerServiceRoute, type ServiceRouteDeps } from './serviceRoute'

export interface AdminRoutesDeps {
  pipeline: PipelineDeps
  serviceKeys: ServiceKeys
  cluster: ClusterView
  tokens: SessionTokens
  sessions: SessionReader
  allowedOrigins: readonly string[]
}

/** Connections and rooms of all instances (requirements 002), for the service key or an administrator's bearer. */
export function registerAdminRoutes(server: FastifyInstance, deps: AdminRoutesDeps): void {
  const authenticate: ServiceRouteDeps['authenticate'] = async (request) => {
    const { authorization } = request.headers
    return deps.serviceKeys.find(authorization) ?? requireBearer(deps, authorization, '/admin-api')
  }
  const { pipeline, allowedOrigins } = deps
  for (const [name, handler] of Object.entries(adminHandlers(deps))) {
    // The table has these names only.
    const command = adminCommands[name as keyof typeof adminCommands]
    registerServiceRoute(server, { pipeline, allowedOrigins, authenticate }, command, handler)
  }
}
