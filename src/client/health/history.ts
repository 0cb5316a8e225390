import type { HistoryPoint } from '@/contracts/admin'

/** How much of the past the charts show. */
export const HISTORY_MS = 15 * 60_000

/**
 * The past with what just came: `incoming` is the truth from its first point on (a reconnection may reach another
 * instance, which sampled at other moments), and what is older than 15 minutes falls off. Returns `past` itself when
 * nothing came.
 */
export const mergeHistory = (
  past: readonly HistoryPoint[],
  incoming: readonly HistoryPoint[],
): readonly HistoryPoint[] => {
  const first = incoming[0]
  const last = incoming.at(-1)
  if (first === undefined || last === undefined) return past
  const oldest = Date.parse(last.at) - HISTORY_MS
  const from = Date.parse(first.at)
  const kept = past.filter(({ at }) => Date.parse(at) < from)
  return [...kept, ...incoming].filter(({ at }) => Date.parse(at) > oldest)
}
