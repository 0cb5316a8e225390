import type { Metrics } from '@/contracts/admin'
import type { Namespace } from '@/contracts/namespaces'
import type { JobCounts } from '@/lib/jobs/JobRunner'
import type { ConnectionManager } from '../../core/ConnectionManager'
import type { MetricsCollector } from '../../core/MetricsCollector'
import type { SocketServer } from '../../core/sockets'
import type { EventLoopWatch } from '../EventLoopWatch'
import type { History } from '../History'
import { collectConnections } from './connections'
import { collectEvents } from './events'
import { collectInfrastructure, type RedisState } from './infrastructure'
import { collectPresence } from './presence'
import { collectRooms } from './rooms'

/** What the figures of one process are taken from. */
export interface CollectorSources {
  io: SocketServer
  /** The namespaces it serves. */
  served: readonly Namespace[]
  connections: ConnectionManager
  collector: MetricsCollector
  history: History
  eventLoop: EventLoopWatch
  redis: () => RedisState
  /** Those of all processes; undefined: not known. */
  jobs: () => JobCounts | undefined
}

/** The figures, and what Prometheus has besides. */
export interface Collected {
  metrics: Metrics
  roomsByNamespace: Partial<Record<Namespace, number>>
}

/** Every KPI of requirements 002, of this process: one pass over its connections and one over its rooms. */
export function collectMetrics(sources: CollectorSources): Collected {
  const now = Date.now()
  const connections = sources.connections.getAllConnections()
  const minute = sources.history.lastMinute(now, sources.collector.totals)
  const { rooms, byNamespace } = collectRooms(sources.io, sources.served)
  return {
    metrics: {
      ...collectConnections(connections, minute),
      events: collectEvents(sources.collector, minute),
      rooms,
      presence: collectPresence(connections, now),
      jobs: sources.jobs() ?? null,
      ...collectInfrastructure(sources.redis(), sources.eventLoop.delayMs(99)),
    },
    roomsByNamespace: byNamespace,
  }
}
