import { expect, it, vi } from 'vitest'
import { SendLimit } from '@/client/outbox/SendLimit'
import { AppError } from '@/contracts/errors'
import { TestClock } from '../support/TestClock'
import { testRuntime } from '../support/testRuntime'

const create = () => {
  const clock = new TestClock()
  const runtime = testRuntime({ clock })
  const limit = new SendLimit(runtime, () => {})
  return { clock, limit, leave: runtime.stop }
}

const taken = (limit: SendLimit, ...warnings: number[]) =>
  limit.learnFrom(async () => {
    for (const remaining of warnings) limit.warn(remaining)
  })
const refused = (limit: SendLimit, retryAfterMs: number) =>
  limit
    .learnFrom(async () => {
      throw new AppError('RATE_LIMITED', { retryAfterMs })
    })
    .catch(() => {})

it('shows a warning until a message is taken without one', async () => {
  const { limit } = create()
  await taken(limit, 3)
  expect(limit.view.getSnapshot()).toEqual({ blockedUntil: undefined, remaining: 3 })
  await taken(limit, 2)
  expect(limit.view.getSnapshot().remaining).toBe(2)
  await taken(limit)
  expect(limit.view.getSnapshot().remaining).toBeUndefined()
})

it('forgets a warning that nothing followed for a minute', async () => {
  const { limit, clock } = create()
  await taken(limit, 3)
  await clock.pass(60_000)
  expect(limit.view.getSnapshot().remaining).toBeUndefined()
})

it('does not take a warning for its own while no message is under way', () => {
  const { limit } = create()
  limit.warn(1)
  expect(limit.view.getSnapshot().remaining).toBeUndefined()
})

it('a refusal takes the place of the warning, and ends by itself', async () => {
  const { limit, clock } = create()
  await taken(limit, 0)
  await refused(limit, 5_000)
  expect(limit.view.getSnapshot()).toEqual({ blockedUntil: clock.now() + 5_000, remaining: undefined })

  const opened = vi.fn()
  void limit.open().then(opened)
  await clock.pass(4_999)
  expect(opened).not.toHaveBeenCalled()
  await clock.pass(1)
  expect(opened).toHaveBeenCalledOnce()
  expect(limit.view.getSnapshot().blockedUntil).toBeUndefined()
})

it('a refusal that is over at once is not tried in a circle', async () => {
  const { limit, clock } = create()
  await refused(limit, 0)
  expect(limit.view.getSnapshot().blockedUntil).toBe(clock.now() + 250)
})

it('a later refusal moves the end, an earlier one does not', async () => {
  const { limit, clock } = create()
  const now = clock.now()
  await refused(limit, 5_000)
  await refused(limit, 9_000)
  await refused(limit, 1_000)
  expect(limit.view.getSnapshot().blockedUntil).toBe(now + 9_000)
})

it('other failures say nothing of the limit', async () => {
  const { limit } = create()
  for (const error of [new AppError('RATE_LIMITED'), new AppError('OVERLOADED', { retryAfterMs: 5_000 })]) {
    await expect(limit.learnFrom(() => Promise.reject(error))).rejects.toBe(error)
  }
  expect(limit.view.getSnapshot().blockedUntil).toBeUndefined()
})

it('nobody waits for a page that was left', async () => {
  const { limit, leave } = create()
  await refused(limit, 5_000)
  const waiting = limit.open()
  leave()
  await waiting
})
