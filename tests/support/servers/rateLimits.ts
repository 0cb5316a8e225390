import { rateLimitModules } from '@/contracts/rateLimits'
import type { SocketAppConfig } from '@/server/socket/SocketApp'

type RateLimits = SocketAppConfig['rateLimits']

/** Tests send and sign in more than people do; those about limits name theirs. */
// One for each module.
const none = Object.fromEntries(rateLimitModules.map((module) => [module, null])) as RateLimits

/** What is not named is not limited. */
export const onlyLimits = (named: Partial<RateLimits>): RateLimits => ({ ...none, ...named })

/** The same as the environment says it. */
export const limitVariables = (named: Partial<RateLimits>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(onlyLimits(named)).map(([module, limit]) => [
      `RATE_LIMIT_${module.replaceAll('-', '_').toUpperCase()}`,
      limit ? `${limit.points}/${limit.seconds}` : 'off',
    ]),
  )
