import { randomUUID } from 'node:crypto'
import { createBrowserSessions } from '@/lib/auth/lucia'
import { argon2Passwords } from '@/lib/auth/passwords'
import { createSessionTokens } from '@/lib/auth/sessionToken'
import { announceOnly } from '@/lib/bus/announceOnly'
import { refuseDemoAccounts } from '@/lib/db/refuseDemoAccounts'
import { isStrict } from '@/lib/env/appEnv'
import type { RuntimeConfig } from '@/lib/env/config'
import { loadRuntimeConfig } from '@/lib/env/runtime'
import { createLogger, isConsoleRead } from '@/lib/logger/createLogger'
import type { RouteApp } from '@/lib/pipeline/createRoute'
import { createRateLimiter } from '@/lib/rate-limit/createRateLimiter'
import { RedisLink } from '@/lib/redis/RedisLink'
import { AuthService } from '@/services/users/AuthService'
import { UserDirectory } from '@/services/users/UserDirectory'
import { createAudit } from '../createAudit'
import { createPresenceReader } from '../createPresence'
import { createServices } from '../createServices'
import { createDatabases, createStorage } from '../createStorage'
import { webHandlers } from './handlers'
import { WebProcessMetrics } from './metrics'

/** Everything the web process is made of. */
export interface WebApp extends RouteApp {
  config: RuntimeConfig
  auth: AuthService
  metrics: WebProcessMetrics
}

/** How long Redis is waited for at the first request, in milliseconds; without it the process serves all the same. */
const REDIS_START_MS = 1_000

async function createWebApp(): Promise<WebApp> {
  const config = await loadRuntimeConfig(process.env)
  await refuseDemoAccounts(config)
  const rootLogger = createLogger({
    service: 'web',
    level: config.logLevel,
    dir: config.logDir,
    pretty: isConsoleRead(process.env, process.stdout),
  })
  const logger = rootLogger.scope('Web')
  const metrics = new WebProcessMetrics({ config, logger, logFailures: () => rootLogger.failures })
  const databases = createDatabases(config, 'tandem-web', logger)
  const redis = config.redisUrls.length > 0 ? new RedisLink({ urls: config.redisUrls, logger }) : undefined
  await redis?.start(REDIS_START_MS)
  const bus = announceOnly(`web:${randomUUID()}`)
  const storage = createStorage(databases, bus)
  const { users } = storage
  const secure = config.publicUrl.startsWith('https:')
  const sessions = createBrowserSessions(databases.db, { secure, announcing: bus })
  const presence = createPresenceReader({ users, redis, logger })
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
    auth: new AuthService({ users, passwords: argon2Passwords, sessions, hasDemo: !isStrict(config.appEnv) }),
    users: new UserDirectory(users),
    presence,
    ...createServices({
      ...storage,
      publish: bus.publish,
      presence,
      commandTimeoutMs: config.commandTimeoutMs,
    }),
  }
  return {
    config,
    allowedOrigins: config.allowedOrigins,
    pipeline: {
      logger,
      rateLimit: limiter.count,
      commandTimeoutMs: config.commandTimeoutMs,
      noteAudit: createAudit(storage.audit, logger).note,
    },
    handlers: webHandlers(services),
    metrics,
    observeRequest: metrics.requestDone,
    sessions,
    isSecure: secure,
    serviceKey: config.serviceKey,
    trustedProxyHops: config.trustedProxyHops,
    auth: services.auth,
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
