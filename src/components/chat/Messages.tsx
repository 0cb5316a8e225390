'use client'

import { useMemo, useState } from 'react'
import type { ConversationActions, ConversationView } from '@/client/chat/view'
import type { Room } from '@/contracts/chat'
import { PersonAvatar } from '../ui/PersonAvatar'
import { StatePanel } from '../ui/StatePanel'
import { Announcer } from './Announcer'
import { MessageList } from './MessageList'
import { buildRows } from './rows'

interface Props {
  conversation: ConversationView & ConversationActions
  room: Room
  myId: string
}

/** A loaded conversation. */
export function Messages({ conversation, room, myId }: Props) {
  const { messages, outgoing, participants, hasOlder, loadingOlder, loadOlder, markRead, retry, discard } = conversation
  // As it was on arrival: the "New" line stays while one reads on, and goes when one answers.
  const [newAfterSeq, setNewAfterSeq] = useState(() => (room.unread > 0 ? room.lastReadSeq : undefined))
  const newestOwn = outgoing.at(-1)?.clientId
  const [newestOwnOnArrival] = useState(newestOwn)
  if (newAfterSeq !== undefined && newestOwn !== undefined && newestOwn !== newestOwnOnArrival)
    setNewAfterSeq(undefined)
  const rows = useMemo(
    () => buildRows({ messages, outgoing, participants, myId, newAfterSeq, hasOlder }),
    [messages, outgoing, participants, myId, newAfterSeq, hasOlder],
  )
  const actions = useMemo(() => ({ retry, discard }), [retry, discard])
  const name = room.name ?? 'this conversation'

  return (
    <>
      {rows.length === 0 ? (
        <StatePanel icon={<PersonAvatar name={name} size={64} />} title={name}>
          Nothing here yet. Say hello!
        </StatePanel>
      ) : (
        <MessageList
          label={`Messages with ${name}`}
          rows={rows}
          firstIndex={messages[0]?.seq ?? room.lastSeq + 1}
          hasOlder={hasOlder}
          loadingOlder={loadingOlder}
          loadOlder={loadOlder}
          markRead={markRead}
          showSenders={room.kind === 'group'}
          actions={actions}
        />
      )}
      <Announcer rows={rows} />
    </>
  )
}
