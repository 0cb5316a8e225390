import { expect, test, vi } from 'vitest'
import { MessageDetails } from '@/client/chat/MessageDetails'
import { AppError } from '@/contracts/errors'
import { TestClock } from '../support/TestClock'
import { playedTransport, testRuntime } from '../support/testRuntime'

type Answer = { people?: { id: string; name: string }[]; ownReactions?: Record<string, string[]> }

const open = (answer: (seqs: number[], times: number) => Answer | Promise<Answer> = () => ({})) => {
  const changed = vi.fn()
  const asked: number[][] = []
  const transport = playedTransport(async (_, input) => {
    const { seqs } = input as { seqs: number[] } // the one question that is asked here
    asked.push(seqs)
    return { people: [], ownReactions: {}, ...(await answer(seqs, asked.length)) }
  })
  const clock = new TestClock()
  const details = new MessageDetails(testRuntime({ clock }), transport)
  details.view.subscribe(changed)
  const want = (seq: number, rev = seq) => details.want('r', { id: `m${seq}`, seq, rev })
  return {
    details,
    want,
    asked,
    changed,
    clock,
    own: () => [...(details.view.getSnapshot().ownReactions.get('m1') ?? [])],
  }
}

test('what several messages leave open is one question, asked once', async () => {
  const { details, want, asked, changed, clock, own } = open(() => ({
    people: [{ id: 'linus', name: 'Linus' }],
    ownReactions: { m1: ['👍'] },
  }))
  for (const seq of [1, 2, 3, 1]) want(seq)
  await clock.pass(50)
  expect(asked).toEqual([[1, 2, 3]])
  expect(details.view.getSnapshot().names.get('linus')?.name).toBe('Linus')
  expect(own()).toEqual(['👍'])
  expect(changed).toHaveBeenCalledOnce()
  want(2)
  await clock.pass(60_000)
  expect(asked).toHaveLength(1)
})

test('of very many messages it asks in parts', async () => {
  const { want, asked, clock } = open()
  for (let seq = 1; seq <= 120; seq += 1) want(seq)
  await clock.pass(50)
  expect(asked.map((seqs) => seqs.length)).toEqual([50, 50, 20])
})

test('of a message that changes all the time it asks every five seconds', async () => {
  const { want, asked, clock } = open()
  want(1, 1)
  await clock.pass(50)
  for (let rev = 2; rev <= 100; rev += 1) {
    want(1, rev)
    await clock.pass(100)
  }
  expect(asked).toHaveLength(2)
  await clock.pass(5_000)
  expect(asked).toHaveLength(3)
})

test('what was taken back elsewhere is one’s own no more once that is known', async () => {
  const { want, clock, own } = open((_, times) => ({ ownReactions: times === 1 ? { m1: ['👍'] } : {} }))
  want(1, 1)
  await clock.pass(50)
  expect(own()).toEqual(['👍'])
  want(1, 2)
  await clock.pass(5_000)
  expect(own()).toEqual([])
})

test('what was done here holds as soon as the message has changed, and until the next answer', async () => {
  const { details, want, clock, own } = open((_, times) => ({
    ownReactions: { m1: times === 1 ? ['❤️'] : ['🎉', '❤️'] },
  }))
  want(1, 1)
  await clock.pass(50)
  details.note('m1', '🎉', true)
  details.note('m1', '❤️', false)
  expect(own(), 'it may be refused').toEqual(['❤️'])
  want(1, 2)
  expect(own()).toEqual(['🎉'])
  await clock.pass(5_000)
  expect(own(), 'as the server says').toEqual(['🎉', '❤️'])
})

test('where no answer came, whoever looks again asks again', async () => {
  const { want, asked, clock } = open((_, times) => (times === 1 ? Promise.reject(new AppError('UNAVAILABLE')) : {}))
  want(1)
  await clock.pass(50)
  want(1)
  await clock.pass(50)
  expect(asked).toEqual([[1], [1]])
})

test('own reactions of so many messages are remembered', async () => {
  const { details, want, clock } = open((seqs) => ({
    ownReactions: Object.fromEntries(seqs.map((seq) => [`m${seq}`, ['👍']])),
  }))
  for (let seq = 1; seq <= 600; seq += 1) want(seq)
  await clock.pass(50)
  expect(details.view.getSnapshot().ownReactions.size).toBe(500)
})
