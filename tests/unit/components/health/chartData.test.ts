import { expect, test } from 'vitest'
import { byMinute, chartData, peaks } from '@/components/health/chartData'
import { point } from './samples'

test('points become columns', () => {
  expect(chartData([point(0), point(5, { inbound: 7, latency: 9 })])).toEqual({
    at: [new Date('2026-01-01T12:00:00.000Z'), new Date('2026-01-01T12:00:05.000Z')],
    inbound: [1, 7],
    outbound: [2, 2],
    latency: [4, 9],
  })
})

test('where points are missing the line breaks', () => {
  expect(chartData([point(0), point(40)]).inbound).toEqual([1, null, 1])
  expect(chartData([point(0), point(10)]).inbound).toEqual([1, 1])
})

test('the table has a row for each minute, newest first, with averages', () => {
  const rows = byMinute([
    point(50, { inbound: 2 }),
    point(55, { inbound: 4, connections: 41 }),
    point(60, { inbound: 9 }),
  ])
  expect(rows).toEqual([
    { at: Date.parse('2026-01-01T12:01:00.000Z'), inbound: 9, outbound: 2, latency: 4, connections: 40 },
    { at: Date.parse('2026-01-01T12:00:00.000Z'), inbound: 3, outbound: 2, latency: 4, connections: 41 },
  ])
})

test('the sentence knows the present and the peak', () => {
  expect(peaks([point(0, { inbound: 20, latency: 90 }), point(5)])).toEqual({
    throughputNow: 3,
    throughputMost: 22,
    latencyNow: 4,
    latencyMost: 90,
  })
  expect(peaks([])).toBeUndefined()
})
