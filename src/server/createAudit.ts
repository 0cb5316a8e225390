import { connectionAudit } from '@/lib/sockets/core/connectionAudit'
import { AuditTrail } from '@/services/audit/AuditTrail'
import type { AuditStore, NoteAudit } from '@/services/audit/ports'
import { RefusalTally } from '@/services/audit/RefusalTally'
import type { Logger } from '@/services/shared/Logger'

/** How long entries wait to be written together, in milliseconds: as much as a killed process loses of them. */
const AUDIT_BATCH_MS = 1_000

/** The audit log of one process: takes entries without waiting, and writes what is left when it stops. */
export function createAudit(store: Pick<AuditStore, 'append'>, logger: Logger) {
  const trail = new AuditTrail({ store, logger: logger.scope('Audit'), batchMs: AUDIT_BATCH_MS })
  const refusals = new RefusalTally((actor, entry) => trail.note(actor, entry))
  const note: NoteAudit = (actor, entry) => {
    // Each would cost a row, and cost whoever sends them nothing.
    if (entry.outcome === 'RATE_LIMITED') refusals.refused(actor, entry.action, entry.outcome)
    else trail.note(actor, entry)
  }
  return {
    note,
    connections: connectionAudit(note, refusals),
    written: () => trail.written(),
    stop(): Promise<void> {
      refusals.flush()
      return trail.flush()
    },
  }
}
