import { useCallback, useMemo, useState } from 'react'
import type { MessageDetailsView } from '@/client/chat/MessageDetails'
import type { ConversationView } from '@/client/chat/view'
import type { Quote } from '@/contracts/chatShapes'
import { excerptOf } from '@/contracts/excerpt'
import { useKeptReply } from '@/hooks/useDraft'
import { isAnswerable, type MessageRow, type QuoteRow, quotedNow, quoteRow } from './rows'

/** What the next message answers. */
export interface Replying {
  quote: Quote
  shown: QuoteRow
}

type Conversation = Pick<ConversationView, 'messages' | 'participants'> & Pick<MessageDetailsView, 'names'>

/** Answering one of `messages` in the composer; whoever comes back to the draft goes on answering. */
export function useReply(myId: string, roomId: string, { messages, participants, names }: Conversation) {
  const [keptId, keepId] = useKeptReply(myId, roomId)
  const [answered, setAnswered] = useState<Quote>()
  const reply = useCallback(
    (row: MessageRow) => {
      const { id, seq, senderId, text } = row
      if (id === undefined || seq === undefined || !isAnswerable(row)) return
      setAnswered({ id, seq, senderId, excerpt: excerptOf(text) })
      keepId(id)
    },
    [keepId],
  )
  const cancelReply = useCallback(() => {
    setAnswered(undefined)
    keepId(undefined)
  }, [keepId])

  const replying = useMemo((): Replying | undefined => {
    const original = answered ?? messages.find(({ id, deletedAt }) => id === keptId && deletedAt === undefined)
    if (!original) return undefined
    const { id, seq, senderId } = original
    const quote = quotedNow({ id, seq, senderId, excerpt: answered?.excerpt ?? '' }, messages)
    const sender = participants.find((person) => person.id === senderId) ?? names.get(senderId)
    return { quote, shown: quoteRow(quote, myId, sender?.name ?? 'Somebody') }
  }, [answered, keptId, messages, participants, names, myId])
  return { replying, reply, cancelReply }
}
