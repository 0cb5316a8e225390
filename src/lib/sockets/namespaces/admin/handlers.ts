import { type AdminCommands, adminCommands, type InstanceId } from '@/contracts/metrics'
import { type HandlerTable, on } from '@/lib/pipeline/createEventHandler'
import type { AdminSocket } from '../../core/sockets'
import type { Canary } from '../../health/Canary'
import type { ClusterView } from '../../health/ClusterView'
import type { MetricsWatch } from '../../health/MetricsWatch'

export interface AdminServices {
  cluster: ClusterView
  watch: MetricsWatch
  canary: Canary
  instance: () => InstanceId
}

/** The commands of `/admin`; the namespace lets nobody in who may not administer. */
export const adminHandlers = ({
  cluster,
  watch,
  canary,
  instance,
}: AdminServices): HandlerTable<AdminCommands, AdminSocket> => ({
  'metrics:request': on(adminCommands['metrics:request'], {}, ({ socket }) => watch.begin(socket)),

  'admin:connections': on(adminCommands['admin:connections'], {}, (_, input) => cluster.connections(input)),

  'admin:rooms': on(adminCommands['admin:rooms'], {}, (_, input) => cluster.rooms(input)),

  'admin:disconnect': on(adminCommands['admin:disconnect'], {}, ({ user }, { id }) =>
    cluster.disconnect(id, `user ${user.id}`),
  ),

  'diagnostics:probe': on(adminCommands['diagnostics:probe'], {}, async () => ({
    at: new Date().toISOString(),
    instance: instance(),
  })),

  'diagnostics:echo': on(adminCommands['diagnostics:echo'], {}, async ({ socket }, { text }) => {
    socket.emit('diagnostics:event', { text, at: new Date().toISOString() })
    return { sent: true }
  }),

  'diagnostics:canary': on(adminCommands['diagnostics:canary'], {}, ({ socket, user }, { id }) =>
    canary.fly(socket, user, id),
  ),
})
