import { expect, test } from 'vitest'
import { BackgroundTask, backoffMs, retry } from '@/client/runtime/retry'
import { AppError } from '@/contracts/errors'
import { settled, TestClock } from '../support/TestClock'
import { testRuntime } from '../support/testRuntime'

/** Work that fails as long as the test says, and the moments at which it was done. */
const scene = (fail: () => Error | undefined = () => new Error('no network')) => {
  const clock = new TestClock()
  const runtime = testRuntime({ clock, random: () => 1 }) // the longest waits
  const began = clock.now()
  const doneAt: number[] = []
  const work = async () => {
    doneAt.push(clock.now() - began)
    const error = fail()
    if (error !== undefined) throw error
    return 'done'
  }
  return { clock, runtime, doneAt, work }
}

test('waits are at most 1 s, then double up to 30 s; chance decides how much of it', () => {
  const most = Array.from({ length: 8 }, (_, failures) => backoffMs(failures, () => 1))
  expect(most).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000])
  expect(backoffMs(3, () => 0)).toBe(0)
  expect(backoffMs(3, () => 0.5)).toBe(4_000)
})

test('work is done again after each failure, later each time, until it succeeds', async () => {
  let failures = 3
  const { clock, runtime, doneAt, work } = scene(() => (failures-- > 0 ? new Error('no network') : undefined))
  const done = retry(work, runtime)
  await clock.pass(60_000)

  expect(await done).toBe('done')
  expect(doneAt).toEqual([0, 1_000, 3_000, 7_000])
})

test('what cannot succeed is not done again', async () => {
  const { runtime, doneAt, work } = scene(() => new AppError('FORBIDDEN'))

  await expect(retry(work, runtime)).rejects.toMatchObject({ code: 'FORBIDDEN' })

  expect(doneAt).toEqual([0])
})

test('it waits as long as the server asks, 30 s at most', async () => {
  const asked = [5_000, 300_000]
  const { clock, runtime, doneAt, work } = scene(() => {
    const retryAfterMs = asked.shift()
    return retryAfterMs === undefined ? undefined : new AppError('OVERLOADED', { retryAfterMs })
  })
  const done = retry(work, runtime)
  await clock.pass(60_000)
  await done

  expect(doneAt).toEqual([0, 5_000, 35_000])
})

test('one wake ends every wait, and the waits after it are short again', async () => {
  const { clock, runtime, doneAt, work } = scene()
  const other = scene()
  retry(work, runtime).catch(() => undefined)
  retry(other.work, { ...other.runtime, clock, wake: runtime.wake }).catch(() => undefined)
  await clock.pass(20_000)
  const before = doneAt.length

  runtime.wake.emit()
  await clock.pass(1_000)

  expect(doneAt.slice(before)).toEqual([20_000, 21_000])
  expect(other.doneAt).toHaveLength(doneAt.length)
})

test('work that got somewhere before it failed is not waited for long', async () => {
  const { clock, runtime, doneAt, work } = scene()
  retry(async (progress) => {
    if (doneAt.length === 4) progress()
    return work()
  }, runtime).catch(() => undefined)
  await clock.pass(16_000)

  expect(doneAt).toEqual([0, 1_000, 3_000, 7_000, 15_000, 16_000])
})

test('a page that is left tries nothing any more', async () => {
  const { clock, runtime, doneAt, work } = scene()
  const outcome = expect(retry(work, runtime)).rejects.toThrow('no network')
  await settled()

  runtime.stop()
  await outcome
  await clock.pass(60_000)

  expect(doneAt).toEqual([0])
})

test('a task that is asked for while it is under way is done once more after it, however often', async () => {
  const clock = new TestClock()
  const ends: (() => void)[] = []
  const task = new BackgroundTask(() => new Promise((resolve) => ends.push(resolve)), testRuntime({ clock }))
  task.request()
  task.request()
  task.request()
  expect(ends).toHaveLength(1)

  ends[0]?.()
  await settled()
  expect(ends).toHaveLength(2)

  ends[1]?.()
  await settled()
  expect(ends).toHaveLength(2)
})
