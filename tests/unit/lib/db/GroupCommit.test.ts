import { expect, test, vi } from 'vitest'
import { AppError } from '@/contracts/errors'
import { GroupCommit } from '@/lib/db/GroupCommit'
import { waitFor } from '../../../support/waitFor'

/** A store whose commits end when the test says so. */
function heldStore() {
  const batches: { items: number[]; finish: (error?: Error) => void }[] = []
  const commit = (items: readonly number[]) =>
    new Promise<number[]>((resolve, reject) => {
      batches.push({
        items: [...items],
        finish: (error) => (error ? reject(error) : resolve(items.map((n) => n * 10))),
      })
    })
  return { batches, commit }
}

const limits = { maxBatch: 100, maxQueue: 100, maxWaitMs: 1_000 }

test('an item alone is committed at once, and what comes meanwhile shares the next batch', async () => {
  const { batches, commit } = heldStore()
  const group = new GroupCommit({ commit, ...limits })
  const answers = [1, 2, 3, 4].map((n) => group.add(n))

  expect(batches.map((batch) => batch.items)).toEqual([[1]])
  batches[0]?.finish()
  await waitFor(() => batches.length === 2)
  expect(batches[1]?.items).toEqual([2, 3, 4])
  batches[1]?.finish()
  expect(await Promise.all(answers)).toEqual([10, 20, 30, 40])
})

test('an item added the moment its predecessor is answered is not left lying', async () => {
  const group = new GroupCommit({ commit: async (items: readonly number[]) => items, ...limits })
  const layers: ((n: number) => Promise<number>)[] = [(n) => group.add(n)]
  for (let depth = 1; depth < 6; depth++) {
    const inner = layers[depth - 1] ?? group.add
    layers.push(async (n) => await inner(n))
  }
  for (const add of layers) {
    expect(await add(1)).toBe(1)
    expect(await add(2)).toBe(2)
  }
})

test('the store has the next batch before the answers of the one before are told, which keep their order', async () => {
  const seen: string[] = []
  const commit = async (items: readonly number[]) => {
    await new Promise(process.nextTick) // as a pool of connections does
    seen.push(`stored ${items}`)
    return items
  }
  const group = new GroupCommit({ commit, ...limits })
  await Promise.all([1, 2, 3].map(async (n) => seen.push(`told ${await group.add(n)}`)))
  expect(seen).toEqual(['stored 1', 'stored 2,3', 'told 1', 'told 2', 'told 3'])
})

test('a batch is no larger than its bound', async () => {
  const { batches, commit } = heldStore()
  const group = new GroupCommit({ commit, ...limits, maxBatch: 2 })
  const answers = [1, 2, 3, 4].map((n) => group.add(n))
  for (let i = 0; i < 3; i++) {
    await waitFor(() => batches.length === i + 1)
    batches[i]?.finish()
  }
  await Promise.all(answers)
  expect(batches.map((batch) => batch.items)).toEqual([[1], [2, 3], [4]])
})

test('beyond the queue’s bound an item is refused as OVERLOADED', async () => {
  const { batches, commit } = heldStore()
  const group = new GroupCommit({ commit, ...limits, maxQueue: 1 })
  const answers = [group.add(1), group.add(2)]
  await expect(group.add(3)).rejects.toMatchObject({ code: 'OVERLOADED' })
  batches[0]?.finish()
  await waitFor(() => batches.length === 2)
  batches[1]?.finish()
  await Promise.all(answers)
})

test('while the oldest has waited half of its time, what comes is refused as OVERLOADED', async () => {
  let now = 0
  const { batches, commit } = heldStore()
  const group = new GroupCommit({ commit, ...limits, now: () => now })
  const answers = [group.add(1), group.add(2)]
  now = 500
  answers.push(group.add(3))
  now = 501
  await expect(group.add(4)).rejects.toMatchObject({ code: 'OVERLOADED' })
  batches[0]?.finish()
  await waitFor(() => batches.length === 2)
  answers.push(group.add(5))
  batches[1]?.finish()
  await waitFor(() => batches.length === 3)
  batches[2]?.finish()
  expect(await Promise.all(answers)).toEqual([10, 20, 30, 50])
})

test('an item that waited too long is refused as TIMEOUT and never stored', async () => {
  let now = 0
  const { batches, commit } = heldStore()
  const group = new GroupCommit({ commit, ...limits, now: () => now })
  const first = group.add(1)
  const late = group.add(2)
  now = 500
  const fresh = group.add(3)
  now = 1_001
  batches[0]?.finish()
  await expect(late).rejects.toMatchObject({ code: 'TIMEOUT' })
  await waitFor(() => batches.length === 2)
  batches[1]?.finish()
  expect(await Promise.all([first, fresh])).toEqual([10, 30])
  expect(batches[1]?.items).toEqual([3])
})

test('a batch that fails rejects its own items and no later ones; idle waits for them all', async () => {
  const { batches, commit } = heldStore()
  const group = new GroupCommit({ commit, ...limits })
  const failing = group.add(1)
  const next = group.add(2)
  const idle = vi.fn()
  const whenIdle = group.idle().then(idle)
  batches[0]?.finish(new AppError('UNAVAILABLE'))
  await expect(failing).rejects.toMatchObject({ code: 'UNAVAILABLE' })
  await waitFor(() => batches.length === 2)
  expect(idle).not.toHaveBeenCalled()
  batches[1]?.finish()
  expect(await next).toBe(20)
  await whenIdle
})
