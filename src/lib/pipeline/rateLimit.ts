import type { CommonServerEvents } from '@/contracts/events'
import type { RateLimitModule } from '@/contracts/rateLimits'
import { type RateLimitState, rateLimited, resetSeconds } from '@/lib/rate-limit/state'

/**
 * Counts a command against its module's limit; undefined at once where the module has none. Never rejects.
 *
 * Every attempt counts, also a second one of the same message: a socket attempt that was not acknowledged for 5 s and the
 * HTTP attempt after it are two. The limit protects what a command costs, which a repetition costs again, and it is asked
 * before the input is read. Giving points back for repetitions would make flooding with one message free. It is fair all
 * the same: a page sends one message of a room at a time, so with 5 s for each attempt it cannot use up the default limit
 * by repeating, and a refused repetition waits in the page's queue and is not lost.
 */
export type RateLimit = (module: RateLimitModule, key: string) => Promise<RateLimitState | undefined> | undefined

/** Whether one more command would be refused; counts nothing, and never rejects. */
export type IsLimitUsedUp = (module: RateLimitModule, key: string) => Promise<boolean>

/**
 * Rejects with RATE_LIMITED and `retryAfterMs`; undefined: nothing is counted. `tell` hears what is left, also when it is
 * too much.
 */
export function enforceRateLimit(
  count: RateLimit,
  module: RateLimitModule,
  key: string,
  tell: ((state: RateLimitState) => void) | undefined,
): Promise<void> | undefined {
  return count(module, key)?.then((state) => {
    if (!state) return
    tell?.(state)
    if (!state.allowed) throw rateLimited(state)
  })
}

export type RateLimitPayload<K extends 'rateLimitWarning' | 'rateLimitExceeded'> = Parameters<CommonServerEvents[K]>[0]

/** Whom a limit is told. */
export interface LimitedSocket {
  emit(event: 'rateLimitWarning', payload: RateLimitPayload<'rateLimitWarning'>): unknown
  emit(event: 'rateLimitExceeded', payload: RateLimitPayload<'rateLimitExceeded'>): unknown
}

/** Says it as events to the socket that asked, and to no other: it comes before the acknowledgement. */
export function tellSocket(socket: LimitedSocket, state: RateLimitState): void {
  const { remaining } = state
  if (!state.allowed) {
    const blockedUntilMs = Date.now() + state.resetMs
    socket.emit('rateLimitExceeded', { blockedUntilMs, retryAfterSec: resetSeconds(state), remaining })
  } else if (state.warns) {
    socket.emit('rateLimitWarning', { remaining })
  }
}
