import type { HistoryPoint } from '@/contracts/admin'
import type { Totals } from '../core/MetricsCollector'

/** A point each 5 s, for 15 minutes. */
export const HISTORY_STEP_MS = 5_000
const HISTORY_POINTS = 180
const MINUTE_MS = 60_000

/** What happened in the last minute; each amount is that of 60 s, also when the process is younger. */
export interface LastMinute {
  connections: number
  disconnections: number
  events: number
  /** Milliseconds; 0 when no command was answered. */
  latencyAvg: number
}

interface Sample {
  atMs: number
  totals: Totals
  connections: number
}

/** The ring of samples that rates and the chart are made of: two samples' difference is what happened between them. */
export class History {
  private readonly samples: Sample[] = []

  /** @param totals - counted since the start; `connections` are those open now. */
  take(atMs: number, totals: Totals, connections: number): void {
    this.samples.push({ atMs, totals: { ...totals }, connections })
    // One sample more than points: each point is a difference.
    if (this.samples.length > HISTORY_POINTS + 1) this.samples.shift()
  }

  /** The points after `sinceMs` (absent: all), oldest first. */
  points(sinceMs = Number.NEGATIVE_INFINITY): HistoryPoint[] {
    return this.samples.slice(1).flatMap((sample, index) => {
      const before = this.samples[index]
      return before && sample.atMs > sinceMs ? [toPoint(before, sample)] : []
    })
  }

  lastMinute(nowMs: number, totals: Totals): LastMinute {
    // The youngest sample that is a minute old; before there is one, everything happened within the minute.
    const before = this.samples.findLast((sample) => sample.atMs <= nowMs - MINUTE_MS)
    const spanMs = before ? nowMs - before.atMs : MINUTE_MS
    const since = (key: keyof Totals) => totals[key] - (before?.totals[key] ?? 0)
    const perMinute = (amount: number) => round((amount * MINUTE_MS) / spanMs)
    return {
      connections: perMinute(since('connections')),
      disconnections: perMinute(since('disconnections')),
      events: perMinute(since('inbound') + since('outbound')),
      latencyAvg: average(since('answeredMs'), since('answered')),
    }
  }
}

function toPoint(before: Sample, sample: Sample): HistoryPoint {
  const seconds = Math.max(1, sample.atMs - before.atMs) / 1_000
  const since = (key: keyof Totals) => sample.totals[key] - before.totals[key]
  return {
    at: new Date(sample.atMs).toISOString(),
    inbound: round(since('inbound') / seconds),
    outbound: round(since('outbound') / seconds),
    latency: average(since('answeredMs'), since('answered')),
    connections: sample.connections,
  }
}

const average = (sum: number, count: number): number => (count === 0 ? 0 : round(sum / count))
const round = (value: number): number => Math.round(value * 100) / 100
