import { type RateLimitState, resetSeconds } from '@/lib/rate-limit/state'

/** `RateLimit-Limit`, `-Remaining` and `-Reset` (seconds); a refusal's `Retry-After` is set where errors are answered. */
export const rateLimitHeaders = (state: RateLimitState): [name: string, value: string][] => [
  ['RateLimit-Limit', String(state.limit)],
  ['RateLimit-Remaining', String(state.remaining)],
  ['RateLimit-Reset', String(resetSeconds(state))],
]

/** `Retry-After` in seconds, where an error says when to come back. */
export const retryAfterHeader = ({
  retryAfterMs,
}: {
  retryAfterMs?: number | undefined
}): [name: string, value: string][] =>
  retryAfterMs === undefined ? [] : [['Retry-After', String(Math.ceil(retryAfterMs / 1000))]]
