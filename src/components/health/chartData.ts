import type { HistoryPoint } from '@/contracts/admin'

export interface ChartData {
  at: Date[]
  inbound: (number | null)[]
  outbound: (number | null)[]
  latency: (number | null)[]
}

/** Points come every 5 s; a longer silence is shown as one. */
const gapMs = 15_000

/** Columns for the charts. Where points are missing the line breaks: what nobody measured is not drawn. */
export const chartData = (history: readonly HistoryPoint[]): ChartData => {
  const data: ChartData = { at: [], inbound: [], outbound: [], latency: [] }
  const push = (at: number, point: HistoryPoint | undefined) => {
    data.at.push(new Date(at))
    data.inbound.push(point?.inbound ?? null)
    data.outbound.push(point?.outbound ?? null)
    data.latency.push(point?.latency ?? null)
  }
  let before: number | undefined
  for (const point of history) {
    const at = Date.parse(point.at)
    if (before !== undefined && at - before > gapMs) push(before + 1, undefined)
    push(at, point)
    before = at
  }
  return data
}

export interface Minute {
  /** The minute's beginning, milliseconds. */
  at: number
  inbound: number
  outbound: number
  latency: number
  connections: number
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** The same by the minute, newest first: averages, and the connections at its end. */
export const byMinute = (history: readonly HistoryPoint[]): Minute[] => {
  const minutes = new Map<number, HistoryPoint[]>()
  for (const point of history) {
    const minute = Math.floor(Date.parse(point.at) / 60_000) * 60_000
    const points = minutes.get(minute)
    if (points === undefined) minutes.set(minute, [point])
    else points.push(point)
  }
  return [...minutes]
    .map(([at, points]) => ({
      at,
      inbound: mean(points.map((point) => point.inbound)),
      outbound: mean(points.map((point) => point.outbound)),
      latency: mean(points.map((point) => point.latency)),
      connections: points.at(-1)?.connections ?? 0,
    }))
    .toReversed()
}

export interface Peaks {
  throughputNow: number
  throughputMost: number
  latencyNow: number
  latencyMost: number
}

/** What the charts come to, for a sentence. Undefined without points. */
export const peaks = (history: readonly HistoryPoint[]): Peaks | undefined => {
  const last = history.at(-1)
  if (last === undefined) return undefined
  return {
    throughputNow: last.inbound + last.outbound,
    throughputMost: Math.max(...history.map((point) => point.inbound + point.outbound)),
    latencyNow: last.latency,
    latencyMost: Math.max(...history.map((point) => point.latency)),
  }
}
