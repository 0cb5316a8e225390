import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { RepeatedLines } from '@/lib/logger/RepeatedLines'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** How many of so many lines are written. */
const written = (lines: RepeatedLines, line: string, times: number) =>
  Array.from({ length: times }, () => lines.admits(line)).filter(Boolean).length

test('what repeats within a second is written a hundred times, then counted; other lines are written', () => {
  const tell = vi.fn()
  const lines = new RepeatedLines(tell)
  expect(written(lines, 'sendMessage failed', 250)).toBe(100)
  expect(written(lines, 'markMessagesRead failed', 100)).toBe(100)
  vi.advanceTimersByTime(1_000)
  expect(tell.mock.calls).toEqual([['sendMessage failed', 150]])
})

test('the next second begins anew', () => {
  const lines = new RepeatedLines(() => {})
  expect(written(lines, 'sendMessage failed', 150)).toBe(100)
  vi.advanceTimersByTime(1_000)
  expect(written(lines, 'sendMessage failed', 150)).toBe(100)
})

test('what is not told yet is told at the end, once', () => {
  const tell = vi.fn()
  const lines = new RepeatedLines(tell)
  written(lines, 'sendMessage failed', 101)
  lines.end()
  vi.advanceTimersByTime(1_000)
  expect(tell.mock.calls).toEqual([['sendMessage failed', 1]])
})
