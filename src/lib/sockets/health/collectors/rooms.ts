import type { Metrics, RoomInfo } from '@/contracts/admin'
import type { Namespace } from '@/contracts/namespaces'
import type { SocketServer } from '../../core/sockets'

type Prefix = RoomInfo['prefix']
const prefixes: readonly string[] = ['room', 'user', 'topic', 'session'] satisfies Prefix[]
const isPrefix = (text: string): text is Prefix => prefixes.includes(text)

/** Every Socket.IO room of these namespaces on this process; a socket's room of its own is left out. */
export function* roomsOf(io: SocketServer, served: readonly Namespace[]): Generator<RoomInfo> {
  for (const namespace of served) {
    const { rooms, sids } = io.of(namespace).adapter
    for (const [name, { size }] of rooms) {
      if (sids.has(name)) continue
      const prefix = name.slice(0, name.indexOf(':'))
      if (isPrefix(prefix)) yield { name, prefix, namespace, size }
    }
  }
}

/** `rooms.*` (requirements 002), and how many rooms each namespace has. */
export function collectRooms(
  io: SocketServer,
  served: readonly Namespace[],
): { rooms: Metrics['rooms']; byNamespace: Partial<Record<Namespace, number>> } {
  const byPrefix: Record<Prefix, number> = { room: 0, user: 0, topic: 0, session: 0 }
  const byNamespace: Partial<Record<Namespace, number>> = Object.fromEntries(served.map((name) => [name, 0]))
  let total = 0
  let members = 0
  let largest: Metrics['rooms']['largest'] = null
  for (const { name, prefix, namespace, size } of roomsOf(io, served)) {
    total += 1
    members += size
    byPrefix[prefix] += 1
    byNamespace[namespace] = (byNamespace[namespace] ?? 0) + 1
    if (!largest || size > largest.size) largest = { name, size }
  }
  const avgSize = total === 0 ? 0 : Math.round((members / total) * 100) / 100
  return { rooms: { total, by_prefix: byPrefix, avg_size: avgSize, largest }, byNamespace }
}
