import { describe, expect, it } from 'vitest'
import { rateLimitHeaders } from '@/lib/http/rateLimitHeaders'
import { rateLimited, rateLimitState, warningAt } from '@/lib/rate-limit/state'

describe('the warning', () => {
  it.each([
    [30, 6],
    [10, 2],
    [9, 1],
    [5, 1],
    [3, 1],
    [1, 1],
  ])('of a limit of %i begins at %i left', (limit, left) => {
    expect(warningAt(limit)).toBe(left)
    expect(rateLimitState(limit, limit - left, 1_000).warns).toBe(true)
    if (left + 1 < limit) expect(rateLimitState(limit, limit - left - 1, 1_000).warns).toBe(false)
  })

  it('goes with the last allowed command, and not with a refusal', () => {
    expect(rateLimitState(30, 30, 1_000)).toMatchObject({ allowed: true, remaining: 0, warns: true })
    expect(rateLimitState(30, 31, 1_000)).toMatchObject({ allowed: false, remaining: 0, warns: false })
  })
})

it('only the first refusal of a window is news', () => {
  const refusals = [30, 31, 32].map((counted) => rateLimitState(30, counted, 1_000).isFirstRefusal)
  expect(refusals).toEqual([false, true, false])
})

it('headers count whole seconds, rounded up, and the commands left', () => {
  expect(Object.fromEntries(rateLimitHeaders(rateLimitState(30, 12, 41_001)))).toEqual({
    'RateLimit-Limit': '30',
    'RateLimit-Remaining': '18',
    'RateLimit-Reset': '42',
  })
})

it('a refusal says how long to wait, to people and to programs', () => {
  const error = rateLimited(rateLimitState(30, 31, 999.2))
  expect(error).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 1_000 })
  expect(error.message).toBe('Too many at once. Please try again in 1 second.')
})
