import { randomUUID } from 'node:crypto'
import { createSessionTokens } from '@/lib/auth/sessionToken'
import { Bus } from '@/lib/bus/Bus'
import { Listener } from '@/lib/bus/Listener'
import { refuseDemoAccountsOnceAnswered } from '@/lib/db/refuseDemoAccounts'
import { proxyWarning } from '@/lib/http/proxyWarning'
import { Timeout } from '@/lib/pipeline/timeout'
import { createRateLimiter } from '@/lib/rate-limit/createRateLimiter'
import { createSocketServer } from '@/lib/sockets'
import { ConnectionManager } from '@/lib/sockets/core/ConnectionManager'
import { SessionGuard } from '@/lib/sockets/core/SessionGuard'
import { cutOffSlowReaders } from '@/lib/sockets/core/SlowReaderGuard'
import { typedNamespaces } from '@/lib/sockets/core/sockets'
import { createDispatcher } from '@/lib/sockets/createDispatcher'
import { FrontDoor } from '@/lib/sockets/frontDoor/FrontDoor'
import { Canary } from '@/lib/sockets/health/Canary'
import { Readiness } from '@/lib/sockets/health/Readiness'
import { localAudience } from '@/lib/sockets/localAudience'
import { Memberships } from '@/lib/sockets/Memberships'
import type { Logger } from '@/services/shared/Logger'
import { UserDirectory } from '@/services/users/UserDirectory'
import { createAudit } from '../createAudit'
import { createPresence } from '../createPresence'
import { createServices, createTurns } from '../createServices'
import { createDatabases, createMailStorage, createStorage } from '../createStorage'
import { createGraphql } from './createGraphql'
import { createJobs } from './createJobs'
import { createMailJobs } from './createMailJobs'
import { createNamespaces } from './createNamespaces'
import { createSearchIndexing } from './createSearchIndexing'
import { createHttpServer } from './httpServer'
import { createMetrics } from './metrics'
import { createObservability } from './observability'
import { createRedis } from './redis'
import { registerRoutes } from './routes'
import type { SocketApp, SocketAppConfig, SocketAppExtras } from './SocketApp'
import { inOrder } from './subsystems'

/** How often live sessions are re-checked, in milliseconds: with the query, a socket outlives its session by 5 s at most. */
const SESSION_CHECK_MS = 4_500
const READY_TIMEOUT_MS = 2_000
/** How often subscriptions look for what they were not told, in milliseconds; clients ask for heads in the same rhythm. */
const LOOK_AGAIN_MS = 25_000
const LOOK_AGAIN_WHILE_DEAF_MS = 5_000
/** What may wait for one client that does not read, in bytes. */
const SLOW_READER_BYTES = 4_000_000
/** What may wait for all clients together, in bytes; the slowest are cut off first. */
const SLOW_READERS_BYTES = 64_000_000

