import { AuditTrail } from '@/services/audit/AuditTrail'
import type { AuditStore } from '@/services/audit/ports'
import type { Logger } from '@/services/shared/Logger'

/** How long entries wait to be written together, in milliseconds: as much as a killed process loses of them. */
const AUDIT_BATCH_MS = 1_000

/** The audit log of one process: takes entries without waiting, and writes what is left when it stops. */
export function createAudit(store: AuditStore, logger: Logger) {
  const trail = new AuditTrail({ store, logger: logger.scope('Audit'), batchMs: AUDIT_BATCH_MS })
  return {
    note: trail.note.bind(trail),
    stop: () => trail.flush(),
  }
}
