import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { RefusalLog } from '@/lib/sockets/frontDoor/RefusalLog'
import { recordingLogger } from '../../../../support/recordingLogger'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('however many are refused, a window has one line, with how many and why', () => {
  const { logger, entries } = recordingLogger()
  const log = new RefusalLog(logger)
  for (let i = 0; i < 5_000; i += 1) log.note('UNAUTHENTICATED', '203.0.113.1')
  log.note('OVERLOADED', '203.0.113.2')
  expect(entries).toEqual([])
  vi.advanceTimersByTime(10_000)
  expect(entries).toEqual([
    expect.objectContaining({
      level: 'warn',
      fields: {
        seconds: 10,
        reasons: { UNAUTHENTICATED: 5_000, OVERLOADED: 1 },
        addresses: 2,
        busiestAddress: '203.0.113.1',
        ofBusiestAddress: 5_000,
      },
    }),
  ])
  vi.advanceTimersByTime(60_000)
  expect(entries).toHaveLength(1)
})

test('the first of a reason in a window is told apart from those after it', () => {
  const log = new RefusalLog(recordingLogger().logger)
  expect([log.note('INTERNAL', 'a'), log.note('INTERNAL', 'b'), log.note('OVERLOADED', 'a')]).toEqual([
    ...[true, false],
    true,
  ])
  vi.advanceTimersByTime(10_000)
  expect(log.note('INTERNAL', 'a')).toBe(true)
})

test('what was not written yet is written when the process stops', () => {
  const { logger, entries } = recordingLogger()
  const log = new RefusalLog(logger)
  log.write()
  log.note('OVERLOADED', 'a')
  log.write()
  expect(entries).toHaveLength(1)
})
