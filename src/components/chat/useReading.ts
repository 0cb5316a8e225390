import { useEffect, useState } from 'react'
import type { MessageRow } from './rows'
import { useAttention } from './useAttention'

interface Options {
  rows: MessageRow[]
  /** Whether the newest message is in sight. */
  atEnd: boolean
  markRead: (upToSeq: number) => void
}

/** Marks as read what somebody looked at; answers how many arrived below while they read further up. */
export function useReading({ rows, atEnd, markRead }: Options) {
  const attentive = useAttention()
  const newestSeq = rows.findLast((row) => row.seq !== undefined)?.seq ?? 0
  const [seenSeq, setSeenSeq] = useState(newestSeq)

  useEffect(() => {
    if (!atEnd) return
    setSeenSeq(newestSeq)
    if (attentive && newestSeq > 0) markRead(newestSeq)
  }, [atEnd, attentive, newestSeq, markRead])

  return atEnd ? 0 : rows.filter((row) => !row.mine && (row.seq ?? 0) > seenSeq).length
}
