import { InFlight } from '@/lib/pipeline/InFlight'
import type { PipelineDeps } from '@/lib/pipeline/runCommand'
import { refuseOthers } from '@/lib/sockets'
import { Admission } from '@/lib/sockets/core/Admission'
import { Backpressure } from '@/lib/sockets/core/Backpressure'
import type { NamespaceDeps } from '@/lib/sockets/core/BaseNamespace'
import type { ConnectionManager } from '@/lib/sockets/core/ConnectionManager'
import type { ConnectionAudit } from '@/lib/sockets/core/connectionAudit'
import type { MetricsCollector } from '@/lib/sockets/core/MetricsCollector'
import type { SessionGuard } from '@/lib/sockets/core/SessionGuard'
import type { SocketServer } from '@/lib/sockets/core/sockets'
import type { FrontDoor } from '@/lib/sockets/frontDoor/FrontDoor'
import type { Memberships } from '@/lib/sockets/Memberships'
import { AdminNamespace } from '@/lib/sockets/namespaces/admin'
import type { AdminServices } from '@/lib/sockets/namespaces/admin/handlers'
import { ChatNamespace } from '@/lib/sockets/namespaces/chat'
import { NotificationsNamespace } from '@/lib/sockets/namespaces/notifications'
import { HeartbeatService } from '@/services/chat/HeartbeatService'
import type { Logger } from '@/services/shared/Logger'
import type { PresenceSubsystem } from '../createPresence'
import type { createServices } from '../createServices'
import type { Storage } from '../createStorage'
import type { SocketAppConfig } from './SocketApp'

/** Handshakes that are worked on at a time. They ask the database together, so that all of them take two of its connections. */
const HANDSHAKES_AT_ONCE = 100
const HANDSHAKE_WAIT_MS = 4_000
/** Commands that are worked on at a time: several of the largest batches of messages. */
const MOST_UNDER_WAY = 2_000
/** How long clients may take to read their last answers when the process stops, in milliseconds. */
const GOODBYE_MS = 2_000
/** When clients ask for heads, in milliseconds: with the engine's heartbeat, or sooner while nothing tells us of changes. */
const PING_MS = 25_000
const PING_WHILE_DEAF_MS = 5_000

export interface NamespacesDeps {
  config: SocketAppConfig
  io: SocketServer
  pipeline: PipelineDeps
  storage: Storage
  services: ReturnType<typeof createServices>
  memberships: Memberships
  presence: PresenceSubsystem
  connections: ConnectionManager
  guard: SessionGuard
  frontDoor: FrontDoor
  admin: AdminServices
  metrics: MetricsCollector | undefined
  audit: ConnectionAudit
  /** Whether changes are heard of at once. */
  isHearing: () => boolean
  logger: Logger
}

/** What clients connect to, and who may stay. */
export function createNamespaces(deps: NamespacesDeps) {
  const { config, io, pipeline, storage, services, presence, connections, guard, logger } = deps
  const inFlight = new InFlight()
  const heartbeat = new HeartbeatService({
    rooms: storage.rooms,
    presence: {
      seen(userId, connectionId, away) {
        connections.notePing(connectionId, away)
        return presence.tracker.seen(userId, connectionId, away)
      },
    },
    nextPingMs: () => (deps.isHearing() ? PING_MS : PING_WHILE_DEAF_MS),
  })
  const namespaceDeps: NamespaceDeps = {
    pipeline,
    inFlight,
    admission: new Admission({
      concurrency: HANDSHAKES_AT_ONCE,
      maxWaitMs: HANDSHAKE_WAIT_MS,
    }),
    // What waited longer has no time left in which to be carried out.
    backpressure: new Backpressure({ mostUnderWay: MOST_UNDER_WAY, maxWaitMs: config.commandTimeoutMs / 2 }),
    trustedProxyHops: config.trustedProxyHops,
    audit: deps.audit,
    connections,
    presence: presence.tracker,
    frontDoor: deps.frontDoor,
    tickets: storage.tickets,
    metrics: deps.metrics,
    logger,
  }
  const served = [
    new ChatNamespace(namespaceDeps, { ...services, memberships: deps.memberships, heartbeat }),
    new NotificationsNamespace(namespaceDeps, { ...services, presence: presence.service, heartbeat }),
    new AdminNamespace(namespaceDeps, deps.admin),
  ].filter(({ name }) => config.socketNamespaces.includes(name))
  for (const namespace of served) namespace.attach(io)
  refuseOthers(
    io,
    served.map(({ name }) => name),
    deps.frontDoor,
  )

  return {
    async start(): Promise<void> {
      guard.start()
    },

    /** What is under way ends; then clients are closed, so that they reconnect elsewhere. */
    async stop(): Promise<void> {
      guard.stop()
      deps.frontDoor.stop()
      await inFlight.drain()
      await services.commits.idle()
      await presence.leave()
      await connections.closeAll(GOODBYE_MS)
    },
  }
}
