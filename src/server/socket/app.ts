import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { createSessionTokens } from '@/lib/auth/sessionToken'
import { announceChange } from '@/lib/db/announceChange'
import { createDatabase } from '@/lib/db/database'
import { wasRolledBack } from '@/lib/db/errors'
import { PrismaCanaryRooms } from '@/lib/db/repositories/PrismaCanaryRooms'
import { PrismaIdempotency } from '@/lib/db/repositories/PrismaIdempotency'
import { PrismaMessageRepository } from '@/lib/db/repositories/PrismaMessageRepository'
import { PrismaNotificationRepository } from '@/lib/db/repositories/PrismaNotificationRepository'
import { PrismaRoomRepository } from '@/lib/db/repositories/PrismaRoomRepository'
import { PrismaUserRepository } from '@/lib/db/repositories/PrismaUserRepository'
import { PrismaSessionReader } from '@/lib/db/repositories/sessions'
import type { RuntimeConfig } from '@/lib/env/config'
import { createRateLimiter } from '@/lib/rate-limit/createRateLimiter'
import { PresenceLeases } from '@/lib/redis/presenceLeases'
import { RedisLink } from '@/lib/redis/RedisLink'
import { createSocketServer, refuseOthers } from '@/lib/sockets'
import { Admission } from '@/lib/sockets/core/Admission'
import { ConnectionManager } from '@/lib/sockets/core/ConnectionManager'
import { InFlight } from '@/lib/sockets/core/InFlight'
import { SessionGuard } from '@/lib/sockets/core/SessionGuard'
import { cutOffSlowReaders } from '@/lib/sockets/core/SlowReaderGuard'
import type { AdminNamespaceIo, ChatNamespaceIo, NotificationsNamespaceIo } from '@/lib/sockets/core/sockets'
import { Canary } from '@/lib/sockets/health/Canary'
import { noRedis } from '@/lib/sockets/health/collectors/infrastructure'
import { Readiness } from '@/lib/sockets/health/Readiness'
import { registerHealthRoutes } from '@/lib/sockets/health/routes'
import { AdminNamespace } from '@/lib/sockets/namespaces/admin'
import { ChatNamespace } from '@/lib/sockets/namespaces/chat'
import { NotificationsNamespace } from '@/lib/sockets/namespaces/notifications'
import { AdapterPeers } from '@/lib/sockets/peers/AdapterPeers'
import { alone } from '@/lib/sockets/peers/InstancePeers'
import { ChangeListener } from '@/lib/sockets/publishers/ChangeListener'
import { ChangeRelay } from '@/lib/sockets/publishers/ChangeRelay'
import { ChatEmitter } from '@/lib/sockets/publishers/ChatEmitter'
import { repairMemberships } from '@/lib/sockets/publishers/MembershipRepair'
import { MissedMessages } from '@/lib/sockets/publishers/MissedMessages'
import { RedisCarrier } from '@/lib/sockets/publishers/RedisCarrier'
import { SocketChatPublisher } from '@/lib/sockets/publishers/SocketChatPublisher'
import { SocketNotificationPublisher } from '@/lib/sockets/publishers/SocketNotificationPublisher'
import { SocketPresencePublisher } from '@/lib/sockets/publishers/SocketPresencePublisher'
import { InMemoryActiveUsersStore } from '@/lib/sockets/stores/InMemoryActiveUsersStore'
import { RedisActiveUsersStore } from '@/lib/sockets/stores/RedisActiveUsersStore'
import { HeartbeatService } from '@/services/chat/HeartbeatService'
import { PRESENCE_GRACE_MS } from '@/services/presence/ChatPresenceService'
import { PresenceTracker } from '@/services/presence/PresenceTracker'
import { ChangeOrigin } from '@/services/shared/ChangeOrigin'
import type { Logger } from '@/services/shared/Logger'
import { createServices } from '../createServices'
import { registerAdminRoutes } from '../routes/admin'
import { registerUserRoutes } from '../routes/users'
import { createHttpServer } from './httpServer'
import { createMetrics } from './metrics'
import { createObservability } from './observability'

/** What the socket process can be told; the rest of the configuration is the web process's. */
export type SocketAppConfig = Pick<
  RuntimeConfig,
  | 'appEnv'
  | 'databaseUrl'
  | 'databasePoolSize'
  | 'redisUrls'
  | 'serviceKey'
  | 'sessionTokenSecret'
  | 'allowedOrigins'
  | 'socketNamespaces'
  | 'commandTimeoutMs'
  | 'metricsPublic'
  | 'rateLimits'
>

/** What the entry adds to the configuration. */
export interface SocketAppExtras {
  /** Log lines that did not reach their file. */
  logFailures?: (() => number) | undefined
  /** False: nothing is counted, to measure what counting costs. */
  isCounting?: boolean | undefined
}

