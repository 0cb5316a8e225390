import type { ChatMessage, Participant, Room } from '@/contracts/chat'
import type { WireError } from '@/contracts/errors'

/** What the page says of its connection (requirements 001, stage 5; DESIGN: live → polling → HTTP → offline). */
export type ConnectionState =
  | 'connecting' // the first attempt is under way
  | 'connected' // WebSocket
  | 'polling' // Socket.IO over long polling
  | 'reconnecting' // was live, trying again; not yet given up on the socket
  | 'http' // no socket; commands and changes travel over HTTP
  | 'offline' // nothing works; sends wait in the queue
  | 'error' // refused for good until something changes (signed out, forbidden)

export interface ConnectionProblem {
  category: 'network' | 'auth' | 'server'
  /** A sentence for the person. */
  message: string
}

export interface ConnectionView {
  state: ConnectionState
  problem: ConnectionProblem | undefined
  /** Messages of this person that wait for acknowledgement, in all tabs. */
  queued: number
  /** Said once when IndexedDB is refused: messages then wait in memory only. */
  storageWarning: string | undefined
  metrics: { transport: string | undefined; connectMs: number | undefined; reconnects: number }
}

/** What the server's limit for messages means for this person, in all rooms and tabs. */
export interface SendLimitView {
  /** Until then (milliseconds by the page's clock) nothing is sent; undefined: it is. */
  blockedUntil: number | undefined
  /** Messages left for now, once they are few. */
  remaining: number | undefined
}

/** A message of one's own that is not acknowledged yet. */
export interface OutgoingMessage {
  clientId: string
  roomId: string
  message: string
  /** ISO 8601, by the page's clock. */
  createdAt: string
  state: 'queued' | 'sending' | 'failed'
  /** Why it failed for good; only with `failed`. */
  error: WireError | undefined
}

export interface ConversationListView {
  status: 'loading' | 'ready' | 'error'
  error: WireError | undefined
  /** Latest first. `unread` and `lastMessage` are kept current by live events. */
  rooms: Room[]
  hasMore: boolean
  unreadTotal: number
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
  /** Opens the direct conversation with this person, made if need be; resolves to its room id, rejects with AppError. */
  startConversation(participantId: string): Promise<string>
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
