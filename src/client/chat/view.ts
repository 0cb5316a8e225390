import type { ChatMessage, Participant, Room } from '@/contracts/chat'
import type { Quote } from '@/contracts/chatShapes'
import type { WireError } from '@/contracts/errors'
import type { ReactionsPage } from '@/contracts/reactions'
import type { OutgoingMessage, PendingChange } from '../outbox/entries'

/** This person's conversations, as far as they were loaded. A new object with every change, to compare by identity. */
export interface ConversationListView {
  status: 'loading' | 'ready' | 'error'
  error: WireError | undefined
  /** Pinned ones first, then latest first. `unread` and `lastMessage` are kept current by live events. */
  rooms: Room[]
  hasMore: boolean
  unreadTotal: number
  /** The newest message of each room that is not acknowledged; its room stands where the message will put it. */
  waiting: ReadonlyMap<string, OutgoingMessage>
}

/**
 * One conversation. `status` `gone`: there is no such room, or one is in it no more. A new object with every change.
 */
export interface ConversationView {
  status: 'loading' | 'ready' | 'error' | 'gone'
  error: WireError | undefined
  room: Room | undefined
  participants: Participant[]
  /** Acknowledged messages, ascending by `seq`, without holes. */
  messages: ChatMessage[]
  /** Not acknowledged, in the order they were typed; shown after `messages`. */
  outgoing: OutgoingMessage[]
  /** Edits and deletions of `messages`, and reactions, that are not acknowledged, in the order they were made. */
  changes: PendingChange[]
  /** The ids of others who type at this moment. */
  typing: readonly string[]
  hasOlder: boolean
  loadingOlder: boolean
  /** `messages` lie further back and do not reach the newest ones, nor `outgoing`. */
  hasNewer: boolean
  loadingNewer: boolean
}

/** What one does with the list of conversations. */
export interface ConversationListActions {
  /** The next page of older ones; nothing where there is none. @throws as `Transport.call` does. */
  loadMore(): Promise<void>
  /** The first page again. @throws as `Transport.call` does. */
  reload(): Promise<void>
  /** The room of the direct conversation with this person; undefined: it begins with its first message. @throws AppError */
  findConversation(personId: string): Promise<string | undefined>
  /** Makes a group of these people; resolves to its room id. @throws AppError */
  startGroup(name: string, participantIds: string[]): Promise<string>
}

/** One of `messages`, or of `outgoing`. */
export type MessageRef = { id: string } | { clientId: string }

/** What a message has besides its text. */
export interface SentWith {
  /** One of `messages`. */
  replyTo?: Quote | undefined
  /** The ids of the members of the group whom it names. */
  mentions?: string[] | undefined
}

/**
 * What one does in one conversation. What queues something is sent when it can be, once and in order, across reloads.
 */
export interface ConversationActions {
  /** Queues the text (trimmed, 1 to 4,000 characters) and returns at once. */
  send(text: string, more?: SentWith): void
  /** Queues another text for one's own message (as `send` does), which may name others, and returns at once. */
  edit(message: MessageRef, text: string, mentions?: string[]): void
  /** Queues the deletion of a message and returns at once. */
  remove(message: MessageRef): void
  /** Queues a reaction of one's own to one of `messages` (`on`), or that it is taken back, and returns at once. */
  react(messageId: string, emoji: string, on: boolean): void
  /** Everybody who reacted, a page at a time. @throws AppError */
  reactions(messageId: string, cursor?: string): Promise<ReactionsPage>
  /** Sends a failed message, edit or deletion again. */
  retry(clientId: string): void
  /** Forgets a failed message, edit or deletion. */
  discard(clientId: string): void
  /** To be called for each key (`true`), and when one has stopped typing. */
  setTyping(on: boolean): void
  loadOlder(): Promise<void>
  loadNewer(): Promise<void>
  /** Shows the messages around this place; false: another one was asked for meanwhile. @throws AppError */
  openAround(seq: number): Promise<boolean>
  toNewest(): void
  /** Marks everything up to `seq` as read; calls that change nothing send nothing. */
  markRead(upToSeq: number): void
  reload(): Promise<void>
}