export interface SocketApp {
  /** Resolves to the port; 0 asks for a free one. */
  listen(port: number): Promise<number>
  /** Not ready → commands in flight end → clients are closed so that they reconnect elsewhere → database is left. */
  close(): Promise<void>
}

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
  const database = (poolSize: number) =>
    createDatabase({ url: config.databaseUrl, poolSize, logger, applicationName: 'tandem-socket' })
  const db = database(config.databasePoolSize)
  const commitDb = database(1)
  const messageRepository = new PrismaMessageRepository(db, commitDb, origin)
  const roomRepository = new PrismaRoomRepository(db, origin)
  const sessions = new PrismaSessionReader(db)

  const readiness = new Readiness({
    pingDatabase: () => db.ping(),
    namespaces: config.socketNamespaces,
    impairment: () =>
      redis && !redis.isUp ? 'Redis does not answer: other processes are reached through the database.' : undefined,
    timeoutMs: READY_TIMEOUT_MS,
  })
  const http = createHttpServer(logger)
  const io = createSocketServer({
    httpServer: http.server,
    allowedOrigins: config.allowedOrigins,
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
  const users = new PrismaUserRepository(db)
  const notificationRepository = new PrismaNotificationRepository(db.prisma, origin)
  // The events this namespace speaks are its contract's, as above.
  const adminNamespace = io.of('/admin') as unknown as AdminNamespaceIo
  const canary = new Canary(() => ({
    rooms: new PrismaCanaryRooms(db),
    send: (user, message) => services.messages.send(user, message),
    namespace: adminNamespace,
    logger,
  }))
  const services = createServices({
    messages: messageRepository,
    rooms: roomRepository,
    users,
    notifications: notificationRepository,
    idempotency: new PrismaIdempotency(db, origin),
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
    repository: users,
    lastSeen: services.lastSeen,
    publisher: new SocketPresencePublisher(notificationsNamespace),
    isCutOff: () => redis !== undefined && !redis.isUp,
    logger,
    graceMs: PRESENCE_GRACE_MS,
  })
  const guard = new SessionGuard({ connections, sessions, logger, intervalMs: SESSION_CHECK_MS })
  const relay = new ChangeRelay({
    origin,
    emitter,
    messages: messageRepository,
    rooms: roomRepository,
    notifications: notificationRepository,
    notifier,
    endSession: (sessionId) => guard.end(sessionId),
    redisDoubted: (forMs) => carrier?.doubted(forMs),
    onFailure: () => collector.recordPublishFailure('listen'),
    logger,
  })
  const missed = new MissedMessages({ namespace: chatNamespace, messages: messageRepository, emitter, logger })
  const listener = new ChangeListener({
    databaseUrl: config.databaseUrl,
    onChange: (change) => relay.handle(change),
    onListening: (gapMs) => {
      const sinceMs = performance.now() - gapMs
      void repairMemberships({ namespace: chatNamespace, rooms: roomRepository, logger }).then(() =>
        missed.look(performance.now() - sinceMs),
      )
    },
    logger,
  })
  const carrier: RedisCarrier | undefined =
    redis &&
    new RedisCarrier({
      link: redis,
      isListening: () => listener.isListening,
      announceDoubt: (forMs) => announceChange(db, { type: 'redisDoubted', forMs, origin: origin.own }),
      look: (forMs) => missed.look(forMs),
      logger,
    })
  let whenOthersRenewed: ReturnType<typeof setTimeout> | undefined
  redis?.onUp(() => {
    void leases?.renew()
    clearTimeout(whenOthersRenewed)
    whenOthersRenewed = setTimeout(() => void presence.repeatMissed(), PRESENCE_GRACE_MS)
  })
  const heartbeat = new HeartbeatService({
    rooms: roomRepository,
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
    sessions,
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
    pools: { main: () => db.use(), commit: () => commitDb.use() },
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
  registerHealthRoutes(http, { readiness, port: () => listeningPort, environment: config.appEnv })
  const { serviceKey, allowedOrigins } = config
  registerUserRoutes(http, { pipeline, serviceKey, presence: services.presence })
  observability.registerRoutes(http, {
    isOpen: config.appEnv !== 'production' || config.metricsPublic,
    serviceKey,
  })
  registerAdminRoutes(http, { ...namespaceDeps, serviceKey, allowedOrigins, cluster: observability.cluster })

  const openSockets = new Set<Socket>()
  http.server.on('connection', (socket: Socket) => {
    openSockets.add(socket)
    socket.once('close', () => openSockets.delete(socket))
  })
  /** Closes what listens; who has not left by then (a sleeping laptop, an idle probe) is cut off. */
  async function closeHttp(): Promise<void> {
    const cutOff = setTimeout(() => {
      for (const socket of openSockets) socket.destroy()
    }, GOODBYE_MS)
    await io.close()
    await http.close()
    clearTimeout(cutOff)
  }

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
    await closeHttp()
    clearTimeout(whenOthersRenewed)
    carrier?.stop()
    redis?.stop()
    await services.lastSeen.flush()
    await listener.stop()
    await Promise.all([db.close(), commitDb.close()])
  }

  return {
    async listen(port) {
      await Promise.all([listener.start(), redis?.start(REDIS_START_MS)])
      leases?.keepAlive()
      await http.ready()
      http.server.listen(port) // every address of this machine, IPv6 where it has it
      await once(http.server, 'listening')
      const address = http.server.address()
      listeningPort = typeof address === 'object' && address ? address.port : port
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
