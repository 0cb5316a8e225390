import { expect, it, vi } from 'vitest'
import { RedisPause } from '@/lib/rate-limit/RedisPause'
import { silentLogger } from '@/services/shared/Logger'

const withClock = () => {
  const clock = { now: 0 }
  const logger = { ...silentLogger, debug: vi.fn() }
  return { clock, logger, pause: new RedisPause(logger, () => clock.now) }
}

it('everybody asks Redis while it answers', () => {
  const { pause } = withClock()
  pause.answered()
  expect([pause.mayAsk(), pause.mayAsk()]).toEqual([true, true])
})

it('after a failure one caller asks every two seconds, and the others lose no time', () => {
  const { pause, clock } = withClock()
  pause.failed(new Error('frozen'))
  expect(pause.mayAsk()).toBe(false)
  clock.now = 1_999
  expect(pause.mayAsk()).toBe(false)
  clock.now = 2_000
  expect([pause.mayAsk(), pause.mayAsk()]).toEqual([true, false])
})

it('an outage is said once, and so is its end, to who debugs: the connection says it to everybody', () => {
  const { pause, logger } = withClock()
  pause.failed(new Error('dead'))
  pause.failed(new Error('dead'))
  pause.answered()
  pause.answered()
  expect(pause.mayAsk()).toBe(true)
  expect(logger.debug).toHaveBeenCalledTimes(2)
})
