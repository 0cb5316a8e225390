/** Time as a parameter, in milliseconds. */
export interface Clock {
  now(): number
  /** Runs once after `ms`; the answer cancels. */
  after(ms: number, run: () => void): () => void
}

/** The browser's own clock and timers. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}

/** A number in [0, 1), like `Math.random`. */
export type Random = () => number
