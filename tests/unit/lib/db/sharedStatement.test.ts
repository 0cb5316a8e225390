import { expect, test } from 'vitest'
import { sharedStatement } from '@/lib/db/repositories/sharedStatement'

const failed = (state: string) => Object.assign(new Error(`failed with ${state}`), { code: state })

/** Answers twice what it is asked; `batches` are what was asked together. The first batch of several fails so. */
function doubling(state: string, answerPart: (batch: readonly number[]) => Promise<void> = async () => {}) {
  const batches: number[][] = []
  const ask = async (batch: readonly number[]) => {
    batches.push([...batch])
    if (batch.length > 3) throw failed(state)
    await answerPart(batch)
    return batch.map((n) => n * 2)
  }
  // The odd and the even belong together.
  return { batches, double: sharedStatement(ask, (n) => (n % 2 === 0 ? 'even' : 'odd')) }
}

test('what is asked while others are answered is asked together', async () => {
  const { batches, double } = doubling('-')
  expect(await Promise.all([1, 2, 3].map(double))).toEqual([2, 4, 6])
  expect(batches).toEqual([[1], [2, 3]])
})

test('after a lock that did not come, those that wait for the same are asked together, and the others apart', async () => {
  const { batches, double } = doubling('55P03')
  expect(await Promise.all([1, 2, 3, 4, 5].map(double))).toEqual([2, 4, 6, 8, 10])
  expect(batches).toEqual([[1], [2, 3, 4, 5], [2, 4], [3, 5]])
})

test('after a value that the database refuses, each is asked apart', async () => {
  const { batches, double } = doubling('22021')
  await Promise.all([1, 2, 3, 4, 5].map(double))
  expect(batches).toEqual([[1], [2, 3, 4, 5], [2], [3], [4], [5]])
})

test('nobody waits for another part, and a part that fails fails alone', async () => {
  let fail = () => {}
  const stuck = new Promise<void>((_, reject) => {
    fail = () => reject(failed('55P03'))
  })
  const { double } = doubling('57014', ([first = 0]) => (first === 2 ? stuck : Promise.resolve()))
  const [, two, three, four, five] = [1, 2, 3, 4, 5].map(double)
  expect(await Promise.all([three, five])).toEqual([6, 10])
  expect(await double(7)).toBe(14)
  fail()
  await expect(two).rejects.toThrow('55P03')
  await expect(four).rejects.toThrow('55P03')
})

test('where the database does not answer, all fail at once', async () => {
  const { batches, double } = doubling('08006')
  const answers = await Promise.allSettled([1, 2, 3, 4, 5].map(double))
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', ...Array(4).fill('rejected')])
  expect(batches).toHaveLength(2)
})
