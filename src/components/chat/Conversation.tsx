'use client'

import CloudOffOutlined from '@mui/icons-material/CloudOffOutlined'
import SearchOffRounded from '@mui/icons-material/SearchOffRounded'
import Button from '@mui/material/Button'
import { useRef } from 'react'
import { may } from '@/contracts/permissions'
import type { CurrentUser } from '@/contracts/users'
import { useConversation } from '@/hooks/useConversation'
import { useSocketConnection } from '@/hooks/useSocketConnection'
import { StatePanel } from '../ui/StatePanel'
import { useAttempt } from '../ui/useAttempt'
import { Composer } from './Composer'
import { ConversationHeader } from './ConversationHeader'
import { rowId } from './ConversationRow'
import { Messages } from './Messages'
import { ReadOnlyNotice } from './ReadOnlyNotice'
import { StorageNotice } from './StorageNotice'
import { ConversationSkeleton } from './skeletons'
import { useInitialFocus } from './useInitialFocus'
import { useLimitHere } from './useLimitHere'
import { useMessageChanges } from './useMessageChanges'

interface Props {
  roomId: string
  me: CurrentUser
  onClose: () => void
}

export function Conversation({ roomId, me, onClose }: Props) {
  const conversation = useConversation(roomId)
  const { status, error, room, participants, outgoing } = conversation
  const { attempt: reload } = useAttempt(conversation.reload)
  const offline = useSocketConnection().state === 'offline'
  const limit = useLimitHere(outgoing)
  const heading = useRef<HTMLHeadingElement>(null)
  const composer = useRef<HTMLTextAreaElement>(null)
  useInitialFocus(composer, heading, room !== undefined)
  const { editing, edit, cancelEdit, saveEdit, editLast, remove } = useMessageChanges(conversation, me.id, composer)
  const mayWrite = may(me, 'chat:write')
  const leaveComposer = () => (rowOf(roomId) ?? heading.current)?.focus()

  if (status === 'gone' || (status === 'error' && error?.code === 'NOT_FOUND')) {
    return (
      <StatePanel
        heading="h1"
        icon={<SearchOffRounded />}
        title="This conversation is not here"
        actions={
          <Button variant="contained" onClick={onClose}>
            Back to conversations
          </Button>
        }
      >
        It does not exist, or you are not part of it any more.
      </StatePanel>
    )
  }

  return (
    <>
      <ConversationHeader
        name={room && (room.name ?? 'Conversation')}
        partnerId={room?.partnerId}
        memberCount={room?.kind === 'group' ? participants.length : undefined}
        onClose={onClose}
        headingRef={heading}
      />
      {status === 'loading' && !offline && <ConversationSkeleton />}
      {status === 'loading' && offline && (
        <StatePanel icon={<CloudOffOutlined />} title="Not loaded yet">
          You are offline. These messages appear when the connection is back; what you write now is sent then.
        </StatePanel>
      )}
      {status === 'error' && (
        <StatePanel
          title="This conversation could not be loaded"
          actions={
            <Button variant="contained" onClick={reload}>
              Try again
            </Button>
          }
        >
          {error?.message}
        </StatePanel>
      )}
      {status === 'ready' && room && (
        <Messages
          conversation={conversation}
          room={room}
          myId={me.id}
          mayWrite={mayWrite}
          onEdit={edit}
          onDelete={remove}
        />
      )}
      <StorageNotice />
      {mayWrite ? (
        <Composer
          userId={me.id}
          roomId={roomId}
          name={room?.name ?? 'this conversation'}
          editing={editing}
          onSend={editing ? saveEdit : conversation.send}
          onCancelEdit={cancelEdit}
          onEditLast={editLast}
          limit={limit}
          inputRef={composer}
          onLeave={leaveComposer}
        />
      ) : (
        <ReadOnlyNotice />
      )}
    </>
  )
}

/** Its row in the list, where that is on the page. */
const rowOf = (roomId: string) => {
  const row = document.getElementById(rowId(roomId))
  return row?.offsetParent ? row : undefined
}
