import { expect, test } from 'vitest'
import { CoalescedRead } from '@/client/runtime/CoalescedRead'
import { settled } from '../support/TestClock'

/** A thing whose reads end when the test says so. */
const scene = () => {
  const reads: { end(): void; fail(): void }[] = []
  const read = new CoalescedRead(
    () =>
      new Promise((resolve, reject) => {
        reads.push({ end: resolve, fail: () => reject(new Error('no network')) })
      }),
  )
  return { reads, read }
}

test('all who ask while a read is under way share one that begins after it', async () => {
  const { reads, read } = scene()
  const first = read.now()
  const later = [read.now(), read.now()]
  let answered = 0
  for (const answer of later) void answer.then(() => (answered += 1))

  reads[0]?.end()
  await first
  await settled()
  expect([reads.length, answered]).toEqual([2, 0])

  reads[1]?.end()
  await Promise.all(later)
  expect(reads).toHaveLength(2)
})

test('a read that fails fails for who asked before it, and not for who asked meanwhile', async () => {
  const { reads, read } = scene()
  const first = expect(read.now()).rejects.toThrow('no network')
  const later = read.now()

  reads[0]?.fail()
  await first
  await settled()
  reads[1]?.end()
  await later
})

test('it is idle only when nothing is under way any more, however it ended', async () => {
  const { reads, read } = scene()
  read.now().catch(() => undefined)
  void read.now()
  let isIdle = false
  const idle = read.idle().then(() => {
    isIdle = true
  })

  reads[0]?.fail()
  await settled()
  expect([isIdle, read.isUnderWay]).toEqual([false, true])
  reads[1]?.end()
  await idle

  expect(read.isUnderWay).toBe(false)
})
