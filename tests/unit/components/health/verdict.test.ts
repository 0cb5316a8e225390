import { expect, test } from 'vitest'
import { judge, spoken } from '@/components/health/verdict'
import type { Instance, Metrics } from '@/contracts/admin'
import { instance, wellMetrics } from './samples'

/** The verdict on two instances after a change to the totals, or to the first instance and its figures. */
const verdictAfter = (change: {
  totals?: (totals: Metrics) => void
  first?: (first: Instance) => void
  second?: (second: Instance) => void
}) => {
  const totals = wellMetrics()
  const instances = [instance('web-1:3001'), instance('web-2:3001')] as const
  change.totals?.(totals)
  change.first?.(instances[0])
  change.second?.(instances[1])
  return judge({ totals, instances: [...instances] })
}

test('when nothing is wrong it says so, and why it thinks so', () => {
  const verdict = verdictAfter({})
  expect(verdict).toMatchObject({ level: 'well', title: 'All is well', findings: [] })
  expect(verdict.reason).toBe(
    '2\u00a0instances answer, commands take 4.2\u00a0ms on average, and no event loop is more than 11\u00a0ms behind.',
  )
})

test('a cluster that shuts an instance down on purpose is well', () => {
  const verdict = verdictAfter({
    second: (second) => {
      second.status = 'draining'
    },
  })
  expect(verdict.level).toBe('well')
  expect(verdict.reason).toContain('1\u00a0instance is shutting down')
})

test('one silent instance of two is worth a look, and is named', () => {
  const verdict = verdictAfter({
    second: (second) => {
      second.status = 'silent'
    },
  })
  expect(verdict.level).toBe('watch')
  expect(verdict.reason).toContain('web-2:3001 did not answer')
})

test('when most instances are silent, people notice', () => {
  const silent = (one: Instance) => {
    one.status = 'silent'
  }
  expect(verdictAfter({ first: silent, second: silent }).level).toBe('broken')
})

test('Redis away is worth a look and not more, since nothing is lost', () => {
  const verdict = verdictAfter({
    first: (first) => {
      first.status = 'degraded'
      first.metrics.redis = { configured: true, connected: false, latency: null }
    },
  })
  expect(verdict).toMatchObject({ level: 'watch', findings: [{ headline: 'Redis cannot be reached' }] })
  expect(verdict.reason).toContain('web-1:3001 cannot reach Redis. Nothing is lost')
})

test('without REDIS_URL nothing is said of Redis', () => {
  const verdict = verdictAfter({
    totals: (totals) => {
      totals.redis = { configured: false, connected: false, latency: null }
    },
  })
  expect(verdict.level).toBe('well')
})

test.each([
  { ms: 49, level: 'well' },
  { ms: 50, level: 'watch' },
])('Redis that takes $ms ms: $level', ({ ms, level }) => {
  const verdict = verdictAfter({
    totals: (totals) => {
      totals.redis.latency = ms
    },
  })
  expect(verdict.level).toBe(level)
})

test.each([
  { ms: 249, level: 'well' },
  { ms: 250, level: 'watch' },
  { ms: 1_000, level: 'broken' },
])('commands that take $ms ms on average: $level', ({ ms, level }) => {
  const verdict = verdictAfter({
    totals: (totals) => {
      totals.events.latency.avg = ms
    },
  })
  expect(verdict.level).toBe(level)
})

test.each([
  { ms: 99, level: 'well' },
  { ms: 100, level: 'watch' },
  { ms: 500, level: 'broken' },
])('an event loop that is $ms ms behind: $level', ({ ms, level }) => {
  const verdict = verdictAfter({
    second: (second) => {
      second.metrics.server.event_loop_delay = ms
    },
  })
  expect(verdict.level).toBe(level)
  expect(verdict.findings.map(({ detail }) => detail.includes('web-2:3001'))).toEqual(level === 'well' ? [] : [true])
})

test('a silent instance does not speak through its last figures', () => {
  const verdict = verdictAfter({
    second: (second) => {
      second.status = 'silent'
      second.metrics.server.event_loop_delay = 9_000
    },
  })
  expect(verdict.findings.map(({ headline }) => headline)).toEqual(['An instance is silent'])
})

test.each([
  { stale: 4, level: 'well' }, // a tenth of forty, and too few to mean anything
  { stale: 5, level: 'watch' },
])('$stale of 40 connections stale: $level', ({ stale, level }) => {
  const verdict = verdictAfter({
    totals: (totals) => {
      totals.presence.stale_clients = stale
    },
  })
  expect(verdict.level).toBe(level)
})

test.each([
  { ended: 49, level: 'well' },
  { ended: 50, level: 'watch' },
])('$ended of 40 connections ended in a minute: $level', ({ ended, level }) => {
  const verdict = verdictAfter({
    totals: (totals) => {
      totals.disconnections.rate['1m'] = ended
    },
  })
  expect(verdict.level).toBe(level)
})

test('the worst comes first and gives the reason; the rest is listed', () => {
  const verdict = verdictAfter({
    totals: (totals) => {
      totals.redis.latency = 80
      totals.events.latency.avg = 1_500
    },
  })
  expect(verdict).toMatchObject({ level: 'broken', title: 'People notice a problem' })
  expect(verdict.reason).toBe('Commands are slow. They take 1.5\u00a0s on average.')
  expect(verdict.findings.map(({ headline }) => headline)).toEqual(['Commands are slow', 'Redis is slow'])
})

test('what is read aloud stays the same while only figures move', () => {
  const slow = (ms: number) =>
    spoken(
      verdictAfter({
        totals: (totals) => {
          totals.events.latency.avg = ms
        },
      }),
    )
  expect(slow(300)).toBe('It works, but look at this: Commands are slow.')
  expect(slow(301)).toBe(slow(300))
  expect(slow(3)).toBe('All is well.')
  expect(slow(4)).toBe(slow(3))
})
