import { expect, test } from 'vitest'
import { AppError } from '@/contracts/errors'
import { createCounters } from '@/lib/rate-limit/counters'
import { createSignInLimit } from '@/lib/rate-limit/signInLimit'
import { silentLogger } from '@/services/shared/Logger'

/** A sign-in limit, and how many different keys each of its counters was given. */
function create() {
  const keys = new Map<string, Set<string>>()
  const createCounter = createCounters({ redis: undefined, logger: silentLogger })
  const signIn = createSignInLimit({
    rate: { points: 10, seconds: 60 },
    createCounter(name, rate) {
      const counter = createCounter(name, rate)
      const seen = new Set<string>()
      keys.set(name, seen)
      return {
        ...counter,
        count(key) {
          seen.add(key)
          return counter.count(key)
        },
      }
    },
    onCounted: () => {},
  })
  const attempt = async (account: string, address: string, isRight = false) => {
    const work = async () => {
      if (!isRight) throw new AppError('UNAUTHENTICATED')
    }
    return signIn({ account, address }, () => {}, work).then(
      () => 'OK',
      (error: AppError) => error.code,
    )
  }
  return { attempt, sizes: () => Object.fromEntries([...keys].map(([name, seen]) => [name, seen.size])) }
}

test('200,000 made-up accounts from one address are noted as the few that it may try', async () => {
  const { attempt, sizes } = create()
  for (let i = 0; i < 200_000; i++) await attempt(`made-up-${i}@example.com`, 'one address')
  expect(sizes()).toEqual({ 'auth-pair': 30, 'auth-address': 1, 'auth-account': 30, 'auth-known': 0 })
  expect(await attempt('somebody@example.com', 'one address', true)).toBe('RATE_LIMITED')
  expect(await attempt('somebody@example.com', 'another', true)).toBe('OK')
})

test('an account that was guessed at from everywhere stays closed to strangers, however many others are tried', async () => {
  const { attempt } = create()
  await attempt('victim@example.com', 'home', true)
  for (let bot = 0; bot < 100; bot++) expect(await attempt('victim@example.com', `bot ${bot}`)).toBe('UNAUTHENTICATED')
  for (let i = 0; i < 40_000; i++) await attempt(`made-up-${i}@example.com`, `network ${i}`)
  expect(await attempt('victim@example.com', 'one more bot')).toBe('RATE_LIMITED')
  // Where they use to sign in, nothing of this concerns them.
  expect(await attempt('victim@example.com', 'home', true)).toBe('OK')
})
