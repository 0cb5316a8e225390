import { z } from 'zod'
import { Counter } from './primitives'

/** The modules that can be limited (requirements 000, CF-5); each has a variable `RATE_LIMIT_…`. */
export const rateLimitModules = ['chat-messages', 'chat-rooms', 'chat-read', 'chat-ping', 'auth'] as const
export type RateLimitModule = (typeof rateLimitModules)[number]

export const rateLimitEvents = {
  rateLimitWarning: z.object({ remaining: Counter }),
  rateLimitExceeded: z.object({ blockedUntilMs: Counter, retryAfterSec: Counter, remaining: Counter }),
}
