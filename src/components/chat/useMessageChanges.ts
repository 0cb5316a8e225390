import { type RefObject, useCallback, useEffect, useState } from 'react'
import type { ConversationActions, ConversationView, MessageRef } from '@/client/chat/view'
import type { Participant } from '@/contracts/chat'
import { mentionedIn } from './mentions'
import { buildRows, type MessageRow } from './rows'

/** The message that is being edited: `key` tells it from others. */
export interface Editing {
  key: string
  text: string
}

const nobody: never[] = []

/** Editing a message in the composer, and deleting one; the composer has the focus afterwards. */
export function useMessageChanges(
  conversation: ConversationView & ConversationActions,
  myId: string,
  composer: RefObject<HTMLElement | null>,
  mentionable: readonly Participant[] = nobody,
) {
  const { messages, outgoing, changes } = conversation
  const [edited, setEdited] = useState<MessageRow>()
  const [deleted, setDeleted] = useState(0)
  useEffect(() => {
    if (deleted > 0) composer.current?.focus()
  }, [deleted, composer])

  // What waited when its options were opened may have been acknowledged since.
  const refOf = ({ id, clientId }: MessageRow): MessageRef => {
    const known = id ?? messages.find((message) => message.senderId === myId && message.clientId === clientId)?.id
    return known === undefined ? { clientId } : { id: known }
  }

  return {
    editing: edited && { key: edited.key, text: edited.text },
    edit: setEdited,
    cancelEdit: useCallback(() => setEdited(undefined), []),
    /** @throws AppError when the text cannot be taken. */
    saveEdit: (text: string) => {
      if (edited && text !== edited.text)
        conversation.edit(refOf(edited), text, mentionable.length > 0 ? mentionedIn(text, mentionable) : undefined)
      setEdited(undefined)
    },
    /** False: there is none. */
    editLast: () => {
      const everything = { messages, outgoing, changes, participants: [], myId }
      const rows = buildRows({ ...everything, moderates: false, newAfterSeq: undefined, hasOlder: false })
      const last = rows.findLast((row) => row.editable)
      setEdited(last)
      return last !== undefined
    },
    remove: (row: MessageRow) => {
      conversation.remove(refOf(row))
      if (edited?.key === row.key) setEdited(undefined)
      setDeleted(deleted + 1)
    },
  }
}
