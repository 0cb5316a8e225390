import { randomUUID } from 'node:crypto'
import { createSessionTokens } from '@/lib/auth/sessionToken'
import { ChangeListener } from '@/lib/bus/ChangeListener'
import { ChangeOrigin } from '@/lib/bus/ChangeOrigin'
import { RedisCarrier } from '@/lib/bus/RedisCarrier'
import { announceChange } from '@/lib/db/announceChange'
import { wasRolledBack } from '@/lib/db/errors'
import { InFlight } from '@/lib/pipeline/InFlight'
import { createRateLimiter } from '@/lib/rate-limit/createRateLimiter'
import { RedisLink } from '@/lib/redis/RedisLink'
import { createSocketServer, refuseOthers } from '@/lib/sockets'
import { Admission } from '@/lib/sockets/core/Admission'
import { ConnectionManager } from '@/lib/sockets/core/ConnectionManager'
import { SessionGuard } from '@/lib/sockets/core/SessionGuard'
import { cutOffSlowReaders } from '@/lib/sockets/core/SlowReaderGuard'
import type { AdminNamespaceIo, ChatNamespaceIo, NotificationsNamespaceIo } from '@/lib/sockets/core/sockets'
import { AdapterPeers } from '@/lib/sockets/health/AdapterPeers'
import { Canary } from '@/lib/sockets/health/Canary'
import { noRedis } from '@/lib/sockets/health/collectors/infrastructure'
import { alone } from '@/lib/sockets/health/InstancePeers'
import { Readiness } from '@/lib/sockets/health/Readiness'
import { registerHealthRoutes } from '@/lib/sockets/health/routes'
import { AdminNamespace } from '@/lib/sockets/namespaces/admin'
import { ChatNamespace } from '@/lib/sockets/namespaces/chat'
import { NotificationsNamespace } from '@/lib/sockets/namespaces/notifications'
import { InMemoryActiveUsersStore } from '@/lib/sockets/presence/InMemoryActiveUsersStore'
import { PresenceLeases } from '@/lib/sockets/presence/presenceLeases'
import { RedisActiveUsersStore } from '@/lib/sockets/presence/RedisActiveUsersStore'
import { ChangeRelay } from '@/lib/sockets/publishers/ChangeRelay'
import { ChatEmitter } from '@/lib/sockets/publishers/ChatEmitter'
import { repairMemberships } from '@/lib/sockets/publishers/MembershipRepair'
import { MissedMessages } from '@/lib/sockets/publishers/MissedMessages'
import { SocketChatPublisher } from '@/lib/sockets/publishers/SocketChatPublisher'
import { SocketNotificationPublisher } from '@/lib/sockets/publishers/SocketNotificationPublisher'
import { SocketPresencePublisher } from '@/lib/sockets/publishers/SocketPresencePublisher'
import { HeartbeatService } from '@/services/chat/HeartbeatService'
import { PRESENCE_GRACE_MS } from '@/services/presence/ChatPresenceService'
import { PresenceTracker } from '@/services/presence/PresenceTracker'
import type { Logger } from '@/services/shared/Logger'
import { createServices } from '../createServices'
import { registerAdminRoutes } from '../routes/admin'
import { registerUserRoutes } from '../routes/users'
import { createHttpServer } from './httpServer'
import { createMetrics } from './metrics'
import { createObservability } from './observability'
import type { SocketApp, SocketAppConfig, SocketAppExtras } from './SocketApp'
import { createStorage } from './storage'

/** How often live sessions are re-checked, in milliseconds: with the query, a socket outlives its session by 5 s at most. */
const SESSION_CHECK_MS = 4_500
const READY_TIMEOUT_MS = 2_000
/** How long Redis is waited for at the start, in milliseconds; without it the process serves all the same. */
const REDIS_START_MS = 2_000
/** Of the database's connections, what people who come in may take from those who are in. */
const HANDSHAKE_SHARE = 0.5
const HANDSHAKE_WAIT_MS = 4_000
/** What may wait for one client that does not read, in bytes. */
const SLOW_READER_BYTES = 4_000_000
/** How long clients may take to read their last answers when the process stops, in milliseconds. */
const GOODBYE_MS = 2_000
/** When clients ask for heads, in milliseconds: with the engine's heartbeat, or sooner while nothing tells us of changes. */
const PING_MS = 25_000
const PING_WHILE_DEAF_MS = 5_000

