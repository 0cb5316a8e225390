import { createHash } from 'node:crypto'
import { AppError } from '@/contracts/errors'
import type { Config } from '@/lib/env/config'
import type { CreateCounter } from './counters'
import { type RateLimitState, rateLimited } from './state'

/** All accounts that are tried from one address share this many times the limit: an office signs in on Monday morning. */
const ADDRESS_FACTOR = 3
/** One account, tried from wherever, has this many times the limit … */
const ACCOUNT_FACTOR = 10
/** … in a window so many times as long: 100 wrong passwords an hour, with the limit's default. */
const ACCOUNT_WINDOW_FACTOR = 60
/** … but no longer than this, in seconds: timers in memory end at 24 days. */
const LONGEST_WINDOW_SECONDS = 14 * 24 * 3_600
/** How long an address counts as one this account signs in from. */
const KNOWN_SECONDS = LONGEST_WINDOW_SECONDS

export interface SignInAttempt {
  /** The normalised e-mail address; null: whose account it is shows later, and somebody else counts for it. */
  account: string | null
  /** As `clientAddress` gives it. */
  address: string
}

/**
 * Runs `work` (which rejects with UNAUTHENTICATED for a wrong password or code) if the attempt is allowed. `tell` hears what is
 * left. @throws AppError RATE_LIMITED, or what `work` rejects with.
 */
export type SignInLimit = <Result>(
  attempt: SignInAttempt,
  tell: (state: RateLimitState) => void,
  work: () => Promise<Result>,
) => Promise<Result>

/**
 * Guessing is limited three ways: for one account from one address, for one address, and for one account from everywhere.
 * Only wrong passwords count in the end. The last limit never concerns an address that the account signed in from lately,
 * and the first two count for the guesser's own address: so whoever guesses cannot lock the owner out.
 */
export function createSignInLimit(deps: {
  rate: Config['rateLimits']['auth']
  createCounter: CreateCounter
  onCounted: (state: RateLimitState, what: string) => void
}): SignInLimit {
  const { rate, createCounter } = deps
  if (!rate) return (_attempt, _tell, work) => work()
  const pairs = createCounter('auth-pair', rate)
  const addresses = createCounter('auth-address', { points: rate.points * ADDRESS_FACTOR, seconds: rate.seconds })
  const accounts = createCounter('auth-account', {
    points: rate.points * ACCOUNT_FACTOR,
    seconds: Math.max(rate.seconds, Math.min(rate.seconds * ACCOUNT_WINDOW_FACTOR, LONGEST_WINDOW_SECONDS)),
  })
  const known = createCounter('auth-known', { points: 1, seconds: KNOWN_SECONDS })

  /** For the address alone. */
  const byAddress: SignInLimit = async ({ address }, tell, work) => {
    const state = await addresses.count(address)
    tell(state)
    deps.onCounted(state, `address ${address}`)
    if (!state.allowed) throw rateLimited(state, TOO_MANY)
    try {
      const result = await work()
      await addresses.giveBack(address)
      return result
    } catch (error) {
      if (!isWrong(error)) await addresses.giveBack(address)
      throw error
    }
  }

  return async (attempt, tell, work) => {
    const { address } = attempt
    if (attempt.account === null) return byAddress(attempt, tell, work)
    const account = digest(attempt.account)
    const pair = digest(`${attempt.account} ${address}`)
    const isKnown = await known.knows(pair)

    // Counted before the password is looked at, so that guesses made at once do not slip through together. In this order:
    // what one limit refuses does not use up the next. An address that may not guess is not noted with each account it
    // makes up: it would leave an entry for every one of them.
    const isSpent = await addresses.isExhausted(address)
    const state = isSpent ? await addresses.count(address) : await pairs.count(pair)
    tell(state)
    const checks = [
      { state, what: isSpent ? `address ${address}` : `account ${account} from ${address}` },
      ...(state.allowed && !isSpent ? [{ state: await addresses.count(address), what: `address ${address}` }] : []),
    ]
    if (!isKnown && checks.every((check) => check.state.allowed)) {
      checks.push({ state: await accounts.count(account), what: `account ${account}` })
    }
    const refused = checks.find((check) => !check.state.allowed)
    deps.onCounted(refused?.state ?? state, refused?.what ?? `account ${account} from ${address}`)
    if (refused) {
      tell(refused.state)
      throw rateLimited(refused.state, TOO_MANY)
    }

    const giveBack = () => Promise.all([addresses.giveBack(address), ...(isKnown ? [] : [accounts.giveBack(account)])])
    try {
      const result = await work()
      await Promise.all([giveBack(), pairs.forget(pair), known.remember(pair)])
      return result
    } catch (error) {
      if (!isWrong(error)) await Promise.all([giveBack(), pairs.giveBack(pair)])
      throw error
    }
  }
}

const TOO_MANY = 'Too many attempts to sign in.'

/** A wrong password or code. */
const isWrong = (error: unknown): boolean => error instanceof AppError && error.code === 'UNAUTHENTICATED'

/** Keys are short, and hold no e-mail address. */
export const digest = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22)
