'use client'

import { useCallback, useMemo, useState } from 'react'
import type { ConversationActions, ConversationView } from '@/client/chat/view'
import type { Room } from '@/contracts/chat'
import { canonicalEmoji } from '@/contracts/emoji'
import { limits } from '@/contracts/limits'
import { useGroup } from '@/hooks/useGroup'
import { useMessageDetails } from '@/hooks/useMessageDetails'
import { late } from '../ui/late'
import { PersonAvatar } from '../ui/PersonAvatar'
import { StatePanel } from '../ui/StatePanel'
import { Announcer } from './Announcer'
import { MessageList } from './MessageList'
import { MessageOptions, type OpenedOptions } from './MessageOptions'
import type { MessageActions } from './messageActions'
import { buildRows, type MessageRow } from './rows'
import type { Target } from './useTarget'

const ReactionsDialog = late(async () => (await import('./ReactionsDialog')).ReactionsDialog)
const SeenByDialog = late(async () => (await import('./SeenByDialog')).SeenByDialog)

const nothing: never[] = []

interface Props {
  conversation: ConversationView & ConversationActions
  room: Room
  myId: string
  /** Whether this person may write here. */
  mayWrite: boolean
  /** Where to go. */
  target?: Target | undefined
  isJumping?: boolean
  onJump: (seq: number) => void
  onReply: (row: MessageRow) => void
  onEdit: (row: MessageRow) => void
  onDelete: (row: MessageRow) => void
}

/** A loaded conversation. */
export function Messages({
  conversation,
  room,
  myId,
  mayWrite,
  target,
  isJumping = false,
  onJump,
  onReply,
  onEdit,
  onDelete,
}: Props) {
  const { messages, changes, participants, hasOlder, loadingOlder, loadOlder, markRead } = conversation
  const { hasNewer, loadingNewer, loadNewer, toNewest, retry, discard } = conversation
  const { react } = conversation
  const { want: wantDetails, note, names, ownReactions } = useMessageDetails(room.id)
  // What waits stands after the newest.
  const outgoing = hasNewer ? nothing : conversation.outgoing
  // As it was on arrival: the "New" line stays while one reads on, and goes when one answers.
  const [newAfterSeq, setNewAfterSeq] = useState(() => (room.unread > 0 ? room.lastReadSeq : undefined))
  const newestOwn = conversation.outgoing.at(-1)?.clientId
  const [newestOwnOnArrival] = useState(newestOwn)
  if (newAfterSeq !== undefined && newestOwn !== undefined && newestOwn !== newestOwnOnArrival)
    setNewAfterSeq(undefined)
  const { memberCount } = room
  // It stands before the first that is new, where what lies before that is here.
  const isNewKnown = !hasNewer || (messages[0]?.seq ?? 0) <= (newAfterSeq ?? 0) + 1
  const markedAfterSeq = isNewKnown ? newAfterSeq : undefined
  const moderates = room.role === 'owner' || room.role === 'admin'
  const rows = useMemo(
    () =>
      buildRows({
        ...{ messages, outgoing, changes, names, ownReactions, participants, memberCount, myId, moderates, hasOlder },
        newAfterSeq: markedAfterSeq,
      }),
    [
      messages,
      outgoing,
      changes,
      names,
      ownReactions,
      participants,
      memberCount,
      myId,
      moderates,
      markedAfterSeq,
      hasOlder,
    ],
  )
  // Of a large group nobody hears how far each of the others has read: it is asked for.
  const { everybody } = useGroup(room.id)
  const askWhoHasRead = memberCount > limits.participantsPage ? everybody : undefined
  const [seen, setSeen] = useState<{ message: { seq: number; senderId: string }; open: boolean }>()
  const [opened, setOpened] = useState<OpenedOptions>()
  const [reacted, setReacted] = useState<{ id: string; open: boolean }>()
  const reactedTo = reacted && messages.find(({ id }) => id === reacted.id)
  const toggleReaction = useCallback(
    ({ id, reactions }: MessageRow, emoji: string) => {
      if (!id) return
      const on = !reactions.some((chip) => chip.emoji === emoji && chip.mine)
      note(id, canonicalEmoji(emoji), on)
      react(id, emoji, on)
    },
    [react, note],
  )
  const actions = useMemo(
    (): MessageActions => ({
      ...{ retry, discard, wantDetails, jump: onJump },
      openOptions: (row, anchor) => setOpened({ row, anchor }),
      ...(mayWrite ? { reply: onReply, react: toggleReaction } : { reply: undefined, react: undefined }),
    }),
    [retry, discard, wantDetails, onJump, mayWrite, onReply, toggleReaction],
  )
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
          hasNewer={hasNewer}
          loadingNewer={loadingNewer}
          loadNewer={loadNewer}
          toNewest={toNewest}
          unread={room.unread}
          target={target}
          isJumping={isJumping}
          markRead={markRead}
          showSenders={room.kind === 'group'}
          actions={actions}
        />
      )}
      <MessageOptions
        opened={opened}
        mayWrite={mayWrite}
        onReply={onReply}
        onEdit={onEdit}
        onDelete={onDelete}
        onSeenBy={
          room.kind === 'group'
            ? ({ seq, senderId }) => seq && setSeen({ message: { seq, senderId }, open: true })
            : undefined
        }
        onReact={toggleReaction}
        onWhoReacted={({ id }) => id && setReacted({ id, open: true })}
        onClose={() => setOpened(undefined)}
      />
      <ReactionsDialog
        open={reacted?.open === true}
        message={reactedTo}
        myId={myId}
        load={conversation.reactions}
        onClose={() => setReacted(reacted && { ...reacted, open: false })}
      />
      <SeenByDialog
        open={seen?.open === true}
        message={seen?.message}
        participants={participants}
        everybody={askWhoHasRead}
        onClose={() => setSeen(seen && { ...seen, open: false })}
      />
      <Announcer rows={rows} />
    </>
  )
}
