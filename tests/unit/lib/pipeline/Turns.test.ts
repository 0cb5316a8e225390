import { setImmediate as tick } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { Turns } from '@/lib/pipeline/Turns'

/** Work that ends when it is told to. */
function work() {
  const ends: (() => void)[] = []
  const begin = () => new Promise<void>((resolve) => void ends.push(resolve))
  return { begin, ends }
}

test('a line works on so many at once, in order; others do not wait for it', async () => {
  const turns = new Turns({ atOnce: 2, mostWaiting: 10, maxWaitMs: 60_000 })
  const { begin, ends } = work()
  const calls = Array.from({ length: 3 }, () => turns.run('greedy', begin))
  await tick()
  expect(ends).toHaveLength(2)
  expect(await turns.run('somebody else', async () => 'at once')).toBe('at once')
  ends[0]?.()
  await tick()
  expect(ends).toHaveLength(3)
  for (const end of ends) end()
  await Promise.all(calls)
  expect(turns.size).toBe(0)
})

test('who finds the line full is told when to come back, and nothing was done', async () => {
  const turns = new Turns({ atOnce: 1, mostWaiting: 1, maxWaitMs: 60_000 })
  const { begin, ends } = work()
  const calls = [turns.run('greedy', begin), turns.run('greedy', begin)]
  await expect(turns.run('greedy', begin)).rejects.toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: 1_000 })
  for (let i = 0; i < 2; i++) {
    await tick()
    ends[i]?.()
  }
  await Promise.all(calls)
  expect(ends).toHaveLength(2)
})

test('whoever waited too long is not worked for any more', async () => {
  const turns = new Turns({ atOnce: 1, mostWaiting: 1, maxWaitMs: -1 })
  await expect(turns.run('late', async () => 'done')).rejects.toMatchObject({ code: 'TIMEOUT' })
  expect(turns.size).toBe(0)
})

test('work that fails leaves its line', async () => {
  const turns = new Turns({ atOnce: 1, mostWaiting: 1, maxWaitMs: 60_000 })
  await expect(turns.run('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(turns.size).toBe(0)
  expect(await turns.run('a', async () => 'again')).toBe('again')
})
