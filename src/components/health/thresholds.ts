/** `well`: nothing to do · `watch`: it works, look when you can · `broken`: people notice, look now. */
export type Level = 'well' | 'watch' | 'broken'

/**
 * From when on a figure is worth a look (`warn`) or people notice (`bad`). The one place for them; docs/monitoring/dashboard.md
 * repeats them.
 */
export const thresholds = {
  /** Average time of a command, in milliseconds. */
  commandMs: { warn: 250, bad: 1_000 },
  /** 99th percentile of the event loop's delay, in milliseconds. */
  eventLoopMs: { warn: 100, bad: 500 },
  /** Round trip to Redis, in milliseconds. */
  redisMs: { warn: 50 },
  /** Share of connections without a heartbeat; below `least` of them it says nothing. */
  stale: { warnShare: 0.1, least: 5 },
  /** Connections that end in a minute, as a share of those that are open; below `least` it says nothing. */
  dropping: { warnShare: 0.5, least: 50 },
} as const

export const levelOf = (amount: number, { warn, bad }: { warn: number; bad?: number }): Level =>
  bad !== undefined && amount >= bad ? 'broken' : amount >= warn ? 'watch' : 'well'
