import { expect, test, vi } from 'vitest'
import { OwnReactions } from '@/client/chat/OwnReactions'
import { AppError } from '@/contracts/errors'
import { settled, TestClock } from '../support/TestClock'
import { playedTransport, testRuntime } from '../support/testRuntime'

const open = (answers: (() => Promise<string[]>)[]) => {
  const changed = vi.fn()
  const asked: unknown[] = []
  const transport = playedTransport(async (_, input) => {
    asked.push(input)
    const emojis = await (answers[asked.length - 1]?.() ?? [])
    return { reactions: emojis.map((emoji) => ({ emoji, userId: 'me', name: 'Me' })), nextCursor: null }
  })
  const own = new OwnReactions(testRuntime({ clock: new TestClock() }), { userId: 'me', transport, changed })
  return { own, asked, changed, of: () => [...(own.all.get('m1') ?? [])] }
}

test('are asked for once, and known from then on', async () => {
  const { own, asked, changed, of } = open([async () => ['👍']])
  void own.learn('r', 'm1')
  await own.learn('r', 'm1')
  await settled()
  expect(asked).toEqual([{ messageId: 'm1', userId: 'me' }])
  expect(of()).toEqual(['👍'])
  expect(changed).toHaveBeenCalledExactlyOnceWith('r')
  own.note('m1', '👍', false)
  own.note('m1', '🎉', true)
  expect(of()).toEqual(['🎉'])
})

test('what was done while the answer was on its way holds', async () => {
  let answer = (_: string[]) => {}
  const { own, of } = open([() => new Promise((resolve) => (answer = resolve))])
  const learned = own.learn('r', 'm1')
  own.note('m1', '🎉', true)
  own.note('m1', '👍', false)
  await settled()
  answer(['👍', '❤️'])
  await learned
  expect(of()).toEqual(['❤️', '🎉'])
})

test('are asked for again where no answer came', async () => {
  const { own, asked, of } = open([() => Promise.reject(new AppError('UNAVAILABLE')), async () => ['👍']])
  await own.learn('r', 'm1')
  await own.learn('r', 'm1')
  expect(asked).toHaveLength(2)
  expect(of()).toEqual(['👍'])
})
