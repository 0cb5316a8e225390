import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { withTimeout } from '@/lib/pipeline/timeout'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const after = <T>(ms: number, value: T) => new Promise<T>((resolve) => setTimeout(() => resolve(value), ms))

test('work that is done in time gives its result, and no timer is left', async () => {
  const result = withTimeout(1_000, after(999, 'done'))
  await vi.advanceTimersByTimeAsync(999)
  expect(await result).toBe('done')
  expect(vi.getTimerCount()).toBe(0)
})

test('work that takes longer is TIMEOUT, and goes on by itself', async () => {
  const finished = vi.fn()
  const result = withTimeout(1_000, after(1_500, 'done').then(finished))
  const refused = expect(result).rejects.toMatchObject({ code: 'TIMEOUT' })
  await vi.advanceTimersByTimeAsync(1_000)
  await refused
  expect(finished).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(500)
  expect(finished).toHaveBeenCalled()
})

test('work that fails in time rejects with its own error', async () => {
  await expect(withTimeout(1_000, Promise.reject(new Error('its own')))).rejects.toThrow('its own')
  expect(vi.getTimerCount()).toBe(0)
})
