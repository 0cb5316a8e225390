import type { HistoryPoint, Instance, Metrics } from '@/contracts/admin'

/** Figures of a process with nothing wrong; a test changes what it is about. */
export const wellMetrics = (): Metrics => ({
  connections: { total: 40, chat: 20, notifications: 19, admin: 1, rate: { '1m': 3 } },
  disconnections: { rate: { '1m': 2 } },
  events: {
    inbound: { count: 1_200 },
    outbound: { count: 3_400 },
    throughput: { '1m': 12.3 },
    latency: { avg: 4.2, by_type: { sendMessage: { count: 200, avg: 6.5 }, ping: { count: 1_000, avg: 1.5 } } },
    errors: { count: 3, by_code: { FORBIDDEN: 1, RATE_LIMITED: 2 } },
    by_type: { sendMessage: 200, receiveMessage: 900, ping: 1_000 },
  },
  rooms: {
    total: 30,
    by_prefix: { room: 12, user: 9, topic: 1, session: 8 },
    avg_size: 2.4,
    largest: { name: 'room:r1', size: 12 },
  },
  presence: { online: 20, away: 4, stale_clients: 0 },
  redis: { configured: true, connected: true, latency: 0.8 },
  jobs: { waiting: 0, running: 1, failed: 0 },
  server: { uptime: 7_500, memory: { heap: 90e6, heap_total: 120e6, rss: 200e6 }, event_loop_delay: 11 },
})

export const instance = (id: string, change: Partial<Instance> = {}): Instance => ({
  id,
  status: 'ok',
  namespaces: ['/chat', '/notifications', '/admin'],
  at: '2026-01-01T12:00:00.000Z',
  metrics: wellMetrics(),
  ...change,
})

/** One point `seconds` after noon. */
export const point = (seconds: number, change: Partial<HistoryPoint> = {}): HistoryPoint => ({
  at: new Date(Date.parse('2026-01-01T12:00:00.000Z') + seconds * 1_000).toISOString(),
  inbound: 1,
  outbound: 2,
  latency: 4,
  connections: 40,
  ...change,
})
