import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { MemoryLimiter, MOST_KEYS } from '@/lib/rate-limit/MemoryLimiter'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const limiter = (mostKeys?: number) => new MemoryLimiter({ points: 2, duration: 60 }, mostKeys)
const state = (consumedPoints: number, remainingPoints: number, msBeforeNext: number) =>
  expect.objectContaining({ consumedPoints, remainingPoints, msBeforeNext })

test('a window begins with the first command, and everything is allowed when it ends', async () => {
  const counter = limiter()
  expect(await counter.consume('ada')).toEqual(state(1, 1, 60_000))
  vi.advanceTimersByTime(59_999)
  expect(await counter.consume('ada')).toEqual(state(2, 0, 1))
  await expect(counter.consume('ada')).rejects.toEqual(state(3, 0, 1))
  expect(await counter.consume('grace')).toEqual(state(1, 1, 60_000))
  vi.advanceTimersByTime(1)
  expect(await counter.get('ada')).toBeNull()
  expect(await counter.consume('ada')).toEqual(state(1, 1, 60_000))
})

test('a command is given back, a key forgotten, another remembered', async () => {
  const counter = limiter()
  await counter.consume('ada')
  expect(await counter.reward('ada')).toEqual(state(0, 2, 60_000))
  await counter.delete('ada')
  expect(await counter.get('ada')).toBeNull()
  await counter.set('ada', 1, 5)
  expect(await counter.get('ada')).toEqual(state(1, 1, 5_000))
})

test('200,000 keys that somebody made up leave a bounded number, and no timers', async () => {
  const counter = limiter()
  for (let i = 0; i < 200_000; i++) await counter.consume(`made up ${i}`)
  expect(counter.size).toBe(MOST_KEYS)
  expect(vi.getTimerCount()).toBe(0)
})

test('a key that goes on being counted outlives any number of others', async () => {
  const counter = limiter(100)
  const attempts = async () => (await counter.consume('victim').catch((refused) => refused)).consumedPoints
  for (let i = 1; i <= 50; i++) {
    expect(await attempts()).toBe(i)
    for (let other = 0; other < 99; other++) await counter.consume(`${i} ${other}`).catch(() => {})
  }
})
