import type { FastifyInstance } from 'fastify'
import type { Namespace } from '@/contracts/namespaces'
import type { ConnectionManager } from '@/lib/sockets/core/ConnectionManager'
import type { SocketServer } from '@/lib/sockets/core/sockets'
import { AdapterPeers } from '@/lib/sockets/health/AdapterPeers'
import { ClusterView } from '@/lib/sockets/health/ClusterView'
import { type CollectorSources, collectMetrics } from '@/lib/sockets/health/collectors'
import { EventLoopWatch } from '@/lib/sockets/health/EventLoopWatch'
import { History } from '@/lib/sockets/health/History'
import { alone } from '@/lib/sockets/health/InstancePeers'
import { LocalInstance } from '@/lib/sockets/health/LocalInstance'
import { MetricsWatch } from '@/lib/sockets/health/MetricsWatch'
import { type MetricsAccess, registerMetricsRoute } from '@/lib/sockets/health/metricsRoute'
import { PrometheusExport, type PrometheusExportDeps } from '@/lib/sockets/health/PrometheusExport'
import type { Readiness } from '@/lib/sockets/health/Readiness'
import type { Logger } from '@/services/shared/Logger'
import type { Databases } from '../createStorage'
import type { SocketProcessMetrics } from './metrics'
import type { Redis } from './redis'

export interface ObservabilityDeps
  extends Pick<PrometheusExportDeps, 'commitQueue' | 'isListening' | 'logFailures' | 'subscriptions'> {
  metrics: SocketProcessMetrics
  io: SocketServer
  served: readonly Namespace[]
  connections: ConnectionManager
  readiness: Readiness
  redis: Redis
  jobs: CollectorSources['jobs']
  databases: Databases
  port: () => number
  logger: Logger
}

/** What answers questions about this process and, with the others, about all. */
export function createObservability(deps: ObservabilityDeps) {
  const { metrics, io, databases, logger } = deps
  const { link, state: redis } = deps.redis
  const peers = link ? new AdapterPeers({ io, isUp: () => link.isUp, logger }) : alone
  const sources = {
    io,
    served: deps.served,
    connections: deps.connections,
    collector: metrics.collector,
    history: new History(),
    eventLoop: new EventLoopWatch(),
    redis,
    jobs: deps.jobs,
  }
  const status = () => {
    if (deps.readiness.isDraining) return 'draining'
    const { configured, connected } = redis()
    return deps.isListening() && connected === configured ? 'ok' : 'degraded'
  }
  const local = new LocalInstance({ ...sources, status, logger: logger.scope('Admin') })
  const cluster = new ClusterView(local, peers)
  const watch = new MetricsWatch({ snapshot: (sinceMs) => cluster.snapshot(sinceMs), logger })
  const prometheus = new PrometheusExport({
    ...sources,
    peers,
    registry: metrics.registry,
    metrics: metrics.series,
    pools: { main: () => databases.db.use(), commit: () => databases.commitDb.use() },
    commitQueue: deps.commitQueue,
    isListening: deps.isListening,
    subscriptions: deps.subscriptions,
    logFailures: deps.logFailures,
  })
  return {
    cluster,
    watch,
    instance: () => local.id,

    registerRoutes(server: FastifyInstance, access: MetricsAccess): void {
      registerMetricsRoute(server, { ...access, metrics: () => collectMetrics(sources).metrics, prometheus })
    },

    async start(): Promise<void> {
      local.start(deps.port())
      peers.serve(local.id, local)
    },

    async stop(): Promise<void> {
      watch.stop()
      peers.leave()
      local.stop()
    },
  }
}
