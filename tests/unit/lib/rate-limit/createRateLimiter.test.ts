import { expect, it, vi } from 'vitest'
import { AppError } from '@/contracts/errors'
import { createRateLimiter, type RateLimiterDeps } from '@/lib/rate-limit/createRateLimiter'
import { silentLogger } from '@/services/shared/Logger'
import { onlyLimits } from '../../../support/servers/rateLimits'

function create(limits: Partial<RateLimiterDeps['limits']>) {
  const decisions: string[] = []
  const logger = { ...silentLogger, warn: vi.fn() }
  const limiter = createRateLimiter({
    limits: onlyLimits(limits),
    redis: undefined,
    logger,
    onDecision: (module, decision) => decisions.push(`${module} ${decision}`),
  })
  return { limiter, decisions, logger }
}

it('every decision is told, and the first refusal of a window is logged', async () => {
  const { limiter, decisions, logger } = create({ 'chat-messages': { points: 3, seconds: 60 } })
  for (let sent = 0; sent < 5; sent++) await limiter.count('chat-messages', 'ada')
  expect(decisions).toEqual([
    'chat-messages allowed',
    'chat-messages warned',
    'chat-messages warned',
    'chat-messages limited',
    'chat-messages limited',
  ])
  expect(logger.warn).toHaveBeenCalledExactlyOnceWith(
    'rate limit exceeded',
    expect.objectContaining({ module: 'chat-messages', key: 'ada' }),
  )
})

it('everybody, and every module, has a count of their own', async () => {
  const one = { points: 1, seconds: 60 }
  const { limiter } = create({ 'chat-messages': one, 'chat-rooms': one })
  await limiter.count('chat-messages', 'ada')
  expect((await limiter.count('chat-messages', 'ada'))?.allowed).toBe(false)
  expect((await limiter.count('chat-messages', 'grace'))?.allowed).toBe(true)
  expect((await limiter.count('chat-rooms', 'ada'))?.allowed).toBe(true)
})

it('a window ends when its seconds are over, however often somebody was refused meanwhile', async () => {
  vi.useFakeTimers()
  try {
    const { limiter } = create({ 'chat-messages': { points: 1, seconds: 60 } })
    await limiter.count('chat-messages', 'ada')
    await vi.advanceTimersByTimeAsync(59_000)
    expect(await limiter.count('chat-messages', 'ada')).toMatchObject({ allowed: false, resetMs: 1_000 })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await limiter.count('chat-messages', 'ada')).toMatchObject({ allowed: true, resetMs: 60_000 })
  } finally {
    vi.useRealTimers()
  }
})

it('what is off is not counted', async () => {
  const { limiter, decisions } = create({})
  expect(await limiter.count('chat-messages', 'ada')).toBeUndefined()
  const tell = vi.fn()
  expect(await limiter.signIn({ account: 'a@example.com', address: '203.0.113.9' }, tell, async () => 'in')).toBe('in')
  expect(tell).not.toHaveBeenCalled()
  expect(decisions).toEqual([])
})

it('an attempt to sign in that failed for another reason than its password is no guess', async () => {
  const { limiter } = create({ auth: { points: 1, seconds: 60 } })
  const attempt = () =>
    limiter.signIn({ account: 'a@example.com', address: '203.0.113.9' }, vi.fn(), () =>
      Promise.reject(new AppError('UNAVAILABLE')),
    )
  for (let tried = 0; tried < 12; tried++) await expect(attempt()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
})

it.each([{}, { auth: { points: 100, seconds: 3600 } }])(
  'no mailbox is filled by others, whatever the limits: %j',
  async (limits) => {
    const { limiter } = create(limits)
    const allowed = []
    for (let asked = 0; asked < 6; asked++) allowed.push(await limiter.passwordReset('ada@example.com'))
    expect(allowed).toEqual([true, true, true, true, true, false])
    expect(await limiter.passwordReset('grace@example.com')).toBe(true)
  },
)
