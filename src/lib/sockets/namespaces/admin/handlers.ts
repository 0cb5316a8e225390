import type { AdminCommands, InstanceId } from '@/contracts/admin'
import type { SocketTable } from '@/lib/pipeline/createEventHandler'
import type { AdminSocket } from '../../core/sockets'
import type { Canary } from '../../health/Canary'
import type { ClusterView } from '../../health/ClusterView'
import type { MetricsWatch } from '../../health/MetricsWatch'

/** The commands that `/admin` and port 3001's HTTP share. */
export const adminHandlers = ({ cluster }: { cluster: ClusterView }) =>
  ({
    'metrics:request': () => cluster.snapshot(),
    'admin:connections': (_, input) => cluster.connections(input),
    'admin:rooms': (_, input) => cluster.rooms(input),
    'admin:disconnect': ({ actor }, { id }) => cluster.disconnect(id, actor.name),
  }) satisfies Partial<SocketTable<AdminCommands, AdminSocket>>

/** What the commands of `/admin` are answered by. */
export interface AdminServices {
  cluster: ClusterView
  watch: MetricsWatch
  canary: Canary
  instance: () => InstanceId
}

/** All commands of `/admin`. */
export const adminSocketHandlers = ({
  cluster,
  watch,
  canary,
  instance,
}: AdminServices): SocketTable<AdminCommands, AdminSocket> => ({
  ...adminHandlers({ cluster }),
  // A socket is told what is new from then on.
  'metrics:request': { socketOnly: ({ socket }) => watch.begin(socket) },
  'diagnostics:probe': async () => ({ at: new Date().toISOString(), instance: instance() }),
  'diagnostics:echo': {
    async socketOnly({ socket }, { text }) {
      socket.emit('diagnostics:event', { text, at: new Date().toISOString() })
      return { sent: true }
    },
  },
  'diagnostics:canary': { socketOnly: ({ socket, user }, { id }) => canary.fly(socket, user, id) },
})
