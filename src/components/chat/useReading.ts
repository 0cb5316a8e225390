import { useEffect, useState } from 'react'
import type { MessageRow } from './rows'
import { useAttention } from './useAttention'

interface Options {
  rows: MessageRow[]
  /** Whether the newest message is in sight. */
  atEnd: boolean
  /** On the way to another place: what is in sight meanwhile was not looked at. */
  isLeaving: boolean
  /** How many there are below that are not among `rows`; undefined: the newest are. */
  unread: number | undefined
  markRead: (upToSeq: number) => void
}

/** Marks as read what somebody looked at; answers how many arrived below while they read further up. */
export function useReading({ rows, atEnd, isLeaving, unread, markRead }: Options) {
  const attentive = useAttention()
  const newestSeq = rows.findLast((row) => row.seq !== undefined)?.seq ?? 0
  const [seenSeq, setSeenSeq] = useState(newestSeq)

  useEffect(() => {
    if (!atEnd || isLeaving) return
    setSeenSeq(newestSeq)
    if (attentive && newestSeq > 0) markRead(newestSeq)
  }, [atEnd, isLeaving, attentive, newestSeq, markRead])

  if (atEnd) return 0
  return unread ?? rows.filter((row) => !row.mine && (row.seq ?? 0) > seenSeq).length
}
