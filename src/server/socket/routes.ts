import type { FastifyInstance } from 'fastify'
import { ServiceKeys } from '@/lib/auth/serviceKey'
import { createSessionTokens } from '@/lib/auth/sessionToken'
import { isStrict } from '@/lib/env/appEnv'
import type { PipelineDeps } from '@/lib/pipeline/runCommand'
import type { Readiness } from '@/lib/sockets/health/Readiness'
import { registerHealthRoutes } from '@/lib/sockets/health/routes'
import type { ChatPresenceService } from '@/services/presence/ChatPresenceService'
import type { SessionReader } from '@/services/users/ports'
import { registerAdminRoutes } from '../routes/admin'
import { registerUserRoutes } from '../routes/users'
import type { createObservability } from './observability'
import type { SocketAppConfig } from './SocketApp'

export interface RoutesDeps {
  config: SocketAppConfig
  pipeline: PipelineDeps
  port: () => number
  readiness: Readiness
  allowedOrigins: readonly string[]
  sessions: SessionReader
  presence: ChatPresenceService
  observability: ReturnType<typeof createObservability>
}

/** What port 3001 answers beside Socket.IO. */
export function registerRoutes(server: FastifyInstance, deps: RoutesDeps): void {
  const { config, pipeline, readiness, presence, observability } = deps
  const serviceKeys = new ServiceKeys(config)
  registerHealthRoutes(server, { readiness, port: deps.port, environment: config.appEnv })
  registerUserRoutes(server, { pipeline, serviceKeys, allowedOrigins: deps.allowedOrigins, presence })
  observability.registerRoutes(server, {
    isOpen: !isStrict(config.appEnv) || config.metricsPublic,
    allowLists: config.allowLists,
    serviceKeys,
  })
  registerAdminRoutes(server, {
    ...{ pipeline, serviceKeys },
    allowedOrigins: deps.allowedOrigins,
    cluster: observability.cluster,
    tokens: createSessionTokens(config.sessionTokenKeys),
    sessions: deps.sessions,
  })
}
