import { type RateLimitModule, rateLimitModules } from '@/contracts/rateLimits'
import type { Config } from '@/lib/env/config'
import type { IsLimitUsedUp, RateLimit } from '@/lib/pipeline/rateLimit'
import type { Logger } from '@/services/shared/Logger'
import { type Counter, createCounters, type RedisClient } from './counters'
import { createResetLimit, type ResetLimit } from './resetLimit'
import { createSignInLimit, type SignInLimit } from './signInLimit'
import type { RateLimitState } from './state'

export type RateLimitDecision = 'allowed' | 'warned' | 'limited'

export interface RateLimiterDeps {
  /** What each module allows; null is off, and costs nothing. */
  limits: Config['rateLimits']
  /** Shared by every process that is given one; undefined: this process counts alone. */
  redis: RedisClient | undefined
  logger: Logger
  /** Hears of every decision, for metrics. */
  onDecision?: ((module: RateLimitModule, decision: RateLimitDecision) => void) | undefined
}

export interface RateLimiter {
  /** For the pipelines: one count for each command. */
  count: RateLimit
  isUsedUp: IsLimitUsedUp
  /** For signing in, which is counted for the account as well. */
  signIn: SignInLimit
  /** For mails about forgotten passwords, counted for each address that is written to. */
  passwordReset: ResetLimit
}

/** The limits of one process (requirements 000, CF-5). Connects nowhere. */
export function createRateLimiter({ limits, redis, logger, onDecision }: RateLimiterDeps): RateLimiter {
  const createCounter = createCounters({ redis, logger })
  const counters = new Map<RateLimitModule, Counter>()
  for (const module of rateLimitModules) {
    const rate = limits[module]
    if (rate) counters.set(module, createCounter(module, rate))
  }

  function report(module: RateLimitModule, key: string, state: RateLimitState): void {
    onDecision?.(module, state.allowed ? (state.warns ? 'warned' : 'allowed') : 'limited')
    if (state.isFirstRefusal) logger.warn('rate limit exceeded', { module, key, resetMs: state.resetMs })
  }

  return {
    count(module, key) {
      return counters
        .get(module)
        ?.count(key)
        .then((state) => {
          report(module, key, state)
          return state
        })
    },
    isUsedUp: async (module, key) => (await counters.get(module)?.isExhausted(key)) ?? false,
    signIn: createSignInLimit({
      rate: limits.auth,
      createCounter,
      onCounted: (state, what) => report('auth', what, state),
    }),
    passwordReset: createResetLimit(createCounter),
  }
}
