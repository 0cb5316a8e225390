import { type ChatMessage, chatCommands, chatQueries, type Room, type RoomData } from '@/contracts/chat'
import type { ReactionsPage } from '@/contracts/reactions'
import { personAt } from '../outbox/address'
import type { Outbox } from '../outbox/Outbox'
import { EventEmitter } from '../runtime/EventEmitter'
import type { Runtime } from '../runtime/runtime'
import type { Store } from '../runtime/Store'
import { ChatSync, type ChatSyncDeps } from './ChatSync'
import { ChatViews } from './ChatViews'
import { Groups } from './Groups'
import { ReadMarker } from './ReadMarker'
import { Typing } from './Typing'
import type { ConversationListView, ConversationView, MessageRef, SentWith } from './view'
import { Writing } from './Writing'

export interface ChatStoreDeps extends Omit<ChatSyncDeps, 'took' | 'changed'> {
  outbox: Outbox
  createClientId(): string
}

/** Pages of the list that are looked through for a person. */
const MOST_PAGES = 10

/** One person's conversations on this page: what it may ask of them. `ChatSync` keeps them current, `ChatViews` shows them. */
export class ChatStore {
  readonly list: Store<ConversationListView>
  readonly groups: Groups
  /** Somebody else has just sent a message in a conversation that is known here; not those that were missed. */
  readonly arrived = new EventEmitter<[{ message: ChatMessage; room: Room }]>()
  private readonly sync: ChatSync
  private readonly views: ChatViews
  private readonly writing: Writing
  private readonly marker: ReadMarker
  private readonly typing: Typing

  constructor(
    runtime: Runtime,
    private readonly deps: ChatStoreDeps,
  ) {
    const { userId, transport, link, outbox, createClientId } = deps
    const changed = (...roomIds: string[]) => this.views.changed(roomIds)
    this.sync = new ChatSync(runtime, {
      ...deps,
      changed,
      took: (messages) => {
        for (const message of messages) outbox.settle(message)
      },
    })
    const { sync } = this
    const { cache, rows, conversations } = sync
    this.groups = new Groups(userId, {
      transport,
      createClientId,
      made: (data) => sync.offer(data),
      described: (room) => sync.describe(room),
      gone: (roomId) => sync.gone(roomId),
    })
    this.marker = new ReadMarker(runtime, { userId, cache, transport, changed })
    const typingChanged = (roomId: string) => this.views.conversationChanged(roomId)
    this.typing = new Typing(runtime, { transport, link, cache, changed: typingChanged })
    const { typing } = this
    this.writing = new Writing({ userId, cache, outbox, clock: runtime.clock, createClientId })
    this.views = new ChatViews({ cache, outbox, rows, conversations, typing })
    this.list = this.views.list
  }

  start(): void {
    const { sync, typing, views } = this
    const { link, outbox } = this.deps
    link.on('roomData', (data) => sync.offer(data))
    link.on('receiveMessage', (message) => {
      typing.forget(message.roomId, message.senderId)
      sync.receive(message)
      const room = sync.cache.get(message.roomId)?.room
      const isNews = message.senderId !== this.deps.userId && message.kind !== 'system'
      if (room && isNews) this.arrived.emit({ message, room })
    })
    link.on('messageUpdated', (message) => sync.receive(message, false))
    link.on('messagesRead', (read) => sync.receiveRead(read))
    link.on('roomUpdated', (room) => sync.describe(room))
    link.on('roomRemoved', ({ roomId }) => sync.gone(roomId))
    link.on('typing', (event) => typing.hear(event))
    outbox.changed.on((roomId) => views.outgoingChanged(roomId))
    outbox.acknowledged.on((message) => sync.receive(message))
    outbox.roomFound.on((data) => sync.offer(data))
    sync.start()
  }

  /** The page is looked at again. */
  shown(): void {
    this.sync.shown()
  }

  conversation(roomId: string): Store<ConversationView> {
    return this.views.conversation(roomId)
  }

  /** Loads the conversation if need be and keeps it loaded until the answer is called. */
  openConversation(roomId: string): () => void {
    if (personAt(roomId) !== undefined) return () => {}
    return this.sync.conversations.open(roomId)
  }

