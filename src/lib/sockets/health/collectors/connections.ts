import type { Metrics } from '@/contracts/admin'
import { perNamespace } from '@/contracts/namespaces'
import type { Connection } from '../../core/ConnectionManager'
import type { LastMinute } from '../History'

/** `connections.*` and `disconnections.*` (requirements 002). */
export function collectConnections(
  connections: readonly Connection[],
  minute: LastMinute,
): Pick<Metrics, 'connections' | 'disconnections'> {
  const count = perNamespace(() => 0)
  for (const { namespace } of connections) count[namespace] += 1
  return {
    connections: {
      total: connections.length,
      chat: count['/chat'],
      notifications: count['/notifications'],
      admin: count['/admin'],
      rate: { '1m': minute.connections },
    },
    disconnections: { rate: { '1m': minute.disconnections } },
  }
}
