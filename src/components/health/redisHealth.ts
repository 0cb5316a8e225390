import type { Metrics } from '@/contracts/admin'
import type { Level } from './thresholds'
import { levelOf, thresholds } from './thresholds'

export interface RedisHealth {
  state: 'unused' | 'away' | 'connected'
  word: string
  level: Level
  /** Milliseconds; null while it was not measured. */
  latency: number | null
}

/** How Redis is, judged once for the whole page. Nothing is lost without it: PostgreSQL announces changes. */
export const redisHealth = ({ redis: { configured, connected, latency } }: Pick<Metrics, 'redis'>): RedisHealth => {
  if (!configured) return { state: 'unused', word: 'Not used', level: 'well', latency: null }
  if (!connected) return { state: 'away', word: 'Away', level: 'watch', latency: null }
  const level = latency === null ? 'well' : levelOf(latency, thresholds.redisMs)
  return { state: 'connected', word: 'Connected', level, latency }
}
