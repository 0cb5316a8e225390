import { expect, test } from 'vitest'
import { NetworkError } from '@/client/runtime/errors'
import { ServerValue } from '@/client/runtime/ServerValue'
import { AppError } from '@/contracts/errors'
import { settled, TestClock } from '../support/TestClock'
import { testRuntime } from '../support/testRuntime'

/** A list of words that a server keeps. */
const scene = () => {
  const clock = new TestClock()
  const server = { words: ['first'], reads: 0, refuses: undefined as Error | undefined }
  const value = new ServerValue(testRuntime({ clock }), async () => {
    server.reads += 1
    if (server.refuses) throw server.refuses
    return server.words
  })
  const shown = () => value.view.getSnapshot()
  /** Shows the word at once; the server takes it when the answer is called. */
  const add = (word: string) => {
    let finish: (error?: Error) => void = () => {}
    const done = value.change(
      (words) => [...words, word],
      () =>
        new Promise<void>((resolve, reject) => {
          finish = (error) => {
            if (error) return reject(error)
            server.words = [...server.words, word]
            resolve()
          }
        }),
    )
    return { done, finish: (error?: Error) => finish(error) }
  }
  return { clock, server, value, shown, add }
}

test('nothing is asked before somebody wants it, and again only when it may have changed', async () => {
  const { clock, server, value, shown } = scene()
  value.outdated()
  await clock.pass(1_000)
  expect([server.reads, shown().value]).toEqual([0, undefined])

  value.want()
  value.want()
  await settled()
  expect([server.reads, shown().value]).toEqual([1, ['first']])

  server.words = ['second']
  await clock.pass(1_000)
  value.outdated()
  await clock.pass(0) // at once
  expect([server.reads, shown().value]).toEqual([2, ['second']])
})

test('what changes again and again is read once a second, and as it is in the end', async () => {
  const { clock, server, value, shown } = scene()
  value.want()
  await settled()
  for (let change = 1; change <= 30; change += 1) {
    server.words = [`change ${change}`]
    value.outdated()
    await clock.pass(30)
  }
  await clock.pass(1_000)
  expect([server.reads, shown().value]).toEqual([2, ['change 30']])
})

test('whoever needs to know is not answered with what is known to have changed', async () => {
  const { clock, server, value } = scene()
  expect(await value.known()).toEqual(['first'])
  server.words = ['second']
  value.outdated() // within a second of the last read: it would be read later
  expect([await value.known(), server.reads]).toEqual([['second'], 2])
  await clock.pass(1_000)
  expect(server.reads).toBe(2)
})

test('what cannot be read says why, keeps what was known, and is tried again', async () => {
  const { clock, server, value, shown } = scene()
  value.want()
  await settled()
  server.refuses = new NetworkError('no network')
  value.outdated()
  await clock.pass(1_000)
  expect(shown()).toMatchObject({ value: ['first'], error: { code: 'UNAVAILABLE' } })

  server.refuses = undefined
  server.words = ['second']
  await clock.pass(60_000)
  expect(shown()).toEqual({ value: ['second'], error: undefined })
})

test('what the server refuses for good is not tried again', async () => {
  const { clock, server, value, shown } = scene()
  server.refuses = new AppError('FORBIDDEN')
  value.want()
  await clock.pass(60_000)
  expect([server.reads, shown().error?.code]).toEqual([1, 'FORBIDDEN'])
})

test('a change shows at once, through whatever is read meanwhile, and as the server has it afterwards', async () => {
  const { clock, server, value, shown, add } = scene()
  value.want()
  await settled()
  const { done, finish } = add('mine')
  expect(shown().value).toEqual(['first', 'mine'])

  server.words = ['theirs']
  value.outdated()
  await clock.pass(1_000)
  expect(shown().value).toEqual(['theirs', 'mine'])

  finish()
  await done
  expect(shown().value).toEqual(['theirs', 'mine'])
  expect(server.words).toEqual(['theirs', 'mine'])

  server.words = ['mine', 'theirs']
  await clock.pass(1_000)
  expect(shown().value).toEqual(['mine', 'theirs'])
})

test('a change that was carried out has not failed, and stays, when reading it again fails', async () => {
  const { clock, server, value, shown, add } = scene()
  value.want()
  await settled()
  const { done, finish } = add('mine')
  await settled()
  server.refuses = new AppError('RATE_LIMITED')
  finish()
  await done
  await clock.pass(2_000)
  expect(shown()).toMatchObject({ value: ['first', 'mine'], error: { code: 'RATE_LIMITED' } })

  server.refuses = undefined
  await clock.pass(60_000)
  expect(shown()).toEqual({ value: ['first', 'mine'], error: undefined })
})

test('what was asked for before a change was carried out does not hide it', async () => {
  const clock = new TestClock()
  const answers: ((value: string) => void)[] = []
  const value = new ServerValue(testRuntime({ clock }), () => new Promise<string>((resolve) => answers.push(resolve)))
  value.want()
  await settled()
  await value.change(
    () => 'mine',
    async () => {},
  )
  answers[0]?.('before')
  await settled()
  expect(value.view.getSnapshot().value).toBe('mine')

  await clock.pass(1_000)
  answers[1]?.('after')
  await settled()
  expect(value.view.getSnapshot().value).toBe('after')
})

test('a change that is refused is shown no more', async () => {
  const { value, shown, add } = scene()
  value.want()
  await settled()
  const { done, finish } = add('mine')
  const refused = expect(done).rejects.toThrow('no')
  await settled()
  finish(new Error('no'))
  await refused
  expect(shown().value).toEqual(['first'])
})

test('changes are carried out one after the other, also after one that failed', async () => {
  const { server, value, add } = scene()
  value.want()
  await settled()
  const [one, two, three] = [add('one'), add('two'), add('three')]
  two.finish() // not begun
  await settled()
  expect(server.words).toEqual(['first'])
  const refused = expect(one.done).rejects.toThrow('no')
  one.finish(new Error('no'))
  await refused
  await settled()
  two.finish()
  await two.done
  three.finish()
  await three.done
  expect(server.words).toEqual(['first', 'two', 'three'])
})
