import type { Registry } from 'prom-client'
import type { SocketMetrics } from '@/lib/metrics/socket'
import { Tally } from '@/lib/metrics/Tally'
import { type CollectorSources, collectMetrics } from './collectors'
import { isStale } from './collectors/presence'
import type { InstancePeers } from './InstancePeers'

interface PoolUse {
  open: number
  idle: number
  waiting: number
  limit: number
}

export interface PrometheusExportDeps extends CollectorSources {
  registry: Registry
  metrics: SocketMetrics
  peers: InstancePeers
  pools: Record<'main' | 'commit', () => PoolUse>
  /** Messages that wait for the group commit. */
  commitQueue: () => number
  /** Subscriptions by name. */
  subscriptions: () => ReadonlyMap<string, number>
  isListening: () => boolean
  /** Log lines that did not reach their file. */
  logFailures: () => number
}

/** Brings the gauges up to date when somebody reads them. */
export class PrometheusExport {
  private readonly logFailures: Tally

  constructor(private readonly deps: PrometheusExportDeps) {
    this.logFailures = new Tally(deps.metrics.logFailures.labels())
  }

  async refresh(): Promise<Registry> {
    this.deps.collector.sync()
    this.setConnections()
    this.setInfrastructure()
    this.deps.metrics.instances.set(await this.deps.peers.count())
    return this.deps.registry
  }

  private setConnections(): void {
    const { metrics: series, served } = this.deps
    const { metrics, roomsByNamespace } = collectMetrics(this.deps)
    const connections = this.deps.connections.getAllConnections()
    const now = Date.now()
    for (const namespace of served) {
      const here = connections.filter((connection) => connection.namespace === namespace)
      series.activeConnections.set({ namespace }, here.length)
      series.activeUsers.set({ namespace }, new Set(here.map(({ userId }) => userId)).size)
      series.activeRooms.set({ namespace }, roomsByNamespace[namespace] ?? 0)
      series.staleClients.set({ namespace }, here.filter((connection) => isStale(connection, now)).length)
    }
    series.presence.set({ state: 'online' }, metrics.presence.online)
    series.presence.set({ state: 'away' }, metrics.presence.away)
    for (const [prefix, count] of Object.entries(metrics.rooms.by_prefix)) series.rooms.set({ prefix }, count)
  }

  private setInfrastructure(): void {
    const { metrics: series, eventLoop } = this.deps
    series.uptime.set(process.uptime())
    series.commitQueue.set(this.deps.commitQueue())
    series.listening.set(this.deps.isListening() ? 1 : 0)
    series.eventLoopDelay.set({ quantile: '0.5' }, eventLoop.delayMs(50) / 1_000)
    series.eventLoopDelay.set({ quantile: '0.99' }, eventLoop.delayMs(99) / 1_000)
    for (const [pool, read] of Object.entries(this.deps.pools)) {
      const use = read()
      series.poolConnections.set({ pool, state: 'used' }, use.open - use.idle)
      series.poolConnections.set({ pool, state: 'idle' }, use.idle)
      series.poolWaiting.set({ pool }, use.waiting)
      series.poolLimit.set({ pool }, use.limit)
    }
    this.setRedis()
    this.setJobs()
    this.deps.metrics.graphqlSubscriptions.reset()
    for (const [subscription, count] of this.deps.subscriptions()) {
      this.deps.metrics.graphqlSubscriptions.set({ subscription }, count)
    }
    this.logFailures.add(this.deps.logFailures() - this.logFailures.value)
    this.logFailures.sync()
  }

  private setJobs(): void {
    const counts = this.deps.jobs()
    if (!counts) this.deps.metrics.jobs.reset()
    else for (const [state, count] of Object.entries(counts)) this.deps.metrics.jobs.set({ state }, count)
  }

  private setRedis(): void {
    const { metrics: series } = this.deps
    const redis = this.deps.redis()
    series.redisConfigured.set(redis.configured ? 1 : 0)
    // What is not configured is neither up nor down: an alert on 0 must not fire then.
    if (!redis.configured) {
      series.redisUp.remove()
      series.redisLatency.remove()
      return
    }
    series.redisUp.set(redis.connected ? 1 : 0)
    if (redis.latencyMs === undefined) series.redisLatency.remove()
    else series.redisLatency.set(redis.latencyMs / 1_000)
  }
}
