import { expect, test, vi } from 'vitest'
import type { Announcement } from '@/lib/bus/announcements'
import { Transactions } from '@/lib/bus/Transactions'

const announced = (origin: string): Announcement => ({ type: 'removed', roomId: 'r', userId: 'u', origin })

test('another process’s change is not published here', () => {
  const transactions = new Transactions('socket:a')
  expect(transactions.isPublishedHere(announced('socket:b#1'))).toBe(false)
  expect(transactions.isPublishedHere(announced('socket:ab#1'))).toBe(false)
})

test('a change whose transaction was answered has been published by its service', async () => {
  const transactions = new Transactions('socket:a')
  const publish = vi.fn()
  transactions.on('unanswered', publish)
  const name = await transactions.transaction(async (own) => own)
  expect(transactions.isPublishedHere(announced(name))).toBe(true)
  expect(publish).not.toHaveBeenCalled()
})

test('when the answer was lost, an announcement that comes later counts as another’s', async () => {
  const transactions = new Transactions('socket:a')
  let name = ''
  await expect(
    transactions.transaction(async (own) => {
      name = own
      throw new Error('connection reset')
    }),
  ).rejects.toThrow('connection reset')
  expect(transactions.isPublishedHere(announced(name))).toBe(false)
})

test('when the answer was lost, an announcement that came before is published then', async () => {
  const transactions = new Transactions('socket:a')
  const publish = vi.fn()
  transactions.on('unanswered', publish)
  let change: Announcement | undefined
  await expect(
    transactions.transaction(async (own) => {
      change = announced(own)
      expect(transactions.isPublishedHere(change)).toBe(true)
      throw new Error('connection reset')
    }),
  ).rejects.toThrow()
  expect(publish.mock.calls).toEqual([[change]])
})

/** A way that works until it is cut. */
const cutLater = () => {
  const way = { works: true }
  return { way, isCarried: () => way.works }
}

/** What PostgreSQL itself refused was rolled back. */
const refused = Object.assign(new Error('duplicate key'), { code: '23505' })

test('a change that is carried announces nothing', async () => {
  const transactions = new Transactions('socket:a', cutLater().isCarried)
  expect(await transactions.carriedTransaction(async (name) => name)).toBeNull()
  expect(await transactions.transaction(async (name) => name)).toBe('socket:a#1')
})

test('when the way is cut while a transaction runs, the others are told to look', async () => {
  const { way, isCarried } = cutLater()
  const transactions = new Transactions('socket:a', isCarried)
  const unheard = vi.fn()
  transactions.on('unheard', unheard)
  await transactions.carriedTransaction(async () => {
    way.works = false
  })
  expect(unheard.mock.calls).toEqual([['committed', expect.any(Number)]])
  expect(await transactions.carriedTransaction(async (name) => name)).toBe('socket:a#1')
})

test('a carried transaction whose answer was lost is in doubt, one that was rolled back is not', async () => {
  const transactions = new Transactions('socket:a', cutLater().isCarried)
  const unheard = vi.fn()
  transactions.on('unheard', unheard)
  const fail = (error: Error) => transactions.carriedTransaction(() => Promise.reject(error))
  await expect(fail(refused)).rejects.toThrow()
  expect(unheard).not.toHaveBeenCalled()
  await expect(fail(new Error('connection reset'))).rejects.toThrow()
  expect(unheard.mock.calls).toEqual([['in doubt', expect.any(Number)]])
})
