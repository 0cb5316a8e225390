'use client'

import { useMemo, useRef } from 'react'
import type { Room } from '@/contracts/chat'
import { may } from '@/contracts/permissions'
import type { CurrentUser, Person } from '@/contracts/users'
import { addressOf, useConversation } from '@/hooks/useConversation'
import { useSendLimit } from '@/hooks/useSendLimit'
import { Composer } from './Composer'
import { ConversationHeader } from './ConversationHeader'
import { Messages } from './Messages'
import { ReadOnlyNotice } from './ReadOnlyNotice'
import { StorageNotice } from './StorageNotice'
import { useInitialFocus } from './useInitialFocus'
import { useMessageChanges } from './useMessageChanges'

interface Props {
  person: Person
  me: CurrentUser
  onClose: () => void
}

/** A conversation that begins with its first message: until that is sent, nobody but this page knows of it. */
export function FirstMessage({ person, me, onClose }: Props) {
  const address = addressOf(person.id)
  const conversation = useConversation(address)
  const limit = useSendLimit(conversation)
  const heading = useRef<HTMLHeadingElement>(null)
  const composer = useRef<HTMLTextAreaElement>(null)
  useInitialFocus(composer, heading, true)
  const { editing, edit, cancelEdit, saveEdit, editLast, remove } = useMessageChanges(conversation, me.id, composer)
  const mayWrite = may(me, 'chat:write')
  const room = useMemo(
    () => ({ ...nothingYet, id: address, name: person.name, partnerId: person.id }),
    [address, person],
  )

  return (
    <>
      <ConversationHeader name={person.name} partnerId={undefined} onClose={onClose} headingRef={heading} />
      <Messages
        conversation={conversation}
        room={room}
        myId={me.id}
        mayWrite={mayWrite}
        onJump={nowhere}
        onReply={nowhere}
        onEdit={edit}
        onDelete={remove}
      />
      <StorageNotice />
      {mayWrite ? (
        <Composer
          userId={me.id}
          roomId={address}
          name={person.name}
          editing={editing}
          onSend={editing ? saveEdit : conversation.send}
          onCancelEdit={cancelEdit}
          onEditLast={editLast}
          limit={limit}
          inputRef={composer}
          onLeave={() => heading.current?.focus()}
        />
      ) : (
        <ReadOnlyNotice />
      )}
    </>
  )
}

/** Nothing that the server has is here. */
const nowhere = () => {}

const nothingYet = {
  kind: 'direct',
  memberCount: 2,
  lastSeq: 0,
  lastRev: 0,
  readRev: 0,
  lastReadSeq: 0,
  unread: 0,
  unreadMentions: 0,
  updatedAt: '',
} satisfies Partial<Room>
