'use client'

import type { TandemClient } from '@/client/TandemClient'
import { Conversation } from '@/components/chat/Conversation'
import { ConversationList } from '@/components/chat/ConversationList'
import { FirstMessage } from '@/components/chat/FirstMessage'
import { AppError } from '@/contracts/errors'
import { useAuth } from '@/hooks/useAuth'
import { useChat } from '@/hooks/useChat'
import { type Example, never } from '../Example'
import { directData, messages, roomData, rooms } from '../fixtures/chat'
import { grace, reader } from '../fixtures/people'
import type { Answers } from '../played/PlayedServer'

const ignore = () => {}
const unavailable = () => {
  throw new AppError('UNAVAILABLE')
}

function List({ openRoomId }: { openRoomId?: string }) {
  const { user } = useAuth()
  const list = useChat()
  const more = { openRoomId, onOpen: ignore, onNew: ignore, onSearch: ignore }
  return <ConversationList list={list} myId={user?.id ?? ''} {...more} />
}

const list = (id: string, title: string, scene: Partial<Example>): Example => ({
  ...{ id: `list-${id}`, title: `Conversations: ${title}`, height: 460 },
  show: () => <List />,
  ...scene,
})

export const lists: Example[] = [
  list('loading', 'loading', { answers: { listRooms: never } }),
  list('empty', 'none yet', {}),
  list('error', 'could not be loaded', { answers: { listRooms: unavailable } }),
  list('ready', 'one of every kind', {
    ...{ height: 700, answers: { listRooms: () => ({ rooms, nextCursor: null }) } },
    show: () => <List openRoomId="mine" />,
  }),
]

function Open() {
  const { user } = useAuth()
  return user && <Conversation roomId="group" at={undefined} onTaken={ignore} me={user} onClose={ignore} />
}

const answering = (answer: () => unknown, more: Answers = {}): Answers => ({
  joinRoom: answer,
  history: () => ({ messages, hasMore: false }),
  ...more,
})
const plain = answering(() => roomData())

const conversation = (id: string, title: string, scene: Partial<Example>): Example => ({
  ...{ id: `conversation-${id}`, title: `Conversation: ${title}`, height: 560, answers: plain },
  show: () => <Open />,
  ...scene,
})

/** Resolves when the conversation is on the page. */
const shown = (client: TandemClient): Promise<void> =>
  new Promise((resolve) => {
    const { getSnapshot, subscribe } = client.chat.conversation('group')
    const look = () => {
      if (getSnapshot().status !== 'ready') return
      off()
      resolve()
    }
    const off = subscribe(look)
    look()
  })
const sending = (text: string) => async (client: TandemClient) => {
  await shown(client)
  client.chat.sendMessage('group', text)
}
const refusing = (code: 'FORBIDDEN' | 'RATE_LIMITED') => ({
  ...plain,
  sendMessage: () => {
    throw new AppError(code, code === 'RATE_LIMITED' ? { retryAfterMs: 3_600_000 } : {})
  },
})

export const conversations: Example[] = [
  conversation('loading', 'loading', { answers: answering(never) }),
  conversation('empty', 'nothing said yet', { answers: answering(() => roomData({ lastSeq: 0, lastRev: 0 }, [])) }),
  conversation('ready', 'messages of every kind', { height: 900 }),
  conversation('unread', 'unread messages, and one that names you', {
    height: 900,
    answers: answering(() => roomData({ lastReadSeq: 5, unread: 7, unreadMentions: 1 })),
  }),
  conversation('direct', 'of two people, read and typing', {
    answers: answering(() => directData({ lastSeq: 4, lastRev: 4, lastReadSeq: 4 })),
    play: async (client, server) => {
      await shown(client)
      server.emit('/chat', 'typing', { roomId: 'group', userId: 'grace', on: true })
    },
  }),
  conversation('queued', 'offline, with messages that wait', {
    play: async (client, server) => {
      await shown(client)
      server.become('offline')
      for (const text of ['This waits', 'And this behind it']) client.chat.sendMessage('group', text)
    },
  }),
  conversation('offline', 'offline, never loaded', { network: 'offline' }),
  conversation('failed', 'a message that failed', {
    answers: refusing('FORBIDDEN'),
    play: sending('Nobody takes this'),
  }),
  conversation('limited', 'too many messages', {
    answers: refusing('RATE_LIMITED'),
    play: sending('One too many'),
  }),
  conversation('slow', 'sent, and not answered', {
    answers: { ...plain, sendMessage: never },
    play: sending('On its way'),
  }),
  conversation('blocked', 'with somebody you blocked', { answers: answering(() => directData({ blocked: true })) }),
  conversation('reader', 'for an account that may not write', { me: reader }),
  conversation('error', 'could not be loaded', { answers: answering(unavailable) }),
  conversation('gone', 'not one of yours', {
    answers: answering(() => {
      throw new AppError('NOT_FOUND')
    }),
  }),
  conversation('first', 'the first message to somebody', { show: () => <First /> }),
]

function First() {
  const { user } = useAuth()
  return user && <FirstMessage person={grace} me={user} onClose={ignore} />
}
