import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { WithoutRedis } from '@/lib/bus/WithoutRedis'
import { recordingLogger } from '../../../support/recordingLogger'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const start = ({ ask = async () => true }: { ask?: () => Promise<boolean> } = {}) => {
  const { logger, lines } = recordingLogger()
  const announceDoubt = vi.fn(async () => true)
  const look = vi.fn(async (_forMs: number) => {})
  return { bus: new WithoutRedis({ ask, announceDoubt, look, logger }), announceDoubt, look, lines }
}

test('it asks until it could be asked, and no more', async () => {
  const ask = vi.fn(async () => true).mockResolvedValueOnce(false)
  const { bus } = start({ ask })
  await bus.begin()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(ask).toHaveBeenCalledTimes(2)
})

test('while others use Redis it doubts it for them, says so once, and looks for what passed it by', async () => {
  const { bus, announceDoubt, look, lines } = start()
  await vi.advanceTimersByTimeAsync(3_000)
  bus.heardOfRedis()
  bus.heardOfRedis()
  await vi.advanceTimersByTimeAsync(20_000)
  expect(announceDoubt).toHaveBeenCalledTimes(11)
  expect(look).toHaveBeenCalledExactlyOnceWith(3_000)
  expect(lines).toEqual([expect.stringMatching(/^warn .*REDIS_URL/)])
})

test('it stops doubting when nobody has said for long that they use it, and begins again when somebody does', async () => {
  const { bus, announceDoubt } = start()
  bus.heardOfRedis()
  await vi.advanceTimersByTimeAsync(60_000)
  const before = announceDoubt.mock.calls.length
  await vi.advanceTimersByTimeAsync(60_000)
  expect(announceDoubt).toHaveBeenCalledTimes(before)
  bus.heardOfRedis()
  expect(announceDoubt).toHaveBeenCalledTimes(before + 1)
})

test('stopped, it says nothing more', async () => {
  const { bus, announceDoubt } = start()
  bus.heardOfRedis()
  bus.stop()
  const before = announceDoubt.mock.calls.length
  bus.heardOfRedis()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(announceDoubt).toHaveBeenCalledTimes(before)
})
