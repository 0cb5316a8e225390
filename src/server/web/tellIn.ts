import { rateLimitHeaders } from '@/lib/http/rateLimitHeaders'
import type { RateLimitState } from '@/lib/rate-limit/state'

/** Says in an answer's headers what is left of a limit. */
export const tellIn =
  (headers: Headers) =>
  (state: RateLimitState): void => {
    for (const [name, value] of rateLimitHeaders(state)) headers.set(name, value)
  }
