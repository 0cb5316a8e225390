import { type RateLimitState, resetSeconds } from '@/lib/rate-limit/state'

/** `RateLimit-Limit`, `-Remaining` and `-Reset` (seconds); a refusal's `Retry-After` is set where errors are answered. */
export function setRateLimitHeaders(headers: Headers, state: RateLimitState): void {
  headers.set('RateLimit-Limit', String(state.limit))
  headers.set('RateLimit-Remaining', String(state.remaining))
  headers.set('RateLimit-Reset', String(resetSeconds(state)))
}
