import 'fake-indexeddb/auto'
import { expect, onTestFinished, test } from 'vitest'
import { openOutboxDatabase } from '@/client/outbox/database'
import { createLeaseLock, createWebLock } from '@/client/outbox/lock'
import { settled, TestClock } from '../support/TestClock'

/** Work that ends when the test says so. */
const openWork = () => {
  let end = () => {}
  const work = { started: false, run: () => Promise.resolve(), end: () => end() }
  work.run = () =>
    new Promise<void>((resolve) => {
      work.started = true
      end = resolve
    })
  return work
}

const leases = async (clock: TestClock) => {
  const database = await openOutboxDatabase('me', () => {})
  onTestFinished(() => database.close())
  return (owner: string) => createLeaseLock(database, owner, clock)
}

test('a lease lets one tab work at a time, and names do not wait for each other', async () => {
  const clock = new TestClock()
  const lockOf = await leases(clock)
  const [first, second, elsewhere] = [openWork(), openWork(), openWork()]
  const one = lockOf('first')('room', first.run)
  await settled()
  const two = lockOf('second')('room', second.run)
  const other = lockOf('second')('another room', elsewhere.run)
  await clock.pass(1_000)
  expect([first.started, second.started, elsewhere.started]).toEqual([true, false, true])

  first.end()
  await one
  await clock.pass(1_000)
  expect(second.started).toBe(true)

  second.end()
  elsewhere.end()
  await Promise.all([two, other])
})

test('a lease of a tab that fell asleep runs out', async () => {
  const clock = new TestClock()
  const lockOf = await leases(clock)
  const [asleep, awake] = [openWork(), openWork()]
  void lockOf('asleep')('a room of sleepers', asleep.run)
  await settled()
  const done = lockOf('awake')('a room of sleepers', awake.run)
  await clock.pass(29_000)
  expect(awake.started).toBe(false)

  await clock.pass(2_000)
  expect(awake.started).toBe(true)
  awake.end()
  await done
})

test('a lease is given back when the work fails', async () => {
  const clock = new TestClock()
  const lockOf = await leases(clock)
  await expect(lockOf('first')('failing', () => Promise.reject(new Error('no')))).rejects.toThrow('no')

  expect(await lockOf('second')('failing', async () => 'done')).toBe('done')
})

/** What a browser's LockManager does with exclusive locks: one holder, who can be robbed. */
const lockManager = () => {
  let held = Promise.resolve<unknown>(undefined)
  const request = async (_name: string, options: LockOptions, work: () => Promise<unknown>) => {
    if (options.steal !== true) {
      await new Promise<void>((resolve, reject) => {
        void held.then(() => resolve())
        options.signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')))
      })
    }
    const result = work()
    held = result.catch(() => undefined)
    return result
  }
  return { request } as unknown as LockManager // the part that is used
}

test('a Web Lock that a sleeping tab holds is taken over after a while', async () => {
  const clock = new TestClock()
  const lock = createWebLock(lockManager(), clock)
  const [asleep, awake] = [openWork(), openWork()]
  void lock('room', asleep.run)
  await settled()
  const done = lock('room', awake.run)
  await clock.pass(29_000)
  expect(awake.started).toBe(false)

  await clock.pass(2_000)
  expect(awake.started).toBe(true)
  awake.end()
  await done
})
