import { randomUUID } from 'node:crypto'
import { type BrowserSessions, createBrowserSessions } from '@/lib/auth/lucia'
import { argon2Passwords } from '@/lib/auth/passwords'
import { createSessionTokens, type SessionTokens } from '@/lib/auth/sessionToken'
import { createDatabase } from '@/lib/db/database'
import { PrismaIdempotency } from '@/lib/db/repositories/PrismaIdempotency'
import { PrismaMessageRepository } from '@/lib/db/repositories/PrismaMessageRepository'
import { PrismaNotificationRepository } from '@/lib/db/repositories/PrismaNotificationRepository'
import { PrismaRoomRepository } from '@/lib/db/repositories/PrismaRoomRepository'
import { PrismaUserRepository } from '@/lib/db/repositories/PrismaUserRepository'
import type { RuntimeConfig } from '@/lib/env/config'
import { loadRuntimeConfig } from '@/lib/env/runtime'
import type { RouteApp } from '@/lib/http/createRoute'
import { createLogger, isConsoleRead } from '@/lib/logger/createLogger'
import { createRateLimiter, type RateLimiter } from '@/lib/rate-limit/createRateLimiter'
import type { ChatMessageService } from '@/services/chat/ChatMessageService'
import type { ChatRoomService } from '@/services/chat/ChatRoomService'
import { silentPublisher } from '@/services/chat/ports'
import type { NotificationService } from '@/services/notifications/NotificationService'
import { silentNotificationPublisher } from '@/services/notifications/ports'
import type { ChatPresenceService } from '@/services/presence/ChatPresenceService'
import { ChangeOrigin } from '@/services/shared/ChangeOrigin'
import { AuthService } from '@/services/users/AuthService'
import { UserDirectory } from '@/services/users/UserDirectory'
import { createServices } from '../createServices'

/** Everything the web process is made of. */
export interface WebApp extends RouteApp {
  config: RuntimeConfig
  auth: AuthService
  users: UserDirectory
  userRepository: PrismaUserRepository
  messages: ChatMessageService
  rooms: ChatRoomService
  notifications: NotificationService
  presence: ChatPresenceService
  sessions: BrowserSessions
  tokens: SessionTokens
  limiter: RateLimiter
}

async function createWebApp(): Promise<WebApp> {
  const config = await loadRuntimeConfig(process.env)
  const logger = createLogger({
    service: 'web',
    level: config.logLevel,
    dir: config.logDir,
    pretty: isConsoleRead(process.env, process.stdout),
  }).scope('Web')
  const database = (poolSize: number) =>
    createDatabase({ url: config.databaseUrl, poolSize, logger, applicationName: 'tandem-web' })
  const db = database(config.databasePoolSize)
  const origin = new ChangeOrigin(`web:${randomUUID()}`)
  const users = new PrismaUserRepository(db)
  const sessions = createBrowserSessions(db, { secure: config.publicUrl.startsWith('https:'), origin })
  const limiter = createRateLimiter({ limits: config.rateLimits, redis: undefined, logger })
  return {
    config,
    allowedOrigins: config.allowedOrigins,
    pipeline: { logger, rateLimit: limiter.count, commandTimeoutMs: config.commandTimeoutMs },
    sessions,
    serviceKey: config.serviceKey,
    trustedProxyHops: config.trustedProxyHops,
    limiter,
    tokens: createSessionTokens(config.sessionTokenSecret),
    auth: new AuthService({ users, passwords: argon2Passwords, sessions }),
    users: new UserDirectory(users),
    userRepository: users,
    ...createServices({
      messages: new PrismaMessageRepository(db, database(1), origin),
      rooms: new PrismaRoomRepository(db, origin),
      users,
      notifications: new PrismaNotificationRepository(db.prisma, origin),
      idempotency: new PrismaIdempotency(db, origin),
      chatPublisher: silentPublisher,
      notificationPublisher: silentNotificationPublisher,
      activeUsers: undefined,
      commandTimeoutMs: config.commandTimeoutMs,
      logger,
    }),
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
