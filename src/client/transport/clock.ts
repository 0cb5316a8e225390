/** Time as a parameter, in milliseconds. */
export interface Clock {
  now(): number
  /** Runs once after `ms`; the answer cancels. */
  after(ms: number, run: () => void): () => void
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}

/** A number in [0, 1), like `Math.random`. */
export type Random = () => number

const firstDelayMs = 1_000
const longestDelayMs = 30_000

/** Exponential back-off with full jitter: anything up to 1 s after the first failure (`attempt` 0), doubling up to 30 s. */
export const backoffMs = (attempt: number, random: Random): number =>
  random() * Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(attempt, 10))
