import { expect, test } from 'vitest'
import { retryDelayMs } from '@/services/shared/backoff'

test('each wait is up to twice as long as the one before, up to an hour, and half of it is chance', () => {
  const longest = [0, 1, 2, 3, 9, 10, 500].map((attempts) => retryDelayMs(attempts, () => 1))
  expect(longest).toEqual([5_000, 10_000, 20_000, 40_000, 2_560_000, 3_600_000, 3_600_000])
  expect(retryDelayMs(2, () => 0)).toBe(10_000)
})
