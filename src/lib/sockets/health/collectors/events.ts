import type { Metrics } from '@/contracts/admin'
import type { MetricsCollector } from '../../core/MetricsCollector'
import type { LastMinute } from '../History'

/** `events.*` (requirements 002). */
export const collectEvents = (collector: MetricsCollector, minute: LastMinute): Metrics['events'] => ({
  inbound: { count: collector.totals.inbound },
  outbound: { count: collector.totals.outbound },
  throughput: { '1m': Math.round((minute.events / 60) * 100) / 100 },
  latency: { avg: minute.latencyAvg },
  by_type: collector.countsByType(),
})
