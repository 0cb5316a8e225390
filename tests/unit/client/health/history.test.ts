import { expect, test } from 'vitest'
import { mergeHistory } from '@/client/health/history'
import { point } from '../../components/health/samples'

const seconds = (points: readonly { at: string }[]) =>
  points.map(({ at }) => (Date.parse(at) - Date.parse('2026-01-01T12:00:00.000Z')) / 1_000)

test('new points come after the old ones', () => {
  expect(seconds(mergeHistory([point(0), point(5)], [point(10)]))).toEqual([0, 5, 10])
})

test('a point that comes twice is there once', () => {
  expect(seconds(mergeHistory([point(0), point(5)], [point(5), point(10)]))).toEqual([0, 5, 10])
})

test('another instance, which sampled at other moments, replaces what it covers and keeps what it does not', () => {
  expect(seconds(mergeHistory([point(0), point(5), point(10)], [point(3), point(8), point(13)]))).toEqual([0, 3, 8, 13])
})

test('an instance that has just started does not take the past away', () => {
  expect(seconds(mergeHistory([point(0), point(5)], [point(20)]))).toEqual([0, 5, 20])
})

test('what is older than 15 minutes falls off', () => {
  expect(seconds(mergeHistory([point(0), point(5)], [point(900)]))).toEqual([5, 900])
})

test('nothing new leaves the very same list', () => {
  const past = [point(0)]
  expect(mergeHistory(past, [])).toBe(past)
})
