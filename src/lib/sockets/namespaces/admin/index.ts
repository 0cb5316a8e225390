import { BaseNamespace, type NamespaceDeps } from '../../core/BaseNamespace'
import type { AdminSocket } from '../../core/sockets'
import { type AdminServices, adminHandlers } from './handlers'

/** `/admin`: the state of all instances, and diagnostics, for those who may administer. */
export class AdminNamespace extends BaseNamespace<AdminSocket> {
  constructor(
    deps: NamespaceDeps,
    private readonly services: AdminServices,
  ) {
    super('/admin', deps, 'Admin')
  }

  protected handlers() {
    return adminHandlers(this.services)
  }

  protected async prepare(): Promise<void> {}
}
