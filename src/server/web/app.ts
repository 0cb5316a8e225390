import { randomUUID } from 'node:crypto'
import { createBrowserSessions } from '@/lib/auth/lucia'
import { argon2Passwords } from '@/lib/auth/passwords'
import { createSessionTokens } from '@/lib/auth/sessionToken'
import { ChangeOrigin } from '@/lib/bus/ChangeOrigin'
import { createDatabase } from '@/lib/db/database'
import { PrismaIdempotency } from '@/lib/db/repositories/PrismaIdempotency'
import { PrismaMessageRepository } from '@/lib/db/repositories/PrismaMessageRepository'
import { PrismaNotificationRepository } from '@/lib/db/repositories/PrismaNotificationRepository'
import { PrismaRoomRepository } from '@/lib/db/repositories/PrismaRoomRepository'
import { PrismaUserRepository } from '@/lib/db/repositories/PrismaUserRepository'
import type { RuntimeConfig } from '@/lib/env/config'
import { loadRuntimeConfig } from '@/lib/env/runtime'
import { createLogger, isConsoleRead } from '@/lib/logger/createLogger'
import type { RouteApp } from '@/lib/pipeline/createRoute'
import { createRateLimiter } from '@/lib/rate-limit/createRateLimiter'
import { RedisLink } from '@/lib/redis/RedisLink'
import { InMemoryActiveUsersStore } from '@/lib/sockets/presence/InMemoryActiveUsersStore'
import { PresenceLeases } from '@/lib/sockets/presence/presenceLeases'
import { RedisActiveUsersStore } from '@/lib/sockets/presence/RedisActiveUsersStore'
import { silentPublisher } from '@/services/chat/ports'
import { silentNotificationPublisher } from '@/services/notifications/ports'
import type { Logger } from '@/services/shared/Logger'
import { AuthService } from '@/services/users/AuthService'
import { UserDirectory } from '@/services/users/UserDirectory'
import { createServices } from '../createServices'
import { webHandlers } from './handlers'
import { WebProcessMetrics } from './metrics'

/** Everything the web process is made of. */
export interface WebApp extends RouteApp {
  config: RuntimeConfig
  userRepository: PrismaUserRepository
  metrics: WebProcessMetrics
}

/** How long Redis is waited for at the first request, in milliseconds; without it the process serves all the same. */
const REDIS_START_MS = 1_000

/** Who is connected to the socket processes; this one has no connections of its own. */
const readPresence = (redis: RedisLink, logger: Logger): RedisActiveUsersStore =>
  new RedisActiveUsersStore({
    leases: new PresenceLeases(redis.commands),
    own: new InMemoryActiveUsersStore(),
    link: redis,
    onExpired: () => {},
    logger,
  })

async function createWebApp(): Promise<WebApp> {
  const config = await loadRuntimeConfig(process.env)
  const rootLogger = createLogger({
    service: 'web',
    level: config.logLevel,
    dir: config.logDir,
    pretty: isConsoleRead(process.env, process.stdout),
  })
  const logger = rootLogger.scope('Web')
  const metrics = new WebProcessMetrics({ config, logger, logFailures: () => rootLogger.failures })
  const database = (poolSize: number) =>
    createDatabase({ url: config.databaseUrl, poolSize, logger, applicationName: 'tandem-web' })
  const db = database(config.databasePoolSize)
  const redis = config.redisUrls.length > 0 ? new RedisLink({ urls: config.redisUrls, logger }) : undefined
  await redis?.start(REDIS_START_MS)
  const origin = new ChangeOrigin(`web:${randomUUID()}`)
  const users = new PrismaUserRepository(db)
  const sessions = createBrowserSessions(db, { secure: config.publicUrl.startsWith('https:'), origin })
  const limiter = createRateLimiter({
    limits: config.rateLimits,
    redis: redis?.commands,
    logger,
    onDecision: (module, decision) => metrics.series.rateLimits.inc({ module, decision }),
  })
  const services = {
    config,
    logger,
    sessions,
    signInLimit: limiter.signIn,
    tokens: createSessionTokens(config.sessionTokenSecret),
    auth: new AuthService({ users, passwords: argon2Passwords, sessions }),
    users: new UserDirectory(users),
    ...createServices({
      messages: new PrismaMessageRepository(db, database(1), origin),
      rooms: new PrismaRoomRepository(db, origin),
      users,
      notifications: new PrismaNotificationRepository(db.prisma, origin),
      idempotency: new PrismaIdempotency(db, origin),
      chatPublisher: silentPublisher,
      notificationPublisher: silentNotificationPublisher,
      activeUsers: redis && readPresence(redis, logger),
      commandTimeoutMs: config.commandTimeoutMs,
      logger,
    }),
  }
  return {
    config,
    allowedOrigins: config.allowedOrigins,
    pipeline: { logger, rateLimit: limiter.count, commandTimeoutMs: config.commandTimeoutMs },
    handlers: webHandlers(services),
    metrics,
    observeRequest: metrics.requestDone,
    sessions,
    serviceKey: config.serviceKey,
    trustedProxyHops: config.trustedProxyHops,
    userRepository: users,
  }
}

// Next evaluates a module several times (routes, pages, instrumentation); the process has one app all the same.
const holder: { tandemWebApp?: Promise<WebApp> | undefined } = globalThis as typeof holder // its own key, nobody else's

/** The process's one app, made at the first use. A failure is not kept: the next use tries again. */
export function webApp(): Promise<WebApp> {
  holder.tandemWebApp ??= createWebApp().catch((error: unknown) => {
    holder.tandemWebApp = undefined
    throw error
  })
  return holder.tandemWebApp
}
