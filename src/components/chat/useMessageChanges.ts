import { type RefObject, useCallback, useEffect, useState } from 'react'
import type { MessageDetailsView } from '@/client/chat/MessageDetails'
import type { ConversationActions, ConversationView, MessageRef } from '@/client/chat/view'
import { mentionedAfter, type Named } from './mentions'
import { buildRows, type MessageRow } from './rows'

/** The message that is being edited: `key` tells it from others. */
export interface Editing {
  key: string
  text: string
}

const nobody: never[] = []

type Conversation = ConversationView & ConversationActions & Partial<Pick<MessageDetailsView, 'names'>>

/**
 * Editing a message in the composer, and deleting one; the composer has the focus afterwards.
 * @param known - whom a text may name, besides those whom the message names already.
 */
export function useMessageChanges(
  conversation: Conversation,
  myId: string,
  composer: RefObject<HTMLElement | null>,
  known: readonly Named[] = nobody,
) {
  const { messages, outgoing, changes, hasNewer, toNewest } = conversation
  const [edited, setEdited] = useState<MessageRow>()
  const [deleted, setDeleted] = useState(0)
  useEffect(() => {
    if (deleted > 0) composer.current?.focus()
  }, [deleted, composer])

  // What waited when its options were opened may have been acknowledged since.
  const refOf = ({ id, clientId }: MessageRow): MessageRef => {
    const knownId = id ?? messages.find((message) => message.senderId === myId && message.clientId === clientId)?.id
    return knownId === undefined ? { clientId } : { id: knownId }
  }

  const editNewest = (): boolean => {
    const { participants, names } = conversation
    const everything = { messages, outgoing, changes, participants, names, myId }
    const rows = buildRows({ ...everything, moderates: false, newAfterSeq: undefined, hasOlder: false })
    const newest = rows.findLast((row) => row.editable)
    setEdited(newest)
    return newest !== undefined
  }
  const [isReturning, setIsReturning] = useState(false)
  if (isReturning && !hasNewer) {
    setIsReturning(false)
    editNewest()
  }

  return {
    editing: edited && { key: edited.key, text: edited.text },
    edit: setEdited,
    cancelEdit: useCallback(() => setEdited(undefined), []),
    /** @throws AppError when the text cannot be taken. */
    saveEdit: (text: string) => {
      if (edited && text !== edited.text) {
        // Where nobody can be named nothing is said of it.
        const mayName = known.length > 0 || edited.mentions.length > 0
        const mentions = mayName ? mentionedAfter(edited, text, [...known, ...edited.named]) : undefined
        conversation.edit(refOf(edited), text, mentions)
      }
      setEdited(undefined)
    },
    /** The newest of one's own, for which the page comes back from where it has jumped to. False: there is none. */
    editLast: () => {
      if (!hasNewer) return editNewest()
      setIsReturning(true)
      toNewest()
      return true
    },
    remove: (row: MessageRow) => {
      conversation.remove(refOf(row))
      if (edited?.key === row.key) setEdited(undefined)
      setDeleted(deleted + 1)
    },
  }
}
