import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createExpiry } from '@/server/createExpiry'
import { recordingLogger } from '../../support/recordingLogger'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function start(deleteSome: () => Promise<number>) {
  const { logger, lines } = recordingLogger()
  const expiry = createExpiry(deleteSome, logger, 1_000)
  void expiry.start?.(0)
  return { expiry, lines }
}

test('what has expired is deleted at the start, until nothing is left, and again later', async () => {
  const left = [2_000, 2_000, 7, 0]
  const deleteSome = vi.fn(async () => left.shift() ?? 0)
  start(deleteSome)
  await vi.advanceTimersByTimeAsync(999)
  expect(deleteSome).toHaveBeenCalledTimes(4)
  await vi.advanceTimersByTimeAsync(501)
  expect(deleteSome).toHaveBeenCalledTimes(5)
})

test('a database that does not answer costs a warning, and is asked again', async () => {
  const deleteSome = vi.fn(async (): Promise<number> => Promise.reject(new Error('away')))
  const { lines } = start(deleteSome)
  await vi.advanceTimersByTimeAsync(1_500)
  expect(deleteSome).toHaveBeenCalledTimes(2)
  expect(lines).toEqual(Array.from({ length: 2 }, () => 'warn what has expired could not be deleted'))
})

test('a process that stops ends between two steps, and begins no other', async () => {
  let finish = (_: number): void => {}
  const deleteSome = vi.fn(() => new Promise<number>((resolve) => (finish = resolve)))
  const { expiry } = start(deleteSome)
  const stopped = expiry.stop?.()
  finish(2_000)
  await stopped
  await vi.advanceTimersByTimeAsync(10_000)
  expect(deleteSome).toHaveBeenCalledOnce()
})
