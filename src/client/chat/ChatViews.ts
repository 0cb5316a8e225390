import type { Room } from '@/contracts/chat'
import { personAt } from '../outbox/address'
import type { OutgoingMessage, PendingChange } from '../outbox/entries'
import type { Outbox } from '../outbox/Outbox'
import { Store } from '../runtime/Store'
import type { Conversations } from './Conversations'
import { byPlace, type RoomCache } from './RoomCache'
import type { RoomList } from './RoomList'
import type { Typing } from './Typing'
import type { ConversationListView, ConversationView } from './view'

export interface ChatViewsDeps {
  cache: RoomCache
  outbox: Outbox
  rows: RoomList
  conversations: Conversations
  typing: Typing
}

const NOTHING_OUTGOING: OutgoingMessage[] = []
const NOTHING_CHANGING: PendingChange[] = []

/** What the page shows of the chat, composed of what its parts know when somebody looks. */
export class ChatViews {
  readonly list = new Store(() => this.composeList())
  private readonly conversations = new Map<string, Store<ConversationView>>()

  constructor(private readonly deps: ChatViewsDeps) {}

  conversation(roomId: string): Store<ConversationView> {
    const view = this.conversations.get(roomId) ?? new Store(() => this.composeConversation(roomId))
    this.conversations.set(roomId, view)
    return view
  }

  /** The list changed, and what is shown of these rooms. */
  changed(roomIds: readonly string[]): void {
    const { cache, outbox } = this.deps
    cache.touch()
    // A bubble gives way in the same view that shows the message itself, so it is never seen twice, nor not at all.
    outbox.release((message) => cache.get(message.roomId)?.includes(message) ?? true)
    for (const roomId of roomIds) this.conversationChanged(roomId)
    this.list.invalidate()
  }

  /** What waits in the room changed; undefined: in any. */
  outgoingChanged(roomId: string | undefined): void {
    for (const changed of roomId === undefined ? this.conversations.keys() : [roomId]) this.conversationChanged(changed)
    this.list.invalidate()
  }

  conversationChanged(roomId: string): void {
    this.conversations.get(roomId)?.invalidate()
  }

  private composeList(): ConversationListView {
    const { cache, outbox, rows } = this.deps
    const waiting = outbox.newest()
    const known = cache.rooms()
    const rooms = waiting.size === 0 ? known : latestFirst(known, waiting)
    return {
      waiting,
      status: rooms.length > 0 ? 'ready' : rows.status,
      error: rows.error,
      rooms,
      hasMore: rows.hasMore,
      unreadTotal: rooms.reduce((total, room) => total + room.unread, 0),
    }
  }

  private composeConversation(roomId: string): ConversationView {
    const { cache, outbox, conversations, typing } = this.deps
    const timeline = cache.get(roomId)
    const state = conversations.state(roomId)
    const outgoing = outbox.outgoing(roomId)
    const changes = outbox.changes(roomId)
    return {
      status: timeline?.isLoaded === true || personAt(roomId) !== undefined ? 'ready' : (state?.status ?? 'loading'),
      error: state?.error,
      room: timeline?.room,
      participants: timeline?.participants ?? [],
      messages: timeline?.messages ?? [],
      outgoing: outgoing.length === 0 ? NOTHING_OUTGOING : outgoing,
      changes: changes.length === 0 ? NOTHING_CHANGING : changes,
      typing: typing.inRoom(roomId),
      hasOlder: timeline?.hasOlder ?? false,
      loadingOlder: state?.loadingOlder ?? false,
      hasNewer: timeline?.hasNewer ?? false,
      loadingNewer: state?.loadingNewer ?? false,
    }
  }
}

/** What waits counts as it will when it is sent, so that its room does not move then. */
const latestFirst = (rooms: readonly Room[], waiting: ConversationListView['waiting']): Room[] => {
  const at = ({ id, updatedAt }: Room) => {
    const typedAt = waiting.get(id)?.createdAt ?? ''
    return typedAt > updatedAt ? typedAt : updatedAt
  }
  return [...rooms].sort(byPlace(at))
}
