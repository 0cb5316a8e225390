import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { Socket } from 'node:net'
import { createSessionTokens } from '@/lib/auth/sessionToken'
import { announceChange } from '@/lib/db/announceChange'
import { createDatabase } from '@/lib/db/database'
import { wasRolledBack } from '@/lib/db/errors'
import { PrismaIdempotency } from '@/lib/db/repositories/PrismaIdempotency'
import { PrismaMessageRepository } from '@/lib/db/repositories/PrismaMessageRepository'
import { PrismaNotificationRepository } from '@/lib/db/repositories/PrismaNotificationRepository'
import { PrismaRoomRepository } from '@/lib/db/repositories/PrismaRoomRepository'
import { PrismaUserRepository } from '@/lib/db/repositories/PrismaUserRepository'
import { PrismaSessionReader } from '@/lib/db/repositories/sessions'
import type { RuntimeConfig } from '@/lib/env/config'
import { PresenceLeases } from '@/lib/redis/presenceLeases'
import { RedisLink } from '@/lib/redis/RedisLink'
import { createSocketServer, refuseOthers } from '@/lib/sockets'
import { ConnectionManager } from '@/lib/sockets/core/ConnectionManager'
import { InFlight } from '@/lib/sockets/core/InFlight'
import { SessionGuard } from '@/lib/sockets/core/SessionGuard'
import { cutOffSlowReaders } from '@/lib/sockets/core/SlowReaderGuard'
import type { ChatNamespaceIo, NotificationsNamespaceIo } from '@/lib/sockets/core/sockets'
import { Readiness } from '@/lib/sockets/health/Readiness'
import { registerHealthRoutes } from '@/lib/sockets/health/routes'
import { unlimited } from '@/lib/sockets/middleware/rateLimit'
import { ChatNamespace } from '@/lib/sockets/namespaces/chat'
import { NotificationsNamespace } from '@/lib/sockets/namespaces/notifications'
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
import { registerUserRoutes } from '../routes/users'
import { createHttpServer } from './httpServer'

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
>

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
/** What may wait for one client that does not read, in bytes. */
const SLOW_READER_BYTES = 4_000_000
/** How long clients may take to read their last answers when the process stops, in milliseconds. */
const GOODBYE_MS = 2_000
/** When clients ask for heads, in milliseconds: with the engine's heartbeat, or sooner while nothing tells us of changes. */
const PING_MS = 25_000
const PING_WHILE_DEAF_MS = 5_000

/** The composition root of the process on port 3001. Serves nobody until `listen`. */
export function createSocketApp(config: SocketAppConfig, rootLogger: Logger): SocketApp {
  const logger = rootLogger.scope('Socket')
  const redis = config.redisUrls.length > 0 ? new RedisLink({ urls: config.redisUrls, logger }) : undefined
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

  cutOffSlowReaders(io, { limitBytes: SLOW_READER_BYTES, logger })

  const own = new InMemoryActiveUsersStore()
  const leases =
    redis &&
    new RedisActiveUsersStore({
      leases: new PresenceLeases(redis.commands),
      own,
      isUp: () => redis.isUp,
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
  const services = createServices({
    messages: messageRepository,
    rooms: roomRepository,
    users,
    notifications: notificationRepository,
    idempotency: new PrismaIdempotency(db, origin),
    chatPublisher: new SocketChatPublisher(emitter, isCarried, logger),
    notificationPublisher: notifier,
    activeUsers,
    commandTimeoutMs: config.commandTimeoutMs,
    logger,
  })
  const presencePublisher = new SocketPresencePublisher(
    notificationsNamespace,
    () => redis !== undefined && !redis.isUp,
  )
  const presence = new PresenceTracker({
    activeUsers,
    repository: users,
    lastSeen: services.lastSeen,
    publisher: presencePublisher,
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
    othersDeaf: (forMs) => carrier?.othersDeaf(forMs),
    logger,
  })
  const missed = new MissedMessages({ namespace: chatNamespace, messages: messageRepository, emitter, logger })
  const listener = new ChangeListener({
    databaseUrl: config.databaseUrl,
    onChange: (change) => relay.handle(change),
    onListening: (gapMs) => {
      void repairMemberships({ namespace: chatNamespace, rooms: roomRepository, logger }).then(() => missed.look(gapMs))
    },
    logger,
  })
  const carrier: RedisCarrier | undefined =
    redis &&
    new RedisCarrier({
      link: redis,
      isListening: () => listener.isListening,
      announceDeaf: (forMs) => announceChange(db, { type: 'deaf', forMs, origin: origin.own }),
      look: (forMs) => missed.look(forMs),
      logger,
    })
  redis?.onUp(() => {
    presencePublisher.catchUp()
    void leases?.renew()
  })
  const heartbeat = new HeartbeatService({
    rooms: roomRepository,
    presence,
    nextPingMs: () => (listener.isListening && (redis?.isUp ?? true) ? PING_MS : PING_WHILE_DEAF_MS),
  })

  const inFlight = new InFlight()
  const pipeline = { logger, rateLimit: unlimited, commandTimeoutMs: config.commandTimeoutMs }
  const namespaceDeps = {
    pipeline,
    inFlight,
    connections,
    presence,
    tokens: createSessionTokens(config.sessionTokenSecret),
    sessions,
    logger,
  }
  const namespaces = [
    new ChatNamespace(namespaceDeps, { messages: services.messages, rooms: services.rooms, heartbeat }),
    new NotificationsNamespace(namespaceDeps, {
      notifications: services.notifications,
      presence: services.presence,
      heartbeat,
    }),
  ]
  const served = namespaces.filter((namespace) => config.socketNamespaces.includes(namespace.name))
  for (const namespace of served) namespace.attach(io)
  refuseOthers(
    io,
    served.map((namespace) => namespace.name),
  )

  origin.onUnanswered((change) => relay.publish(change))
  origin.onUnannounced((sinceMs) => carrier?.suspect(sinceMs))

  let listeningPort = 0
  registerHealthRoutes(http, { readiness, port: () => listeningPort, environment: config.appEnv })
  registerUserRoutes(http, { pipeline, serviceKey: config.serviceKey, presence: services.presence })

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
    await inFlight.drain()
    await services.commits.idle()
    presence.stop()
    await leases?.leave()
    await connections.closeAll(GOODBYE_MS)
    await closeHttp()
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
