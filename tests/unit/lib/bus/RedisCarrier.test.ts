import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { RedisCarrier } from '@/lib/bus/RedisCarrier'
import type { RedisLink } from '@/lib/redis/RedisLink'
import { silentLogger } from '@/services/shared/Logger'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const start = () => {
  const link = Object.assign(new EventEmitter(), { isUp: true, silenceMs: 500 })
  const surroundings = { isListening: true }
  const announceDoubt = vi.fn(async () => true)
  const look = vi.fn(async (_forMs: number) => {})
  const carrier = new RedisCarrier({
    link: link as unknown as RedisLink, // all that is used of it
    isListening: () => surroundings.isListening,
    announceDoubt,
    look,
    logger: silentLogger,
  })
  return { link, surroundings, announceDoubt, look, carrier }
}

test('Redis carries while it is up, the announcements are heard, and nobody doubts it', async () => {
  const { link, surroundings, carrier } = start()
  vi.advanceTimersByTime(1)
  expect(carrier.isCarrying()).toBe(true)
  surroundings.isListening = false
  expect(carrier.isCarrying()).toBe(false)
  surroundings.isListening = true
  link.isUp = false
  expect(carrier.isCarrying()).toBe(false)
  link.isUp = true
  carrier.doubted(0)
  expect(carrier.isCarrying()).toBe(false)
  await vi.advanceTimersByTimeAsync(5_001)
  expect(carrier.isCarrying()).toBe(true)
})

test('a process that is cut off says so again and again until it is linked', async () => {
  const { link, announceDoubt, look } = start()
  link.emit('down')
  expect(look).toHaveBeenCalledWith(500)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(announceDoubt.mock.calls.length).toBeGreaterThanOrEqual(5)
  link.emit('up')
  await vi.advanceTimersByTimeAsync(5_000)
  const before = announceDoubt.mock.calls.length
  await vi.advanceTimersByTimeAsync(20_000)
  expect(announceDoubt).toHaveBeenCalledTimes(before)
})

test('stopped, it starts nothing, whatever the link does', async () => {
  const { link, announceDoubt, carrier } = start()
  carrier.stop()
  link.emit('down')
  link.emit('up')
  carrier.unheard('committed', 100)
  await vi.advanceTimersByTimeAsync(20_000)
  expect(announceDoubt).not.toHaveBeenCalled()
  expect(vi.getTimerCount()).toBe(0)
})
