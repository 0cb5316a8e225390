import type { Metrics } from '@/contracts/admin'

/** What is known of Redis without asking it now. */
export interface RedisState {
  /** Whether REDIS_URL is set. */
  configured: boolean
  connected: boolean
  /** Of its last answer; undefined while there was none. */
  latencyMs: number | undefined
}

/** `redis.*` and `server.*` (requirements 002). `eventLoopDelayMs`: the 99th percentile of the last ten seconds. */
export function collectInfrastructure(redis: RedisState, eventLoopDelayMs: number): Pick<Metrics, 'redis' | 'server'> {
  const memory = process.memoryUsage()
  return {
    redis: { configured: redis.configured, connected: redis.connected, latency: redis.latencyMs ?? null },
    server: {
      uptime: process.uptime(),
      memory: { heap: memory.heapUsed, heap_total: memory.heapTotal, rss: memory.rss },
      event_loop_delay: eventLoopDelayMs,
    },
  }
}
