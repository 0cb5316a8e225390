import { expect, test } from 'vitest'
import { Metrics } from '@/contracts/admin'
import type { InstanceReport } from '@/lib/sockets/health/InstancePeers'
import { mergeMetrics } from '@/lib/sockets/health/mergeMetrics'
import { encodePeople } from '@/lib/sockets/health/peopleSet'
import { instance, wellMetrics } from '../../../components/health/samples'

/** What one process says; `change` has the figures that a test is about. */
function report(change: Partial<Metrics> = {}, here: string[] = [], away: string[] = []): InstanceReport {
  return {
    instance: instance('any', { metrics: { ...wellMetrics(), ...change } }),
    history: [],
    people: { here: encodePeople(here), away: encodePeople(away) },
  }
}

test('one process alone is what it says, people counted from their set', () => {
  const merged = mergeMetrics([report({}, ['ann'], ['bob'])])
  expect(merged).toEqual({ ...wellMetrics(), presence: { online: 2, away: 1, stale_clients: 0 } })
})

test('what is counted adds up, each kind of event by itself', () => {
  const { connections, events, rooms } = mergeMetrics([
    report(),
    report({ events: { ...wellMetrics().events, by_type: { sendMessage: 1, other: 5 } } }),
  ])
  expect(connections).toEqual({ total: 80, chat: 40, notifications: 38, admin: 2, rate: { '1m': 6 } })
  expect(events).toMatchObject({ inbound: { count: 2_400 }, outbound: { count: 6_800 }, throughput: { '1m': 24.6 } })
  expect(events.by_type).toEqual({ sendMessage: 201, receiveMessage: 900, ping: 1_000, other: 5 })
  expect(rooms).toMatchObject({ total: 60, by_prefix: { room: 24, user: 18, topic: 2, session: 16 } })
})

test('an average counts by how much it is the average of', () => {
  const busy = { ...wellMetrics().events, throughput: { '1m': 90 }, latency: { avg: 10, by_type: {} } }
  const quiet = { ...wellMetrics().events, throughput: { '1m': 10 }, latency: { avg: 110, by_type: {} } }
  const idle = { ...wellMetrics().events, throughput: { '1m': 0 }, latency: { avg: 0, by_type: {} } }
  expect(mergeMetrics([report({ events: busy }), report({ events: quiet })]).events.latency.avg).toBe(20)
  expect(mergeMetrics([report({ events: idle })]).events.latency.avg).toBe(0)
  const many = { ...wellMetrics().rooms, total: 30, avg_size: 1 }
  const few = { ...wellMetrics().rooms, total: 10, avg_size: 5 }
  expect(mergeMetrics([report({ rooms: many }), report({ rooms: few })]).rooms.avg_size).toBe(2)
})

test('the time of a command is that of all its answers, and errors add up by code', () => {
  const { events } = wellMetrics()
  const other = {
    ...events,
    latency: { avg: 1, by_type: { sendMessage: { count: 600, avg: 2.5 }, joinRoom: { count: 1, avg: 9 } } },
    errors: { count: 4, by_code: { RATE_LIMITED: 3, TIMEOUT: 1 } },
  }
  const merged = mergeMetrics([report(), report({ events: other })]).events
  expect(merged.latency.by_type).toEqual({
    sendMessage: { count: 800, avg: 3.5 },
    ping: { count: 1_000, avg: 1.5 },
    joinRoom: { count: 1, avg: 9 },
  })
  expect(merged.errors).toEqual({ count: 7, by_code: { FORBIDDEN: 1, RATE_LIMITED: 5, TIMEOUT: 1 } })
})

test('what an older process says of itself is understood, without what it does not know', () => {
  const { events, ...rest } = wellMetrics()
  const { errors: _, latency, ...olderEvents } = events
  const older = Metrics.parse({ ...rest, events: { ...olderEvents, latency: { avg: latency.avg } } })
  expect(older.events).toMatchObject({ latency: { avg: 4.2, by_type: {} }, errors: { count: 0, by_code: {} } })
})

test('a person counts once, and is away only when they are away everywhere', () => {
  const merged = mergeMetrics([report({}, ['ann', 'bob'], ['carol']), report({}, ['carol', 'ann'], ['bob', 'dan'])])
  expect(merged.presence).toMatchObject({ online: 4, away: 1 })
})

test('the largest room is the largest of all; processes without rooms have none', () => {
  const rooms = (largest: Metrics['rooms']['largest']) => report({ rooms: { ...wellMetrics().rooms, largest } })
  const big = { name: 'room:big', size: 9 }
  expect(mergeMetrics([rooms(null), rooms(big), rooms({ name: 'room:a', size: 2 })]).rooms.largest).toEqual(big)
  expect(mergeMetrics([rooms(null)]).rooms.largest).toBeNull()
})

test('the jobs of all processes are counted once, by whoever knows them', () => {
  const jobs = { waiting: 2, running: 1, failed: 0 }
  expect(mergeMetrics([report({ jobs: null }), report({ jobs }), report({ jobs })]).jobs).toEqual(jobs)
  expect(mergeMetrics([report({ jobs: null })]).jobs).toBeNull()
})

test('Redis is connected when it is for all; its latency, the event loop and the uptime are the highest', () => {
  const { server } = wellMetrics()
  const merged = mergeMetrics([
    report({ redis: { configured: true, connected: true, latency: 2 } }),
    report({ redis: { configured: true, connected: false, latency: null } }),
    report({ redis: { configured: false, connected: true, latency: 5 }, server: { ...server, event_loop_delay: 80 } }),
  ])
  expect(merged.redis).toEqual({ configured: true, connected: false, latency: 5 })
  expect(merged.server).toMatchObject({ event_loop_delay: 80, uptime: 7_500, memory: { rss: 600e6 } })
})
