import { type AuditFilter, auditQueries } from '@/contracts/audit'
import { useAnswerPages, useSettled } from '@/hooks/useAnswer'
import { useClient } from '@/hooks/useClient'

/** What is typed is asked for when nothing was typed for this long, in milliseconds. */
const settleMs = 300

/** The audit log, newest first, as far as it was asked for. Null: the filter makes no sense, and what was shown stays. */
export function useAuditPages(wanted: AuditFilter | null) {
  const client = useClient()
  const filter = useSettled(wanted, settleMs)
  const { pages, ...list } = useAnswerPages(
    ['audit', filter],
    client && filter && ((cursor) => client.transport.call(auditQueries.listAudit, { ...filter, ...cursor })),
  )
  return {
    ...list,
    /** Undefined before the first answer. */
    entries: pages?.flatMap(({ entries }) => entries),
  }
}