/** The composition root of the process on port 3001. Serves nobody until `listen`. */
export function createSocketApp(
  config: SocketAppConfig,
  rootLogger: Logger,
  { logFailures = () => 0, isCounting = true }: SocketAppExtras = {},
): SocketApp {
  const logger = rootLogger.scope('Socket')
  const redis =
    config.redisUrls.length > 0
      ? new RedisLink({
          urls: config.redisUrls,
          mayHear: () => listener.isListening,
          onLost: () => collector.recordPublishFailure('redis'),
          logger,
        })
      : undefined
  const isCarried = (): boolean => carrier?.isCarrying() ?? false
  const origin = new ChangeOrigin(`socket:${randomUUID()}`, { isCarrying: isCarried, wasRolledBack })
  const storage = createStorage(config, origin, logger)

  const readiness = new Readiness({
    pingDatabase: () => storage.db.ping(),
    namespaces: config.socketNamespaces,
    impairment: () =>
      redis && !redis.isUp ? 'Redis does not answer: other processes are reached through the database.' : undefined,
    timeoutMs: READY_TIMEOUT_MS,
  })
  const http = createHttpServer(logger)
  const allowedOrigins = [...config.allowedOrigins, ...Object.values(config.socketPublicUrls)]
  const io = createSocketServer({
    httpServer: http.fastify.server,
    allowedOrigins,
    isClosed: () => !readiness.isServing,
    redis: redis?.forAdapter,
  })

  const peers = redis ? new AdapterPeers({ io, isUp: () => redis.isUp, logger }) : alone
  const metrics = createMetrics(config.appEnv, isCounting, io)
  const { collector } = metrics
  cutOffSlowReaders(io, { limitBytes: SLOW_READER_BYTES, logger, onCut: () => collector.recordSlowReader() })

  const own = new InMemoryActiveUsersStore()
  const leases =
    redis &&
    new RedisActiveUsersStore({
      leases: new PresenceLeases(redis.commands),
      own,
      link: redis,
      onExpired: (userIds) => void presence.expired(userIds),
      logger,
    })
  const activeUsers = leases ?? own
  const connections = new ConnectionManager(activeUsers)
  // The events this namespace speaks are its contract's; Socket.IO knows it by its name only.
  const chatNamespace = io.of('/chat') as unknown as ChatNamespaceIo
  const emitter = new ChatEmitter({
    namespace: chatNamespace,
    loadRoom: (userId, roomId) => services.rooms.load(userId, roomId),
    logger,
  })
  // The events this namespace speaks are its contract's, as above.
  const notificationsNamespace = io.of('/notifications') as unknown as NotificationsNamespaceIo
  const notifier = new SocketNotificationPublisher(notificationsNamespace)
  // The events this namespace speaks are its contract's, as above.
  const adminNamespace = io.of('/admin') as unknown as AdminNamespaceIo
  const canary = new Canary(() => ({
    rooms: storage.canaryRooms,
    send: (user, message) => services.messages.send(user, message),
    namespace: adminNamespace,
    logger,
  }))
  const services = createServices({
    ...storage,
    chatPublisher: canary.watch(
      new SocketChatPublisher(emitter, isCarried, logger, () => collector.recordPublishFailure('local')),
    ),
    notificationPublisher: notifier,
    activeUsers,
    commandTimeoutMs: config.commandTimeoutMs,
    logger,
    observer: metrics.services,
  })
  const presence = new PresenceTracker({
    activeUsers,
    repository: storage.users,
    lastSeen: services.lastSeen,
    publisher: new SocketPresencePublisher(notificationsNamespace),
    isCutOff: () => redis !== undefined && !redis.isUp,
    logger,
    graceMs: PRESENCE_GRACE_MS,
  })
  const guard = new SessionGuard({ connections, sessions: storage.sessions, logger, intervalMs: SESSION_CHECK_MS })
  const relay = new ChangeRelay({
    origin,
    emitter,
    messages: storage.messages,
    rooms: storage.rooms,
    notifications: storage.notifications,
    notifier,
    endSession: (sessionId) => guard.end(sessionId),
    redisDoubted: (forMs) => carrier?.doubted(forMs),
    onFailure: () => collector.recordPublishFailure('listen'),
    logger,
  })
  const missed = new MissedMessages({ namespace: chatNamespace, messages: storage.messages, emitter, logger })
  const listener = new ChangeListener({
    databaseUrl: config.databaseUrl,
    onChange: (change) => relay.handle(change),
    onListening: (gapMs) => {
      const sinceMs = performance.now() - gapMs
      void repairMemberships({ namespace: chatNamespace, rooms: storage.rooms, logger }).then(() => {
        missed.forget()
        return missed.look(performance.now() - sinceMs)
      })
    },
    logger,
  })
  const carrier: RedisCarrier | undefined =
    redis &&
    new RedisCarrier({
      link: redis,
      isListening: () => listener.isListening,
      announceDoubt: (forMs) => announceChange(storage.db, { type: 'redisDoubted', forMs, origin: origin.own }),
      look: (forMs) => missed.look(forMs),
      logger,
    })
  redis?.onFirstUp(() => rootLogger.scope('Socket.IO').info('Redis adapter enabled'))
  let whenOthersRenewed: ReturnType<typeof setTimeout> | undefined
  redis?.onUp(() => {
    void leases?.renew()
    clearTimeout(whenOthersRenewed)
    whenOthersRenewed = setTimeout(() => void presence.repeatMissed(), PRESENCE_GRACE_MS)
  })
  const heartbeat = new HeartbeatService({
    rooms: storage.rooms,
    presence: {
      seen: (userId, connectionId, away) => {
        connections.notePing(connectionId, away)
        return presence.seen(userId, connectionId, away)
      },
    },
    nextPingMs: () => (listener.isListening && (redis?.isUp ?? true) ? PING_MS : PING_WHILE_DEAF_MS),
  })

  const inFlight = new InFlight()
  const limiter = createRateLimiter({
    limits: config.rateLimits,
    redis: redis?.commands,
    logger,
    onDecision: (module, decision) => collector.recordRateLimit(module, decision),
  })
  const pipeline = {
    logger,
    rateLimit: limiter.count,
    commandTimeoutMs: config.commandTimeoutMs,
    observe: metrics.observe,
  }
  const namespaceDeps = {
    pipeline,
    inFlight,
    admission: new Admission({
      concurrency: Math.max(2, Math.floor(config.databasePoolSize * HANDSHAKE_SHARE)),
      maxWaitMs: HANDSHAKE_WAIT_MS,
    }),
    connections,
    presence,
    tokens: createSessionTokens(config.sessionTokenSecret),
    sessions: storage.sessions,
    metrics: metrics.connections,
    logger,
  }
  const observability = createObservability({
    metrics,
    io,
    served: config.socketNamespaces,
    connections,
    readiness,
    redis: redis ? () => ({ configured: true, connected: redis.isUp, latencyMs: redis.latencyMs }) : noRedis,
    peers,
    pools: storage.pools,
    commitQueue: () => services.commits.waiting,
    isListening: () => listener.isListening,
    logFailures,
    logger,
  })
  const namespaces = [
    new ChatNamespace(namespaceDeps, { messages: services.messages, rooms: services.rooms, heartbeat }),
    new NotificationsNamespace(namespaceDeps, {
      notifications: services.notifications,
      presence: services.presence,
      heartbeat,
    }),
    new AdminNamespace(namespaceDeps, {
      cluster: observability.cluster,
      watch: observability.watch,
      canary,
      instance: observability.instance,
    }),
  ]
  const served = namespaces.filter((namespace) => config.socketNamespaces.includes(namespace.name))
  for (const namespace of served) namespace.attach(io)
  refuseOthers(
    io,
    served.map((namespace) => namespace.name),
  )

  origin.onUnanswered((change) => relay.publish(change))
  origin.onUnheard((outcome, forMs) => carrier?.unheard(outcome, forMs))

  let listeningPort = 0
  registerHealthRoutes(http.fastify, { readiness, port: () => listeningPort, environment: config.appEnv })
  const { serviceKey } = config
  registerUserRoutes(http.fastify, { pipeline, serviceKey, presence: services.presence })
  observability.registerRoutes(http.fastify, {
    isOpen: config.appEnv !== 'production' || config.metricsPublic,
    serviceKey,
  })
  registerAdminRoutes(http.fastify, { ...namespaceDeps, serviceKey, allowedOrigins, cluster: observability.cluster })

  let closing: Promise<void> | undefined
  async function shutDown(): Promise<void> {
    readiness.drain()
    guard.stop()
    observability.stop()
    await inFlight.drain()
    await services.commits.idle()
    presence.stop()
    await leases?.leave()
    await connections.closeAll(GOODBYE_MS)
    await http.close(() => io.close(), GOODBYE_MS)
    clearTimeout(whenOthersRenewed)
    carrier?.stop()
    redis?.stop()
    await services.lastSeen.flush()
    await listener.stop()
    await storage.close()
  }

  return {
    async listen(port) {
      await Promise.all([listener.start(), redis?.start(REDIS_START_MS)])
      leases?.keepAlive()
      listeningPort = await http.listen(port)
      guard.start()
      observability.start(listeningPort)
      readiness.serve()
      logger.info('listening', { port: listeningPort })
      return listeningPort
    },

    close() {
      closing ??= shutDown()
      return closing
    },
  }
}
