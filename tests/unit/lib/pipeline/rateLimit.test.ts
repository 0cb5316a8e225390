import { expect, test, vi } from 'vitest'
import { rateLimitEvents } from '@/contracts/rateLimitEvents'
import { enforceRateLimit, tellSocket } from '@/lib/pipeline/rateLimit'
import { type RateLimitState, rateLimitState } from '@/lib/rate-limit/state'

const within = rateLimitState(10, 1, 60_000)
const nearly = rateLimitState(10, 9, 60_000)
const beyond = rateLimitState(10, 11, 4_200)

test('a command within its limit passes, and what is left is told', async () => {
  const count = vi.fn(async () => within)
  const tell = vi.fn()
  await enforceRateLimit(count, 'chat-messages', 'ada', tell)
  expect(count).toHaveBeenCalledWith('chat-messages', 'ada')
  expect(tell).toHaveBeenCalledWith(within)
})

test('a command beyond its limit is RATE_LIMITED with when to come back, and told as well', async () => {
  const tell = vi.fn()
  const refused = enforceRateLimit(async () => beyond, 'chat-messages', 'ada', tell)
  await expect(refused).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 4_200 })
  expect(tell).toHaveBeenCalledWith(beyond)
})

test('a module without a limit is neither counted down nor told', async () => {
  const tell = vi.fn()
  await enforceRateLimit(async () => undefined, 'chat-messages', 'ada', tell)
  expect(tell).not.toHaveBeenCalled()
})

const told = (state: RateLimitState): unknown[][] => {
  const events: unknown[][] = []
  tellSocket({ emit: (...event) => events.push(event) }, state)
  return events
}

test('a socket hears nothing while much is left, a warning when little is', () => {
  expect(told(within)).toEqual([])
  expect(told(nearly)).toEqual([['rateLimitWarning', { remaining: 1 }]])
})

test('a socket hears when it may go on, as a moment and in whole seconds, in the contract’s form', () => {
  const before = Date.now()
  const [[event, payload] = []] = told(beyond)
  expect(event).toBe('rateLimitExceeded')
  expect(payload).toMatchObject({ retryAfterSec: 5, remaining: 0 })
  const { blockedUntilMs } = rateLimitEvents.rateLimitExceeded.payload.parse(payload)
  expect(blockedUntilMs).toBeGreaterThanOrEqual(before + 4_200)
  expect(blockedUntilMs).toBeLessThanOrEqual(Date.now() + 4_200)
})
