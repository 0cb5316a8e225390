import { useCallback, useState } from 'react'
import type { Quote } from '@/contracts/chatShapes'
import { excerptOf } from '@/contracts/excerpt'
import { isAnswerable, type MessageRow, type QuoteRow, quoteRow } from './rows'

/** What the next message answers. */
export interface Replying {
  quote: Quote
  shown: QuoteRow
}

/** Answering a message in the composer. */
export function useReply(myId: string) {
  const [replying, setReplying] = useState<Replying>()
  const reply = useCallback(
    (row: MessageRow) => {
      const { id, seq, senderId, senderName, text } = row
      if (id === undefined || seq === undefined || !isAnswerable(row)) return
      const quote = { id, seq, senderId, excerpt: excerptOf(text) }
      setReplying({ quote, shown: quoteRow(quote, myId, senderName) })
    },
    [myId],
  )
  return { replying, reply, cancelReply: useCallback(() => setReplying(undefined), []) }
}