/** The composition root of the process on port 3001: each part is given what it needs. Serves nobody until `listen`. */
export function createSocketApp(
  config: SocketAppConfig,
  rootLogger: Logger,
  { logFailures = () => 0, isCounting = true, pushDelayMs }: SocketAppExtras = {},
): SocketApp {
  const logger = rootLogger.scope('Socket')
  const metrics = createMetrics(config.appEnv, isCounting)
  const { collector } = metrics
  const databases = createDatabases(config, 'tandem-socket', logger)
  const listener = new Listener({ databaseUrl: config.databaseUrl, logger })
  const redis = createRedis(config.redisUrls, listener, collector, rootLogger)
  const readiness = new Readiness({
    pingDatabase: () => databases.db.ping(),
    namespaces: config.socketNamespaces,
    impairment: () =>
      redis.isMissing ? 'Redis does not answer: other processes are reached through the database.' : undefined,
    timeoutMs: READY_TIMEOUT_MS,
  })
  const http = createHttpServer(logger, config.trustedProxyHops)
  const allowedOrigins = [...config.allowedOrigins, ...Object.values(config.socketPublicUrls)]
  const limiter = createRateLimiter({
    limits: config.rateLimits,
    redis: redis.link?.commands,
    logger,
    onDecision: (module, decision) => collector.recordRateLimit(module, decision),
  })
  const frontDoor = new FrontDoor({
    tokens: createSessionTokens(config.sessionTokenKeys),
    connectionLimits: config.connectionLimits,
    refusals: config.rateLimits.handshake,
    countHandshake: (sessionId) => limiter.count('handshake', sessionId),
    trustedProxyHops: config.trustedProxyHops,
    warnOfProxies: proxyWarning(config, logger),
    logger,
  })
  const io = createSocketServer({
    httpServer: http.fastify.server,
    allowedOrigins,
    isClosed: () => !readiness.isServing,
    frontDoor,
    compressFromBytes: config.socketCompressionBytes,
    redis: redis.link?.forAdapter,
  })
  cutOffSlowReaders(io, {
    limitBytes: SLOW_READER_BYTES,
    budgetBytes: SLOW_READERS_BYTES,
    logger,
    onCut: () => collector.recordSlowReader(),
  })
  metrics.countOutbound(io)
  const { chat, notifications, admin } = typedNamespaces(io)

  const bus = new Bus({
    process: `socket:${randomUUID()}`,
    db: databases.db,
    listener,
    redis: redis.link,
    audience: localAudience(chat, notifications),
    onFailure: (way) => collector.recordPublishFailure(way),
    logger,
  })
  const storage = createStorage(databases, bus, config)
  const audit = createAudit(storage.audit, logger)
  const presence = createPresence({ users: storage.users, redis: redis.link, publish: bus.publish, logger })
  const services = createServices({
    ...storage,
    publish: bus.publish,
    presence: presence.service,
    hasMail: config.mail !== undefined,
    commandTimeoutMs: config.commandTimeoutMs,
    observer: metrics.services,
  })

  const memberships = new Memberships({
    chat,
    rooms: storage.rooms,
    viewsOf: (roomId, userIds) => services.rooms.viewsOf(roomId, userIds),
    logger,
  })
  const connections = new ConnectionManager(presence.activeUsers)
  const guard = new SessionGuard({ connections, sessions: storage.sessions, logger, intervalMs: SESSION_CHECK_MS })
  const canary = new Canary({
    rooms: storage.canaryRooms,
    send: (user, message) => services.messages.send(user, message),
    namespace: admin,
    logger,
  })
  bus.onChange(canary.committed)
  bus.onChange(
    createDispatcher({
      chat,
      notifications,
      memberships,
      viewsOfRoom: (roomId, userIds) => services.groups.viewsOf(roomId, userIds),
      presenceOfEachOther: (userIds) => presence.service.ofEachOther(userIds),
      endSession: (sessionId) => guard.end(sessionId),
      recheckUser: (userId) => guard.checkUser(userId),
      logger,
    }),
  )
  bus.onChange(canary.published)
  const mail = config.mail && createMailStorage(databases, bus, config)
  const jobs = createJobs({
    mail:
      config.mail &&
      mail &&
      createMailJobs({
        ...{ config, mailConfig: config.mail, storage, mail, collector, logger },
        ...{ preferences: services.preferences, presence: presence.service },
      }),
    ...{ config, listener, collector, logger },
    ...{ db: databases.db, deliveries: storage.deliveries, notifications: services.notifications },
    ...{ push: storage.push, inFront: (people) => presence.service.inFront(people), pushDelayMs },
  })
  bus.onChange((change) => {
    if (change.type === 'presence') jobs.notePresence(change.presence)
  })
  const indexing = createSearchIndexing(storage.search, logger)
  bus.onChange((change) => {
    if (change.type === 'message') indexing.note([change.message.roomId])
    if (change.type === 'messageUpdated') indexing.note([])
  })
  // Also what was sent to people who are not here, or nowhere at this moment.
  listener.on('announcement', (announcement) => {
    if (announcement.type === 'messages') indexing.note(announcement.rooms.map(([roomId]) => roomId))
  })
  bus.onGap(() => memberships.updateAll())

  const pipeline = {
    logger,
    rateLimit: limiter.count,
    turns: createTurns(config),
    timeout: new Timeout(config.commandTimeoutMs),
    observe: metrics.observe,
    allowLists: config.allowLists,
    noteAudit: audit.note,
  }
  const graphql = createGraphql({
    ...{ config, pipeline, chat, notifications, memberships, frontDoor, allowedOrigins, logger },
    fastify: http.fastify,
    // Whoever is not found is invited on the page.
    services: {
      ...{ ...services, presence: presence.service },
      users: new UserDirectory(storage.users, { mailsInvites: false }),
    },
    sessions: storage.sessions,
    isClosed: () => !readiness.isServing,
    sessionCheckMs: SESSION_CHECK_MS,
    lookAgainMs: () => (bus.isHealthy ? LOOK_AGAIN_MS : LOOK_AGAIN_WHILE_DEAF_MS),
    onSlowReader: () => collector.recordSlowReader(),
  })
  bus.onChange(graphql.heard)
  const observability = createObservability({
    metrics,
    io,
    served: config.socketNamespaces,
    connections,
    readiness,
    redis,
    databases,
    commitQueue: () => services.commits.waiting,
    jobs: () => jobs.counts,
    subscriptions: graphql.subscriptions,
    isListening: () => listener.isListening,
    port: () => http.port,
    logFailures,
    logger,
  })
  const namespaces = createNamespaces({
    ...{ config, io, pipeline, storage, services, memberships, presence, connections, guard, frontDoor, logger },
    admin: { ...observability, canary },
    audit: audit.connections,
    metrics: metrics.connections,
    isHearing: () => bus.isHealthy,
  })
  registerRoutes(http.fastify, {
    ...{ config, pipeline, readiness, observability, allowedOrigins },
    port: () => http.port,
    sessions: storage.sessions,
    presence: presence.service,
  })

  const parts = inOrder([
    ...[databases, audit, redis, bus, presence],
    ...[jobs, indexing],
    { start: (port) => http.listen(port, config.hosts), stop: () => http.close(() => io.close()) },
    ...[namespaces, graphql, observability],
    { start: () => refuseDemoAccountsOnceAnswered(config, logger) },
    { start: () => readiness.serve(), stop: () => readiness.drain() },
  ])
  return {
    async listen(port) {
      await parts.start(port)
      logger.info('listening', { port: http.port })
      return http.port
    },
    close: parts.stop,
  }
}
