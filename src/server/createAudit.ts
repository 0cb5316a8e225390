import { connectionAudit } from '@/lib/sockets/core/connectionAudit'
import { AuditTrail } from '@/services/audit/AuditTrail'
import type { AuditStore } from '@/services/audit/ports'
import { RefusalTally } from '@/services/audit/RefusalTally'
import type { Logger } from '@/services/shared/Logger'

/** How long entries wait to be written together, in milliseconds: as much as a killed process loses of them. */
const AUDIT_BATCH_MS = 1_000

/** The audit log of one process: takes entries without waiting, and writes what is left when it stops. */
export function createAudit(store: Pick<AuditStore, 'append'>, logger: Logger) {
  const trail = new AuditTrail({ store, logger: logger.scope('Audit'), batchMs: AUDIT_BATCH_MS })
  return {
    note: trail.note.bind(trail),
    written: () => trail.written(),
    stop: () => trail.flush(),
  }
}

/** The same for a process that people connect to. */
export function createConnectionAudit(audit: ReturnType<typeof createAudit>) {
  const refusals = new RefusalTally(audit.note)
  return {
    ...audit,
    connections: connectionAudit(audit.note, refusals),
    stop(): Promise<void> {
      refusals.flush()
      return audit.stop()
    },
  }
}
