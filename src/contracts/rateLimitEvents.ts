import * as z from 'zod/mini'
import { event } from './command'
import { Counter } from './primitives'

export const rateLimitEvents = {
  rateLimitWarning: event(z.object({ remaining: Counter }), 'the asking socket'),
  rateLimitExceeded: event(
    z.object({
      /** A moment by the server's clock, in milliseconds since 1970. */
      blockedUntilMs: z.int().check(z.gte(0)),
      retryAfterSec: Counter,
      remaining: Counter,
    }),
    'the asking socket',
  ),
}
