'use client'

import CloudOffOutlined from '@mui/icons-material/CloudOffOutlined'
import SearchOffRounded from '@mui/icons-material/SearchOffRounded'
import Alert from '@mui/material/Alert'
import Button from '@mui/material/Button'
import { useCallback, useEffect, useRef, useState } from 'react'
import { may } from '@/contracts/permissions'
import type { CurrentUser } from '@/contracts/users'
import { useConversation } from '@/hooks/useConversation'
import { useMessageDetails } from '@/hooks/useMessageDetails'
import { useSendLimit } from '@/hooks/useSendLimit'
import { useSocketConnection } from '@/hooks/useSocketConnection'
import { late } from '../ui/late'
import { StatePanel } from '../ui/StatePanel'
import { useAttempt } from '../ui/useAttempt'
import { Composer } from './Composer'
import { ConversationHeader } from './ConversationHeader'
import { rowId } from './ConversationRow'
import { FailedElsewhere } from './FailedElsewhere'
import { Messages } from './Messages'
import { mentionedIn } from './mentions'
import { ReadOnlyNotice } from './ReadOnlyNotice'
import type { MessageRow } from './rows'
import { StorageNotice } from './StorageNotice'
import { ConversationSkeleton } from './skeletons'
import { TypingLine } from './TypingLine'
import { useInitialFocus, wantsToType } from './useInitialFocus'
import { useJump } from './useJump'
import { useMentionable } from './useMentionable'
import { useMessageChanges } from './useMessageChanges'
import { useReply } from './useReply'

const BlockedNotice = late(async () => (await import('./BlockedNotice')).BlockedNotice)
const RoomPanel = late(async () => (await import('./RoomPanel')).RoomPanel)

interface Props {
  roomId: string
  /** The place to go to; `onTaken` once one is under way there. */
  at: number | undefined
  onTaken: () => void
  me: CurrentUser
  onClose: () => void
}

export function Conversation({ roomId, at, onTaken, me, onClose }: Props) {
  const conversation = useConversation(roomId)
  const { names } = useMessageDetails(roomId)
  const { status, error, room, participants } = conversation
  const { attempt: reload } = useAttempt(conversation.reload)
  const offline = useSocketConnection().state === 'offline'
  const limit = useSendLimit(conversation)
  const heading = useRef<HTMLHeadingElement>(null)
  const composer = useRef<HTMLTextAreaElement>(null)
  useInitialFocus(composer, heading, room !== undefined)
  const mentions = useMentionable(roomId, room, participants, me.id)
  const { editing, edit, cancelEdit, saveEdit, editLast, remove } = useMessageChanges(
    { ...conversation, names },
    me.id,
    composer,
    mentions.known,
  )
  const { replying, reply, cancelReply } = useReply(me.id, roomId, { ...conversation, names })
  const answer = useCallback(
    (row: MessageRow) => {
      cancelEdit()
      reply(row)
    },
    [cancelEdit, reply],
  )
  const send = (text: string) => {
    conversation.send(text, { replyTo: replying?.quote, mentions: mentionedIn(text, mentions.known) })
    cancelReply()
    mentions.forgetChosen()
  }
  const { target, isJumping, jump, problem, forgetProblem } = useJump(conversation, at, onTaken)
  const [isAboutOpen, setIsAboutOpen] = useState(false)
  const [name, setName] = useState<string>()
  if (room?.name !== undefined && room.name !== name) setName(room.name)
  const blocked = room?.blocked === true
  const mayWrite = may(me, 'chat:write') && !blocked
  const wasBlocked = useRef(false)
  useEffect(() => {
    // The button that did it is gone, and had the focus.
    if (wasBlocked.current && !blocked && document.activeElement === document.body)
      (wantsToType() ? composer : heading).current?.focus()
    wasBlocked.current = blocked
  }, [blocked])
  const leaveComposer = () => (rowOf(roomId) ?? heading.current)?.focus()

  if (status === 'gone' || (status === 'error' && error?.code === 'NOT_FOUND')) {
    return (
      <StatePanel
        heading="h1"
        icon={<SearchOffRounded />}
        title={name === undefined ? 'This conversation is not here' : `You are not part of “${name}” any more`}
        actions={
          // What had the focus is gone.
          <Button variant="contained" autoFocus={name !== undefined} onClick={onClose}>
            Back to conversations
          </Button>
        }
      >
        <span role="status">
          {name === undefined
            ? 'It does not exist, or you are not part of it any more.'
            : 'You left it, or were taken out of it. Somebody who is in it can bring you back.'}
        </span>
      </StatePanel>
    )
  }

  return (
    <>
      <ConversationHeader
        name={room && (room.name ?? 'Conversation')}
        partnerId={blocked ? undefined : room?.partnerId}
        image={room?.avatarImage}
        memberCount={room?.kind === 'group' ? room.memberCount : undefined}
        onAbout={() => setIsAboutOpen(true)}
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
          target={target}
          isJumping={isJumping}
          onJump={jump}
          onReply={answer}
          onEdit={edit}
          onDelete={remove}
        />
      )}
      {room && (
        <RoomPanel
          open={isAboutOpen}
          room={room}
          participants={participants}
          myId={me.id}
          mayWrite={mayWrite}
          onClose={() => setIsAboutOpen(false)}
          onLeft={onClose}
        />
      )}
      <TypingLine typing={conversation.typing} participants={participants} />
      <StorageNotice />
      {status === 'ready' && <FailedElsewhere conversation={conversation} />}
      {problem && (
        <Alert severity="warning" onClose={forgetProblem} sx={{ mx: { xs: 1.5, md: 3 }, mt: 1 }}>
          This message could not be shown. {problem}
        </Alert>
      )}
      <BlockedNotice open={blocked} userId={room?.partnerId ?? ''} name={room?.name ?? 'this person'} />
      {mayWrite ? (
        <Composer
          userId={me.id}
          roomId={roomId}
          name={room?.name ?? 'this conversation'}
          editing={editing}
          replying={replying}
          mentionable={mentions.mentionable}
          onNaming={mentions.onNaming}
          onChosen={mentions.onChosen}
          onSend={editing ? saveEdit : send}
          onCancelEdit={cancelEdit}
          onCancelReply={cancelReply}
          onTyping={conversation.setTyping}
          onEditLast={editLast}
          limit={limit}
          inputRef={composer}
          onLeave={leaveComposer}
        />
      ) : (
        !blocked && <ReadOnlyNotice />
      )}
    </>
  )
}

/** Its row in the list, where that is on the page. */
const rowOf = (roomId: string) => {
  const row = document.getElementById(rowId(roomId))
  return row?.offsetParent ? row : undefined
}
