import { expect, test } from 'vitest'
import { AccountChanged } from '@/client/runtime/errors'
import { createFetchToken, type SessionToken, TokenCache } from '@/client/transport/TokenCache'
import { TestClock } from '../support/TestClock'

const token = (text: string): SessionToken => ({
  token: text,
  expiresAt: '2026-01-01T00:00:00.000Z',
  url: 'http://127.0.0.1:1',
})

const tokenOf = (subject: string) => token(`head.${btoa(JSON.stringify({ sub: subject }))}.signature`)

/** The token's request, answered with this. */
const answering = (data: SessionToken) => createFetchToken({ call: async () => data as never }, 'ada') // nothing else is asked for

test('a token of somebody else is none: another tab has signed in with another account', async () => {
  expect(await answering(tokenOf('ada'))('/chat')).toEqual(tokenOf('ada'))
  await expect(answering(tokenOf('bob'))('/chat')).rejects.toThrow(AccountChanged)
})

test('a token whose form is not known is left for the server to judge', async () => {
  expect(await answering(token('opaque'))('/chat')).toEqual(token('opaque'))
})

test('only the token that was asked for last counts', async () => {
  const answers: ((data: SessionToken) => void)[] = []
  const cache = new TokenCache(new TestClock(), () => new Promise((resolve) => answers.push(resolve)))
  const [overtaken, last] = [cache.fetch(), cache.fetch()]
  for (const [i, answer] of answers.entries()) answer(token(`token ${i + 1}`))

  expect([await overtaken, await last]).toEqual([undefined, token('token 2')])

  const cancelled = cache.fetch()
  cache.cancel()
  answers.at(-1)?.(token('token 3'))
  expect(await cancelled).toBeUndefined()
})

test('a token that is kept is for one handshake, within a minute', async () => {
  const clock = new TestClock()
  const cache = new TokenCache(clock, () => Promise.reject(new Error('not asked')))
  cache.keep(token('one'))
  expect([cache.take(), cache.take()]).toEqual([token('one'), undefined])

  cache.keep(token('two'))
  await clock.pass(60_000)
  expect(cache.take()).toBeUndefined()
})
