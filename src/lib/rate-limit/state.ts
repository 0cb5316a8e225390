import { AppError } from '@/contracts/errors'

/** What is left of somebody's limit after one command was counted. */
export interface RateLimitState {
  allowed: boolean
  /** Commands in a whole window. */
  limit: number
  /** Commands left in this window; 0 when refused. */
  remaining: number
  /** Milliseconds until the window ends and everything is allowed again. */
  resetMs: number
  /** Allowed, but little is left. */
  warns: boolean
  /** The first refusal of this window: worth a line in the log, unlike those that follow. */
  isFirstRefusal: boolean
}

/** At so many commands left, or fewer, people are warned: a fifth of the limit, at least one. */
export const warningAt = (limit: number): number => Math.max(1, Math.floor(limit / 5))

/** `counted`: this command included. */
export function rateLimitState(limit: number, counted: number, resetMs: number): RateLimitState {
  const remaining = Math.max(0, limit - counted)
  const allowed = counted <= limit
  return {
    allowed,
    limit,
    remaining,
    resetMs: Math.max(0, Math.ceil(resetMs)),
    warns: allowed && remaining <= warningAt(limit),
    isFirstRefusal: counted === limit + 1,
  }
}

/** Whole seconds until the window ends; rounded up, so that who waits as long is not refused again. */
export const resetSeconds = ({ resetMs }: RateLimitState): number => Math.ceil(resetMs / 1000)

/** The refusal, for a state that does not allow. */
export function rateLimited(state: RateLimitState, what = 'Too many at once.'): AppError {
  const seconds = resetSeconds(state)
  return new AppError('RATE_LIMITED', {
    message: `${what} Please try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`,
    retryAfterMs: state.resetMs,
  })
}
