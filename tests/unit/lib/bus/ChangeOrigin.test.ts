import { expect, test, vi } from 'vitest'
import { ChangeOrigin } from '@/lib/bus/ChangeOrigin'
import type { Change } from '@/services/shared/changes'

const announced = (origin: string): Change => ({ type: 'removed', roomId: 'r', userId: 'u', origin })

test('another process’s change is not published here', () => {
  const origin = new ChangeOrigin('socket:a')
  expect(origin.isPublishedHere(announced('socket:b#1'))).toBe(false)
  expect(origin.isPublishedHere(announced('socket:ab#1'))).toBe(false)
})

test('a change whose transaction was answered has been published by its service', async () => {
  const origin = new ChangeOrigin('socket:a')
  const publish = vi.fn()
  origin.onUnanswered(publish)
  const name = await origin.announce(async (own) => own)
  expect(origin.isPublishedHere(announced(name))).toBe(true)
  expect(publish).not.toHaveBeenCalled()
})

test('when the answer was lost, an announcement that comes later counts as another’s', async () => {
  const origin = new ChangeOrigin('socket:a')
  let name = ''
  await expect(
    origin.announce(async (own) => {
      name = own
      throw new Error('connection reset')
    }),
  ).rejects.toThrow('connection reset')
  expect(origin.isPublishedHere(announced(name))).toBe(false)
})

test('when the answer was lost, an announcement that came before is published then', async () => {
  const origin = new ChangeOrigin('socket:a')
  const publish = vi.fn()
  origin.onUnanswered(publish)
  let change: Change | undefined
  await expect(
    origin.announce(async (own) => {
      change = announced(own)
      expect(origin.isPublishedHere(change)).toBe(true)
      throw new Error('connection reset')
    }),
  ).rejects.toThrow()
  expect(publish.mock.calls).toEqual([[change]])
})

/** A way that works until it is cut. */
const carrier = () => {
  const way = { works: true }
  return {
    way,
    carrier: { isCarrying: () => way.works, wasRolledBack: (error: unknown) => String(error).includes('23505') },
  }
}

test('a change that is carried announces nothing', async () => {
  const origin = new ChangeOrigin('socket:a', carrier().carrier)
  expect(await origin.announceUnlessCarried(async (name) => name)).toBeNull()
  expect(await origin.announce(async (name) => name)).toBe('socket:a#1')
})

test('when the way is cut while a transaction runs, the others are told to look', async () => {
  const { way, carrier: carries } = carrier()
  const origin = new ChangeOrigin('socket:a', carries)
  const unheard = vi.fn()
  origin.onUnheard(unheard)
  await origin.announceUnlessCarried(async () => {
    way.works = false
  })
  expect(unheard.mock.calls).toEqual([['committed', expect.any(Number)]])
  expect(await origin.announceUnlessCarried(async (name) => name)).toBe('socket:a#1')
})

test('a carried transaction whose answer was lost is in doubt, one that was rolled back is not', async () => {
  const origin = new ChangeOrigin('socket:a', carrier().carrier)
  const unheard = vi.fn()
  origin.onUnheard(unheard)
  const fail = (message: string) => origin.announceUnlessCarried(() => Promise.reject(new Error(message)))
  await expect(fail('23505')).rejects.toThrow()
  expect(unheard).not.toHaveBeenCalled()
  await expect(fail('connection reset')).rejects.toThrow()
  expect(unheard.mock.calls).toEqual([['in doubt', expect.any(Number)]])
})
