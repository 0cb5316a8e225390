'use client'

import { NewConversationDialog } from '@/components/chat/NewConversationDialog'
import { ReactionsDialog } from '@/components/chat/ReactionsDialog'
import { RoomPanel } from '@/components/chat/RoomPanel'
import { SearchDialog } from '@/components/chat/SearchDialog'
import { SeenByDialog } from '@/components/chat/SeenByDialog'
import { useAuth } from '@/hooks/useAuth'
import { useChat } from '@/hooks/useChat'
import type { Example } from '../Example'
import { directData, messages, roomData, rooms } from '../fixtures/chat'
import { participants } from '../fixtures/people'
import { OpenButton } from '../OpenButton'

const ignore = () => {}
const done = async () => {}

function Search({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { user } = useAuth()
  const list = useChat()
  const more = { mayBegin: true, onOpen: ignore, onPerson: done }
  return <SearchDialog open={open} list={list} myId={user?.id ?? ''} onClose={onClose} {...more} />
}

function Panel({ of, open, onClose }: { of: ReturnType<typeof roomData>; open: boolean; onClose: () => void }) {
  const { user } = useAuth()
  const me = user?.id ?? ''
  const members = of.participants.map((person) => (person.id === 'me' ? { ...person, id: me } : person))
  const more = { myId: me, mayWrite: true, onClose, onLeft: ignore }
  return <RoomPanel open={open} room={of.room} participants={members} {...more} />
}

const byEmoji = [
  { emoji: '👍', userId: 'grace', name: 'Grace Hopper' },
  { emoji: '👍', userId: 'me', name: 'Ada Lovelace' },
  { emoji: '❤️', userId: 'zoe', name: 'Zoë Żółkiewska' },
]

export const chatDialogs: Example[] = [
  {
    id: 'search',
    title: 'Search: rooms, people and messages',
    answers: {
      listRooms: () => ({ rooms, nextCursor: null }),
      searchMessages: () => ({
        hits: messages.slice(1, 5).map((message) => ({ message, senderName: 'Grace Hopper', room: rooms[1] })),
        nextCursor: null,
      }),
    },
    show: () => <OpenButton label="Search">{(open, close) => <Search open={open} onClose={close} />}</OpenButton>,
  },
  {
    id: 'new-conversation',
    title: 'A new conversation or group',
    show: () => (
      <OpenButton label="New conversation">
        {(open, close) => (
          <NewConversationDialog open={open} name="" onClose={close} onPick={done} onMakeGroup={done} />
        )}
      </OpenButton>
    ),
  },
  {
    id: 'room-group',
    title: 'About a group, as its owner',
    answers: { listParticipants: () => ({ participants: participants(13), nextCursor: null }) },
    show: () => (
      <OpenButton label="About this group">
        {(open, close) => <Panel of={roomData()} open={open} onClose={close} />}
      </OpenButton>
    ),
  },
  {
    id: 'room-direct',
    title: 'About a conversation of two',
    show: () => (
      <OpenButton label="About this conversation">
        {(open, close) => <Panel of={directData()} open={open} onClose={close} />}
      </OpenButton>
    ),
  },
  {
    id: 'reactions',
    title: 'Who reacted',
    show: () => (
      <OpenButton label="Reactions">
        {(open, close) => (
          <ReactionsDialog
            {...{ open, onClose: close, myId: 'me', message: { id: 'm11', rev: 11 } }}
            load={async () => ({
              reactions: byEmoji,
              nextCursor: null,
            })}
          />
        )}
      </OpenButton>
    ),
  },
  {
    id: 'seen-by',
    title: 'Who has read a message',
    show: () => (
      <OpenButton label="Seen by">
        {(open, close) => (
          <SeenByDialog
            {...{ open, onClose: close, participants: participants(12), everybody: undefined }}
            message={{ seq: 11, senderId: 'me' }}
          />
        )}
      </OpenButton>
    ),
  },
]
