import type { HistoryPoint, Metrics } from '@/contracts/admin'
import { HISTORY_STEP_MS } from './History'
import type { InstanceReport } from './InstancePeers'
import { decodePeople } from './peopleSet'

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
const round = (value: number): number => Math.round(value * 100) / 100

/** Several processes as one. A room that has sockets on two of them counts on each; a person counts once. */
export function mergeMetrics(reports: readonly InstanceReport[]): Metrics {
  const all = reports.map(({ instance }) => instance.metrics)
  const total = (pick: (metrics: Metrics) => number) => round(sum(all.map(pick)))
  const most = (pick: (metrics: Metrics) => number) => Math.max(0, ...all.map(pick))
  const weighted = (pick: (metrics: Metrics) => number, weight: (metrics: Metrics) => number) => {
    const weights = sum(all.map(weight))
    return weights === 0 ? 0 : round(sum(all.map((metrics) => pick(metrics) * weight(metrics))) / weights)
  }
  return {
    connections: {
      total: total((m) => m.connections.total),
      chat: total((m) => m.connections.chat),
      notifications: total((m) => m.connections.notifications),
      admin: total((m) => m.connections.admin),
      rate: { '1m': total((m) => m.connections.rate['1m']) },
    },
    disconnections: { rate: { '1m': total((m) => m.disconnections.rate['1m']) } },
    events: {
      inbound: { count: total((m) => m.events.inbound.count) },
      outbound: { count: total((m) => m.events.outbound.count) },
      throughput: { '1m': total((m) => m.events.throughput['1m']) },
      latency: {
        avg: weighted(
          (m) => m.events.latency.avg,
          (m) => m.events.throughput['1m'],
        ),
        by_type: mergeTimes(all.map((metrics) => metrics.events.latency.by_type)),
      },
      errors: {
        count: total((m) => m.events.errors.count),
        by_code: sumRecords(all.map((metrics) => metrics.events.errors.by_code)),
      },
      by_type: sumRecords(all.map((metrics) => metrics.events.by_type)),
    },
    rooms: {
      total: total((m) => m.rooms.total),
      by_prefix: {
        room: total((m) => m.rooms.by_prefix.room),
        user: total((m) => m.rooms.by_prefix.user),
        topic: total((m) => m.rooms.by_prefix.topic),
        session: total((m) => m.rooms.by_prefix.session),
      },
      avg_size: weighted(
        (m) => m.rooms.avg_size,
        (m) => m.rooms.total,
      ),
      largest: all
        .map((metrics) => metrics.rooms.largest)
        .reduce((largest, room) => (room && room.size > (largest?.size ?? 0) ? room : largest), null),
    },
    presence: { ...mergePeople(reports), stale_clients: total((m) => m.presence.stale_clients) },
    redis: {
      configured: all.some((metrics) => metrics.redis.configured),
      connected: all.length > 0 && all.every((metrics) => metrics.redis.connected),
      latency: all.reduce<number | null>(
        (worst, { redis }) => (redis.latency === null ? worst : Math.max(worst ?? 0, redis.latency)),
        null,
      ),
    },
    // Each tells of all: the newest look is as good as any.
    jobs: all.reduce<Metrics['jobs']>((known, { jobs }) => known ?? jobs, null),
    server: {
      uptime: most((m) => m.server.uptime),
      memory: {
        heap: total((m) => m.server.memory.heap),
        heap_total: total((m) => m.server.memory.heap_total),
        rss: total((m) => m.server.memory.rss),
      },
      event_loop_delay: most((m) => m.server.event_loop_delay),
    },
  }
}

/** Whoever is here on one process is here; away is who is away wherever they are connected. */
function mergePeople(reports: readonly InstanceReport[]): { online: number; away: number } {
  const here = new Set(reports.flatMap(({ people }) => decodePeople(people.here)))
  const away = new Set(reports.flatMap(({ people }) => decodePeople(people.away)))
  let onlyAway = 0
  for (const person of away) if (!here.has(person)) onlyAway += 1
  return { online: here.size + onlyAway, away: onlyAway }
}

type Times = Metrics['events']['latency']['by_type']

/** Each average counts by how many commands it is the average of. */
function mergeTimes(records: readonly Times[]): Times {
  const merged: Times = {}
  for (const [event, { count, avg }] of records.flatMap((record) => Object.entries(record))) {
    const before = merged[event] ?? { count: 0, avg: 0 }
    const both = before.count + count
    merged[event] = { count: both, avg: both === 0 ? 0 : (before.count * before.avg + count * avg) / both }
  }
  for (const time of Object.values(merged)) time.avg = round(time.avg)
  return merged
}

function sumRecords(records: readonly Record<string, number>[]): Record<string, number> {
  const total: Record<string, number> = {}
  for (const record of records) {
    for (const [key, value] of Object.entries(record)) total[key] = (total[key] ?? 0) + value
  }
  return total
}

/** Several processes' points as one line: those of the same five seconds are added up, oldest first. */
export function mergeHistory(histories: readonly (readonly HistoryPoint[])[]): HistoryPoint[] {
  const steps = new Map<number, HistoryPoint[]>()
  for (const point of histories.flat()) {
    const step = Math.floor(Date.parse(point.at) / HISTORY_STEP_MS)
    const points = steps.get(step)
    if (points) points.push(point)
    else steps.set(step, [point])
  }
  return [...steps].sort(([a], [b]) => a - b).map(([, points]) => addPoints(points))
}

function addPoints(points: readonly HistoryPoint[]): HistoryPoint {
  const inbound = sum(points.map((point) => point.inbound))
  const latency = inbound === 0 ? 0 : sum(points.map((point) => point.latency * point.inbound)) / inbound
  return {
    at: points.reduce((latest, { at }) => (at > latest ? at : latest), ''),
    inbound: round(inbound),
    outbound: round(sum(points.map((point) => point.outbound))),
    latency: round(latency),
    connections: sum(points.map((point) => point.connections)),
  }
}
