import { type AdminCommands, adminCommands } from '@/contracts/admin'
import { BaseNamespace, type NamespaceDeps } from '../../core/BaseNamespace'
import type { AdminSocket } from '../../core/sockets'
import { type AdminServices, adminSocketHandlers } from './handlers'

/** `/admin`: the state of all instances, and diagnostics, for those who may see it. */
export class AdminNamespace extends BaseNamespace<AdminCommands, AdminSocket> {
  constructor(
    deps: NamespaceDeps,
    private readonly services: AdminServices,
  ) {
    super('/admin', adminCommands, deps, 'Admin')
  }

  protected handlers() {
    return adminSocketHandlers(this.services)
  }

  protected async prepare(): Promise<void> {}
}
