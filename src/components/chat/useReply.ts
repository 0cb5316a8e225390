import { useCallback, useState } from 'react'
import type { ChatMessage } from '@/contracts/chat'
import type { Quote } from '@/contracts/chatShapes'
import { excerptOf } from '@/contracts/excerpt'
import { isAnswerable, type MessageRow, type QuoteRow, quotedNow, quoteRow } from './rows'

/** What the next message answers. */
export interface Replying {
  quote: Quote
  shown: QuoteRow
}

/** Answering one of `messages` in the composer. */
export function useReply(myId: string, messages: readonly ChatMessage[]) {
  const [answered, setAnswered] = useState<{ quote: Quote; senderName: string }>()
  const reply = useCallback((row: MessageRow) => {
    const { id, seq, senderId, senderName, text } = row
    if (id === undefined || seq === undefined || !isAnswerable(row)) return
    setAnswered({ quote: { id, seq, senderId, excerpt: excerptOf(text) }, senderName })
  }, [])
  let replying: Replying | undefined
  if (answered) {
    const quote = quotedNow(answered.quote, messages)
    replying = { quote, shown: quoteRow(quote, myId, answered.senderName) }
  }
  return { replying, reply, cancelReply: useCallback(() => setAnswered(undefined), []) }
}
