import { expect, test } from 'vitest'
import type { Totals } from '@/lib/sockets/core/MetricsCollector'
import { HISTORY_STEP_MS, History } from '@/lib/sockets/health/History'

const totals = (change: Partial<Totals> = {}): Totals => ({
  ...{ connections: 0, disconnections: 0, inbound: 0, outbound: 0, answered: 0, answeredMs: 0 },
  ...change,
})

test('a point is what happened between two samples, as a rate a second and an average', () => {
  const history = new History()
  history.take(0, totals({ inbound: 100, outbound: 1_000, answered: 7, answeredMs: 700 }), 3)
  history.take(5_000, totals({ inbound: 110, outbound: 1_025, answered: 11, answeredMs: 710 }), 4)
  expect(history.points()).toEqual([
    { at: '1970-01-01T00:00:05.000Z', inbound: 2, outbound: 5, latency: 2.5, connections: 4 },
  ])
})

test('a point after a pause is spread over all of it', () => {
  const history = new History()
  history.take(0, totals(), 1)
  history.take(60_000, totals({ inbound: 120 }), 1)
  expect(history.points()).toMatchObject([{ inbound: 2 }])
})

test('samples are copies: what is counted later does not change them', () => {
  const history = new History()
  const counting = totals()
  history.take(0, counting, 1)
  counting.inbound = 50
  history.take(5_000, counting, 1)
  counting.inbound = 1_000
  expect(history.points()).toMatchObject([{ inbound: 10 }])
})

test('keeps the last 15 minutes: the oldest point makes room for the newest', () => {
  const history = new History()
  for (let i = 0; i <= 400; i++) history.take(i * HISTORY_STEP_MS, totals({ inbound: i }), i)
  const points = history.points()
  expect(points).toHaveLength(180)
  expect([points.at(0)?.connections, points.at(-1)?.connections]).toEqual([221, 400])
})

test('tells only the points after a moment', () => {
  const history = new History()
  for (const atMs of [0, 5_000, 10_000, 15_000]) history.take(atMs, totals(), atMs / 1_000)
  expect(history.points(5_000).map(({ connections }) => connections)).toEqual([10, 15])
  expect(history.points(15_000)).toEqual([])
})

test('the last minute is measured from the youngest sample that is a minute old', () => {
  const history = new History()
  history.take(0, totals({ inbound: 1_000, outbound: 5_000, connections: 90, answered: 1, answeredMs: 900 }), 1)
  history.take(10_000, totals({ inbound: 1_010, outbound: 5_000, connections: 100, answered: 2, answeredMs: 910 }), 1)
  history.take(60_000, totals({ inbound: 1_020, outbound: 5_000, connections: 100 }), 1)
  const now = totals({ inbound: 1_050, outbound: 5_020, connections: 130, answered: 12, answeredMs: 960 })
  // 75 s since the sample at 10 s.
  expect(history.lastMinute(85_000, { ...now, disconnections: 5 })).toEqual({
    ...{ connections: 24, disconnections: 4, events: 48, latencyAvg: 5 },
  })
})

test('in its first minute a process says what happened so far, as of a whole minute', () => {
  const history = new History()
  history.take(0, totals(), 0)
  expect(history.lastMinute(10_000, totals({ inbound: 6 }))).toEqual({
    ...{ connections: 0, disconnections: 0, events: 6, latencyAvg: 0 },
  })
})
