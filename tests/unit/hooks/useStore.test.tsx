// @vitest-environment jsdom
import { act, renderHook } from '@testing-library/react'
import { beforeEach, expect, test, vi } from 'vitest'
import { Store } from '@/client/runtime/Store'
import { useStore } from '@/hooks/useStore'

beforeEach(() => {
  vi.useFakeTimers()
  return () => vi.useRealTimers()
})

/** Two components that show how many have arrived, and how often each was drawn. */
const showArrivals = () => {
  let arrived = 0
  const show = () => {
    const store = new Store(() => arrived)
    let drawn = 0
    const { result, unmount } = renderHook(() => {
      drawn += 1
      return useStore(store, 0)
    })
    return { store, result, unmount, drawn: () => drawn }
  }
  const shown = [show(), show()]
  const arrive = () => {
    arrived += 1
    for (const { store } of shown) store.invalidate()
  }
  return { shown, arrive, numbers: () => shown.map(({ result }) => result.current) }
}

const pass = (ms: number) => act(() => vi.advanceTimersByTime(ms))

test('two hundred changes that come one by one within 200 ms are drawn once a frame', () => {
  const { shown, arrive, numbers } = showArrivals()

  for (let i = 0; i < 200; i += 1) {
    arrive()
    pass(1)
  }
  pass(16)

  expect(numbers()).toEqual([200, 200])
  for (const { drawn } of shown) expect(drawn()).toBeLessThanOrEqual(15)
})

test('a change after a quiet moment waits for no frame', () => {
  const { arrive, numbers } = showArrivals()
  pass(100)

  arrive()
  pass(0)

  expect(numbers()).toEqual([1, 1])
})

test('what was drawn for the last time hears of nothing, and keeps nobody else from hearing', () => {
  const first = showArrivals()
  first.arrive()
  for (const { unmount } of first.shown) unmount()
  // Its timer never fires, as where somebody tests with timers of their own.
  vi.clearAllTimers()

  const second = showArrivals()
  second.arrive()
  pass(16)

  expect(second.numbers()).toEqual([1, 1])
})
