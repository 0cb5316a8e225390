import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Timeout } from '@/lib/pipeline/timeout'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const after = <T>(ms: number, value: T) => new Promise<T>((resolve) => setTimeout(() => resolve(value), ms))

test('work that is done in time gives its result', async () => {
  const result = new Timeout(1_000).run(after(999, 'done'))
  await vi.advanceTimersByTimeAsync(999)
  expect(await result).toBe('done')
})

test('work that takes longer is TIMEOUT, and goes on by itself', async () => {
  const finished = vi.fn()
  const result = new Timeout(1_000).run(after(1_500, 'done').then(finished))
  const refused = expect(result).rejects.toMatchObject({ code: 'TIMEOUT' })
  await vi.advanceTimersByTimeAsync(1_000)
  await refused
  expect(finished).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(500)
  expect(finished).toHaveBeenCalled()
})

test('work that fails in time rejects with its own error', async () => {
  await expect(new Timeout(1_000).run(Promise.reject(new Error('its own')))).rejects.toThrow('its own')
})

test('each has its own time, by one timer for all, which goes when nothing is under way', async () => {
  const timeout = new Timeout(1_000)
  const never = new Promise<never>(() => {})
  const ended: string[] = []
  const note = (name: string) => () => void ended.push(name)
  timeout.run(never).catch(note('first'))
  await vi.advanceTimersByTimeAsync(400)
  void timeout.run(Promise.resolve()).then(note('done at once'))
  timeout.run(never).catch(note('second'))
  timeout.run(never).catch(note('third'))
  expect(vi.getTimerCount()).toBe(1)

  await vi.advanceTimersByTimeAsync(600)
  expect(ended).toEqual(['done at once', 'first'])
  await vi.advanceTimersByTimeAsync(399)
  expect(ended).toHaveLength(2)
  await vi.advanceTimersByTimeAsync(1)
  expect(ended).toEqual(['done at once', 'first', 'second', 'third'])
  expect(vi.getTimerCount()).toBe(0)
})
