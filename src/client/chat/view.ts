import type { ChatMessage, Participant, Room } from '@/contracts/chat'
import type { WireError } from '@/contracts/errors'
import type { OutgoingMessage } from '../outbox/Outbox'

export interface ConversationListView {
  status: 'loading' | 'ready' | 'error'
  error: WireError | undefined
  /** Latest first. `unread` and `lastMessage` are kept current by live events. */
  rooms: Room[]
  hasMore: boolean
  unreadTotal: number
  /** The newest message of each room that is not acknowledged; its room stands where the message will put it. */
  waiting: ReadonlyMap<string, OutgoingMessage>
}

export interface ConversationView {
  status: 'loading' | 'ready' | 'error' | 'gone'
  error: WireError | undefined
  room: Room | undefined
  participants: Participant[]
  /** Acknowledged messages, ascending by `seq`, without holes. */
  messages: ChatMessage[]
  /** Not acknowledged, in the order they were typed; shown after `messages`. */
  outgoing: OutgoingMessage[]
  hasOlder: boolean
  loadingOlder: boolean
}

export interface ConversationListActions {
  loadMore(): Promise<void>
  reload(): Promise<void>
  /** The room of the direct conversation with this person; undefined: it begins with its first message. @throws AppError */
  findConversation(personId: string): Promise<string | undefined>
}

export interface ConversationActions {
  /** Queues the text (trimmed, 1 to 4,000 characters) and returns at once. */
  send(text: string): void
  /** Sends a failed message again. */
  retry(clientId: string): void
  /** Forgets a failed message. */
  discard(clientId: string): void
  loadOlder(): Promise<void>
  /** Marks everything up to `seq` as read; calls that change nothing send nothing. */
  markRead(upToSeq: number): void
  reload(): Promise<void>
}
