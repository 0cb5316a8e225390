import { randomUUID } from 'node:crypto'
import { after } from 'next/server'
import type { Identity } from '@/lib/auth/identity'
import { type BrowserSessions, createBrowserSessions } from '@/lib/auth/lucia'
import { cookieSessions } from '@/lib/auth/requestSessions'
import { createWebhookBox } from '@/lib/auth/secretBox'
import { ServiceKeys } from '@/lib/auth/serviceKey'
import { createSessionTokens } from '@/lib/auth/sessionToken'
import { announceOnly } from '@/lib/bus/announceOnly'
import { refuseDemoAccounts } from '@/lib/db/refuseDemoAccounts'
import { resealSecondFactors, resealWebhooks } from '@/lib/db/reseal'
import { isStrict } from '@/lib/env/appEnv'
import type { RuntimeConfig } from '@/lib/env/config'
import { loadRuntimeConfig } from '@/lib/env/runtime'
import { eachRequest } from '@/lib/http/eachRequest'
import { pushAddresses, refusalOf } from '@/lib/http/outgoingAddress'
import { proxyWarning } from '@/lib/http/proxyWarning'
import { createLogger, isConsoleRead } from '@/lib/logger/createLogger'
import type { RouteApp } from '@/lib/pipeline/createRoute'
import { Timeout } from '@/lib/pipeline/timeout'
import { isPublicKey } from '@/lib/push/vapid'
import { createRateLimiter } from '@/lib/rate-limit/createRateLimiter'
import { RedisLink } from '@/lib/redis/RedisLink'
import { makeWebhookSecret } from '@/lib/webhooks/signature'
// By this name: an app that Tandem is part of puts its own file in the place of it.
import { identity } from '@/server/identity'
import { AuditReader } from '@/services/audit/AuditReader'
import type { NoteAudit } from '@/services/audit/ports'
import type { ChatRoomService } from '@/services/chat/ChatRoomService'
import { PushService } from '@/services/push/PushService'
import type { AuthService } from '@/services/users/AuthService'
import type { GoogleSignIn } from '@/services/users/GoogleSignIn'
import { PeopleService } from '@/services/users/PeopleService'
import type { Registration } from '@/services/users/Registration'
import { UserDirectory } from '@/services/users/UserDirectory'
import { WebhookService } from '@/services/webhooks/WebhookService'
import { createAudit } from '../createAudit'
import { createPresenceReader } from '../createPresence'
import { createServices, createTurns } from '../createServices'
import { createDatabases, createMailStorage, createStorage } from '../createStorage'
import { type AppIdentity, createIdentity } from './createIdentity'
import { createPeople } from './createPeople'
import { type WebServices, webHandlers } from './handlers'
import { WebProcessMetrics } from './metrics'

/** Everything the web process is made of. */
export interface WebApp extends RouteApp {
  config: RuntimeConfig
  /** Of Tandem's own sign-in. */
  sessions: BrowserSessions
  /** Undefined where people sign in by Tandem's own. */
  identity: AppIdentity | undefined
  auth: AuthService
  registration: Registration
  rooms: ChatRoomService
  /** As the command of other services, for code of this process. */
  notify: WebServices['notify']
  /** Undefined where this installation has none. */
  google: GoogleSignIn | undefined
  metrics: WebProcessMetrics
  /** Lets go of everything. Serves nobody afterwards. */
  close(): Promise<void>
}

/** How long Redis is waited for at the first request, in milliseconds; without it the process serves all the same. */
const REDIS_START_MS = 1_000

