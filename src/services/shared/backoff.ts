const FIRST_MS = 5_000
const MOST_MS = 60 * 60_000

/** How long to wait after an attempt that failed, in milliseconds: twice as long each time up to an hour, and half of it by chance. */
export function retryDelayMs(attemptsBefore: number, random: () => number): number {
  const full = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(attemptsBefore, 20))
  return Math.round(full * (0.5 + random() / 2))
}
