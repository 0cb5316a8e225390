import type { ErrorCode } from '@/contracts/errors'
import type { Namespace } from '@/contracts/namespaces'
import { actorOf, type CallOrigin } from '@/lib/pipeline/caller'
import type { NoteAudit } from '@/services/audit/ports'
import type { RefusalTally } from '@/services/audit/RefusalTally'
import type { SocketData } from './sockets'

/** Keeps in the audit log who connected, for how long, and who was refused. */
export interface ConnectionAudit {
  /** The returned function says why it ended. */
  opened(socket: { id: string; data: SocketData }, namespace: Namespace): (reason: string) => void
  refused(from: Pick<CallOrigin, 'address' | 'origin'>, code: ErrorCode): void
}

/** Writes into the audit log who connected, for how long, and who was refused. */
export function connectionAudit(note: NoteAudit, refusals: RefusalTally): ConnectionAudit {
  return {
    opened({ id, data: { user, from } }, namespace) {
      const actor = actorOf(user, { ...from, transport: 'socket', correlationId: null })
      const began = Date.now()
      note(actor, { action: 'connection.open', target: id, details: { namespace } })
      return (reason) => {
        const seconds = Math.round((Date.now() - began) / 1_000)
        note(actor, { action: 'connection.close', target: id, details: { namespace, reason, seconds } })
      }
    },
    refused: (from, code) =>
      refusals.refused(
        actorOf(null, { ...from, transport: 'socket', correlationId: null }),
        'connection.refused',
        code,
      ),
  }
}
