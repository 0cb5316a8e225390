import { expect, test, vi } from 'vitest'
import { onceAtATime } from '@/lib/http/guardedAgent'

const answer = [{ address: '203.0.113.7', family: 4 }]

test('a name that is being asked for is asked for once, and whoever waits has the answer', () => {
  const ask = vi.fn()
  const resolve = onceAtATime(ask)
  const [first, second, other] = [vi.fn(), vi.fn(), vi.fn()]
  resolve('a.example', {}, first)
  resolve('a.example', {}, second)
  resolve('b.example', {}, other)
  expect(ask).toHaveBeenCalledTimes(2)

  ask.mock.calls[0]?.[2](null, answer)
  for (const callback of [first, second]) expect(callback).toHaveBeenCalledExactlyOnceWith(null, answer)
  expect(other).not.toHaveBeenCalled()

  resolve('a.example', {}, first)
  expect(ask, 'an answer is not kept: the name may mean another address by now').toHaveBeenCalledTimes(3)
})
