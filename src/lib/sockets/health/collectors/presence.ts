import type { Metrics } from '@/contracts/admin'
import type { Connection } from '../../core/ConnectionManager'

/** Without a `ping` for so long a connection is stale, in milliseconds (CONTRACT, Bounds). */
const STALE_MS = 60_000

/** Whether a connection gave no sign of life for 60 s; `/admin` has no `ping`. */
export function isStale({ namespace, lastPingAt, connectedAt }: Connection, nowMs: number): boolean {
  return namespace !== '/admin' && nowMs - (lastPingAt ?? connectedAt).getTime() > STALE_MS
}

/** Who is connected to this process, each with whether they are away: from every connection they have here. */
export function peopleHere(connections: readonly Connection[]): Map<string, boolean> {
  const people = new Map<string, boolean>()
  for (const { userId, away } of connections) people.set(userId, (people.get(userId) ?? true) && away)
  return people
}

/** `presence.*` (requirements 002), of this process. */
export function collectPresence(connections: readonly Connection[], nowMs: number): Metrics['presence'] {
  const people = peopleHere(connections)
  let away = 0
  for (const isAway of people.values()) if (isAway) away += 1
  let stale = 0
  for (const connection of connections) if (isStale(connection, nowMs)) stale += 1
  return { online: people.size, away, stale_clients: stale }
}
