import * as z from 'zod/mini'
import { event } from './command'
import { Counter } from './primitives'

/** What a socket hears of its own limits. */
export const rateLimitEvents = {
  /** A fifth or less of what the limit allows is left. */
  rateLimitWarning: event(z.object({ remaining: Counter }), 'the asking socket'),
  /** Nothing is left until then; the command was refused. */
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
