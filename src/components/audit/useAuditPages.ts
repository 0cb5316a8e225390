import { useCallback, useEffect, useRef, useState } from 'react'
import { type AuditFilter, type AuditPage, auditQueries } from '@/contracts/audit'
import { useCommand } from '@/hooks/useCommand'
import { sentenceOf } from '../health/problem'

/** What is typed is asked for when nothing was typed for this long, in milliseconds. */
const settleMs = 300

export interface AuditPages {
  /** Newest first; undefined before the first answer. */
  entries: AuditPage['entries'] | undefined
  hasMore: boolean
  busy: boolean
  problem: string | undefined
  more(): void
  refresh(): void
}

/** The audit log as far as it was asked for; another filter begins anew. Null: the filter makes no sense. */
export function useAuditPages(filter: AuditFilter | null): AuditPages {
  const call = useCommand()
  const [page, setPage] = useState<AuditPage>()
  const [busy, setBusy] = useState(true)
  const [problem, setProblem] = useState<string>()
  const [turn, setTurn] = useState(0)
  /** Which question counts: an answer to an earlier one comes too late. */
  const asked = useRef(0)

  const ask = useCallback(
    async (query: AuditFilter, before: AuditPage | undefined) => {
      const question = ++asked.current
      const cursor = before?.nextCursor
      setBusy(true)
      try {
        const next = await call(auditQueries.listAudit, { ...query, ...(cursor ? { cursor } : {}) })
        if (question !== asked.current) return
        setPage({ ...next, entries: [...(before?.entries ?? []), ...next.entries] })
        setProblem(undefined)
      } catch (error) {
        if (question === asked.current) setProblem(sentenceOf(error))
      }
      if (question === asked.current) setBusy(false)
    },
    [call],
  )

  // `turn` asks for the same again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is not read, on purpose
  useEffect(() => {
    if (filter === null) return
    const timer = setTimeout(() => void ask(filter, undefined), settleMs)
    return () => clearTimeout(timer)
  }, [ask, filter, turn])

  return {
    entries: page?.entries,
    hasMore: page?.nextCursor != null,
    busy,
    problem,
    more: () => filter && void ask(filter, page),
    refresh: () => setTurn((turns) => turns + 1),
  }
}
