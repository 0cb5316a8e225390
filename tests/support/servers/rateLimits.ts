import type { SocketAppConfig } from '@/server/socket/SocketApp'

type RateLimits = SocketAppConfig['rateLimits']

/** Tests send and sign in more than people do; those about limits name theirs. */
const none: RateLimits = { 'chat-messages': null, 'chat-rooms': null, 'chat-read': null, 'chat-ping': null, auth: null }

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
