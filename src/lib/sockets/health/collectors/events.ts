import type { Metrics } from '@/contracts/admin'
import type { MetricsCollector } from '../../core/MetricsCollector'
import type { LastMinute } from '../History'

/** `events.*` (requirements 002). */
export function collectEvents(collector: MetricsCollector, minute: LastMinute): Metrics['events'] {
  const byCode = collector.errorsByCode()
  return {
    inbound: { count: collector.totals.inbound },
    outbound: { count: collector.totals.outbound },
    throughput: { '1m': Math.round((minute.events / 60) * 100) / 100 },
    latency: { avg: minute.latencyAvg, by_type: collector.responseTimes() },
    errors: { count: Object.values(byCode).reduce((total, count) => total + count, 0), by_code: byCode },
    by_type: collector.countsByType(),
  }
}