  reloadConversation(roomId: string): Promise<void> {
    return this.sync.conversations.load(roomId)
  }

  loadOlder(roomId: string): Promise<void> {
    return this.sync.conversations.loadOlder(roomId)
  }

  loadNewer(roomId: string): Promise<void> {
    return this.sync.conversations.loadNewer(roomId)
  }

  /**
   * Shows the messages around this place of the conversation, loading them if need be; false: another place was asked for
   * meanwhile. Until `toNewest`, or until one has read on to them, the newest messages are not shown.
   * @throws AppError NOT_FOUND (there is no such place), and as `Transport.call` does.
   */
  openAround(roomId: string, seq: number): Promise<boolean> {
    return this.sync.conversations.openAround(roomId, seq)
  }

  toNewest(roomId: string): void {
    this.sync.conversations.toNewest(roomId)
  }

  markRead(roomId: string, upToSeq: number): void {
    this.marker.mark(roomId, upToSeq)
  }

  loadMore(): Promise<void> {
    return this.sync.rows.loadMore()
  }

  reload(): Promise<void> {
    return this.sync.rows.refresh()
  }

  /**
   * The direct conversation with this person; undefined where there is none, or none in so much of the list as is looked
   * through: the first message then begins it, or finds it (see outbox/address.ts). @throws as `Transport.call` does.
   */
  async findConversation(personId: string): Promise<string | undefined> {
    const { cache, rows } = this.sync
    const known = () => cache.rooms().find(({ partnerId }) => partnerId === personId)?.id
    for (let pages = 0; known() === undefined && rows.hasMore && pages < MOST_PAGES; pages += 1) await rows.loadMore()
    return known()
  }

  /** Opens the direct conversation with this person; resolves to its room's id. @throws as `Transport.call` does. */
  async startConversation(participantId: string): Promise<string> {
    const data = await this.deps.transport.call(chatCommands.getOrCreateRoom, { participantId })
    this.sync.offer(data)
    return data.room.id
  }

  /** To be called whenever this person types in the room (`on`), and when they have stopped. */
  setTyping(roomId: string, on: boolean): void {
    this.typing.say(roomId, on)
  }

  /**
   * Queues the text, trimmed, and returns at once.
   * @param more - the message of the server's table that it answers, and the ids of the members whom it names.
   * @throws AppError BAD_REQUEST for a text that no server would take.
   */
  sendMessage(roomId: string, text: string, more: SentWith = {}): void {
    this.writing.send(roomId, text, more)
    this.typing.say(roomId, false)
    this.sync.conversations.toNewest(roomId)
  }

  /**
   * Queues an edit of one's own message, or rewrites one that waits itself.
   * @throws AppError as `sendMessage`, NOT_FOUND for one that neither waits nor is in the conversation any more.
   */
  editMessage(roomId: string, message: MessageRef, text: string, mentions?: string[]): void {
    this.writing.edit(roomId, message, text, mentions)
  }

  /** Queues the deletion, or takes back one that waits itself. */
  deleteMessage(roomId: string, message: MessageRef): void {
    this.writing.delete(roomId, message)
  }

  /** Queues a reaction of one's own, or that it is taken back. */
  react(roomId: string, messageId: string, emoji: string, on: boolean): void {
    this.writing.react(roomId, messageId, emoji, on)
  }

  /** Everybody who reacted to a message, a page at a time. @throws as `Transport.call` does. */
  reactions(messageId: string, cursor?: string): Promise<ReactionsPage> {
    const input = cursor === undefined ? { messageId } : { messageId, cursor }
    return this.deps.transport.call(chatQueries.listReactions, input)
  }

  /** The server has said which conversations there are. */
  get isListed(): boolean {
    return this.sync.rows.status === 'ready'
  }

  /** Those of the latest conversations that are loaded, as a browser keeps them for a visit without a network. */
  snapshots(most: number): RoomData[] {
    return this.sync.snapshots(most)
  }

  /** Shows what was kept so, unless the server's list is there; what it has missed is asked for. */
  restore(kept: readonly RoomData[]): void {
    this.sync.restore(kept)
  }

  retryMessage(clientId: string): void {
    this.deps.outbox.retry(clientId)
  }

  discardMessage(clientId: string): void {
    this.deps.outbox.discard(clientId)
  }
}
