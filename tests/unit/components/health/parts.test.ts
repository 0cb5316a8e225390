import { expect, test } from 'vitest'
import { NO_FIGURES_YET } from '@/client/health/HealthStore'
import type { HealthView } from '@/client/health/view'
import { systemParts, worstLevel } from '@/components/health/parts'
import { instance, wellMetrics } from './samples'

const live = (): HealthView => ({
  ...NO_FIGURES_YET,
  state: 'live',
  snapshot: { at: '2026-01-01T12:00:00.000Z', instance: 'a', totals: wellMetrics(), instances: [instance('a')] },
})
const answers = { answers: true, tookMs: 12 } as const

test('everything that answers is well', () => {
  const parts = systemParts(live(), answers)
  expect(parts.map(({ name, level }) => [name, level])).toEqual([
    ['Web and database', 'well'],
    ['Socket servers', 'well'],
    ['Redis', 'well'],
  ])
  expect(worstLevel(parts)).toBe('well')
})

test('nothing is claimed before it is known', () => {
  expect(worstLevel(systemParts(NO_FIGURES_YET, undefined))).toBeUndefined()
  expect(worstLevel(systemParts(NO_FIGURES_YET, answers))).toBeUndefined()
})

test('a lost connection is no verdict on Redis, but one on the socket servers', () => {
  const parts = systemParts({ ...live(), state: 'reconnecting' }, answers)
  expect(parts.map(({ level }) => level)).toEqual(['well', 'broken', undefined])
  expect(worstLevel(parts)).toBe('broken')
})

test('figures over HTTP tell of Redis, and that this page has no live connection', () => {
  const parts = systemParts({ ...live(), state: 'polling' }, answers)
  expect(parts.map(({ level }) => level)).toEqual(['well', 'watch', 'well'])
})

test('a web process that does not answer is broken, whatever the sockets say', () => {
  expect(worstLevel(systemParts(live(), { answers: false }))).toBe('broken')
})