async function createWebApp(given: Identity | undefined): Promise<WebApp> {
  const config = await loadRuntimeConfig(process.env)
  await refuseDemoAccounts(config)
  const rootLogger = createLogger({
    service: 'web',
    level: config.logLevel,
    dir: config.logDir,
    pretty: isConsoleRead(process.env, process.stdout),
  })
  const logger = rootLogger.scope('Web')
  const serviceKeys = new ServiceKeys(config)
  const metrics = new WebProcessMetrics({ config, serviceKeys, logger, logFailures: () => rootLogger.failures })
  const databases = createDatabases(config, 'tandem-web', logger)
  const redis = config.redisUrls.length > 0 ? new RedisLink({ urls: config.redisUrls, logger }) : undefined
  await redis?.start(REDIS_START_MS)
  const bus = announceOnly(`web:${randomUUID()}`)
  const storage = createStorage(databases, bus, config)
  const { users } = storage
  const secure = config.publicUrl.startsWith('https:')
  const sessions = createBrowserSessions(databases.db, {
    secure,
    announcing: bus,
    secondFactorForAdmins: config.secondFactorForAdmins,
  })
  const presence = createPresenceReader({ users, redis, logger })
  const limiter = createRateLimiter({
    limits: config.rateLimits,
    redis: redis?.commands,
    logger,
    onDecision: (module, decision) => metrics.series.rateLimits.inc({ module, decision }),
  })
  const appIdentity =
    given && createIdentity({ identity: given, db: databases.db, sessions, config, rateLimit: limiter.count, logger })
  const requestSessions = appIdentity ?? cookieSessions(sessions, secure)
  const mail = config.mail && createMailStorage(databases, bus, config)
  const { box, ...people } = createPeople({ config, storage, mail, sessions })
  await resealSecondFactors(databases.db, box).catch((error: unknown) =>
    logger.warn('second factors of an older secret could not be sealed anew', { error }),
  )
  const webhookBox = createWebhookBox(config.sessionTokenKeys)
  await resealWebhooks(databases.db, webhookBox).catch((error: unknown) =>
    logger.warn('secrets of webhooks that an older key had sealed could not be sealed anew', { error }),
  )
  const webhookRules = { allowPrivate: config.webhooksAllowPrivate, httpsOnly: isStrict(config.appEnv) }
  const common = createServices({
    ...storage,
    publish: bus.publish,
    presence,
    // Of people who sign in elsewhere there is no address here.
    hasMail: mail !== undefined && given === undefined,
    commandTimeoutMs: config.commandTimeoutMs,
  })
  const services: WebServices = {
    config,
    logger,
    sessions,
    requestSessions,
    identity: appIdentity,
    secure,
    signInLimit: limiter.signIn,
    resetLimit: limiter.passwordReset,
    tokens: createSessionTokens(config.sessionTokenKeys),
    ...people,
    users: new UserDirectory(users, people.registration),
    audit: new AuditReader(storage.audit),
    people: new PeopleService(storage.people),
    webhooks: new WebhookService({
      webhooks: storage.webhooks,
      refusalOf: (url) => refusalOf(url, webhookRules),
      box: webhookBox,
      makeSecret: makeWebhookSecret,
      makeId: randomUUID,
    }),
    push: new PushService({
      subscriptions: storage.push,
      publicKey: config.vapid?.publicKey ?? null,
      refusalOf: (endpoint) => refusalOf(endpoint, pushAddresses(config)),
      isPublicKey,
      makeId: randomUUID,
    }),
    presence,
    ...common,
    async notify(input, idempotencyKey) {
      await appIdentity?.know(input.userIds ?? (input.userId === undefined ? [] : [input.userId]))
      return common.notifications.create(input, idempotencyKey)
    },
  }
  const audit = createAudit(storage.audit, logger)
  const noteAudit: NoteAudit = (actor, entry) => {
    audit.note(actor, entry)
    beforeTheEnd(audit.written())
  }
  const warnOfProxies = proxyWarning(config, logger)
  const stopWarning = eachRequest(({ request }) => warnOfProxies(request))
  return {
    config,
    allowedOrigins: config.allowedOrigins,
    pipeline: {
      logger,
      rateLimit: limiter.count,
      isLimitUsedUp: limiter.isUsedUp,
      turns: createTurns(config),
      timeout: new Timeout(config.commandTimeoutMs),
      allowLists: config.allowLists,
      noteAudit,
    },
    handlers: webHandlers(services),
    metrics,
    observeRequest: metrics.requestDone,
    sessions,
    requestSessions,
    identity: appIdentity,
    isSecure: secure,
    serviceKeys,
    trustedProxyHops: config.trustedProxyHops,
    auth: people.auth,
    registration: people.registration,
    rooms: common.rooms,
    notify: services.notify,
    google: given ? undefined : people.google,
    async close() {
      stopWarning()
      await audit.written()
      redis?.stop()
      await databases.stop()
      await rootLogger.close()
    },
  }
}

/** Next waits for this when its process is told to stop. */
function beforeTheEnd(work: Promise<void>): void {
  try {
    after(work)
  } catch {
    // Outside of Next, as in tests of its routes alone, nobody ends the process.
  }
}

// Next evaluates a module several times (routes, pages, instrumentation); the process has one app all the same.
const holder: { tandemWebApp?: Promise<WebApp> | undefined } = globalThis as typeof holder // its own key, nobody else's

/** The process's one app, made at the first use. A failure is not kept: the next use tries again. */
export const webApp = (): Promise<WebApp> => startWebApp(identity)

/** The same with other people and another sign-in; where there is one already, that one. */
export function startWebApp(whose: Identity | undefined): Promise<WebApp> {
  holder.tandemWebApp ??= createWebApp(whose).catch((error: unknown) => {
    holder.tandemWebApp = undefined
    throw error
  })
  return holder.tandemWebApp
}

/** The next use makes one anew, from the configuration of that moment. A process of Next ends with its app instead. */
export async function closeWebApp(): Promise<void> {
  const app = holder.tandemWebApp
  holder.tandemWebApp = undefined
  await (await app)?.close()
}
