import type { ChatMessage, Room, RoomData } from '@/contracts/chat'
import { AppError } from '@/contracts/errors'
import { MessageText } from '@/contracts/primitives'
import type { OfflineQueue } from '../outbox/offlineQueue'
import type { Clock, Random } from '../transport/clock'
import { HttpPoller } from '../transport/HttpPoller'
import type { ClientLog, Page } from '../transport/ports'
import { Signal } from '../transport/Signal'
import type { ChatLink } from '../transport/SocketClient'
import type { SendCommand } from '../transport/sendCommand'
import { CatchUp } from './CatchUp'
import { Conversations } from './Conversations'
import type { ChatApi } from './chatApi'
import { Heads } from './Heads'
import { createLoadRoom } from './loadRoom'
import { ReadMarker } from './ReadMarker'
import { RoomBook } from './RoomBook'
import { RoomList } from './RoomList'
import type { ConversationListView, ConversationView, OutgoingMessage } from './view'

export interface ChatStoreDeps {
  userId: string
  clock: Clock
  random: Random
  log: ClientLog
  page: Page
  link: ChatLink
  api: ChatApi
  send: SendCommand
  queue: OfflineQueue
  createClientId(): string
}

const nothingOutgoing: OutgoingMessage[] = []

/** One person's conversations on this page: what is shown, and everything that keeps it equal to the server's tables. */
export class ChatStore {
  private readonly changed = new Signal()
  private readonly book: RoomBook
  private readonly list: RoomList
  private readonly catchUp: CatchUp
  private readonly heads: Heads
  private readonly conversations: Conversations
  private readonly marker: ReadMarker
  private readonly poller: HttpPoller
  private currentList: ConversationListView | undefined
  private readonly currentConversations = new Map<string, ConversationView>()
  private offs: (() => void)[] = []

  constructor(private readonly deps: ChatStoreDeps) {
    const { userId, clock, random, log, page, link, api, send } = deps
    const book = new RoomBook(userId)
    const changed = (roomId: string) => this.touch(roomId)
    this.book = book
    this.list = new RoomList({
      clock,
      random,
      api,
      adopt: (rooms) => this.adoptRows(rooms),
      changed: () => this.touchList(),
      loaded: () => void this.heads.ask(),
    })
    this.catchUp = new CatchUp({
      clock,
      random,
      log,
      book,
      send,
      applied: (roomId, { messages }) => {
        this.settle(messages)
        this.catchUp.watchHole(roomId)
        this.touch(roomId)
      },
      reload: (roomId) => void this.conversations.load(roomId, true),
      refreshRows: () => this.refreshRows(),
      gone: (roomId) => this.gone(roomId),
    })
    this.conversations = new Conversations({
      clock,
      random,
      api,
      book,
      loadRoom: createLoadRoom({ clock, socket: link, api }),
      loaded: (roomId, messages) => {
        this.settle(messages)
        this.catchUp.watchHole(roomId)
      },
      behind: (roomId) => this.catchUp.request([roomId]),
      changed,
    })
    this.heads = new Heads({
      clock,
      log,
      page,
      book,
      link,
      catchUp: this.catchUp,
      listAsOf: () => this.list.asOf,
      refreshList: () => this.list.refresh(),
    })
    this.marker = new ReadMarker({ userId, clock, random, log, book, send, changed })
    this.poller = new HttpPoller({ clock, random, page, socket: link, poll: () => this.list.refresh() })
  }

  start(): void {
    const { link, queue } = this.deps
    this.offs = [
      link.on('roomData', (data) => this.offer(data)),
      link.on('receiveMessage', (message) => this.receive(message)),
      link.on('messagesRead', (read) => {
        if (this.book.receiveRead(read) !== undefined) this.touch(read.roomId)
      }),
      link.connectedNow.on(() => this.connected()),
      link.heartbeat.on(() => void this.heads.ask()),
      queue.changed.on((roomId) => this.outgoingChanged(roomId)),
      queue.acknowledged.on((message) => this.receive(message)),
    ]
    void this.list.load()
    this.poller.start()
  }

  stop(): void {
    for (const off of this.offs) off()
    this.poller.stop()
    this.heads.stop()
    this.catchUp.stop()
    this.marker.stop()
    this.conversations.stop()
    this.list.stop()
  }

  /** Something works again: whatever waits for its back-off is tried now. */
  hurry(): void {
    this.list.hurry()
    this.catchUp.hurry()
    this.conversations.hurry()
    this.marker.hurry()
    this.poller.hurry()
  }

  /** The page is looked at again, perhaps after hours: the connection may only look open, so it has to answer. */
  wake(): void {
    this.hurry()
    if (this.deps.link.connected) void this.heads.ask(true)
    else this.refreshRows()
  }

  /** For useSyncExternalStore, with the two views below. */
  readonly subscribe = (listener: () => void): (() => void) => this.changed.on(listener)

  /** The same object until something in it changes. */
  listView(): ConversationListView {
    this.currentList ??= this.composeList()
    return this.currentList
  }

  /** The same object until something in it changes. */
  conversationView(roomId: string): ConversationView {
    const view = this.currentConversations.get(roomId) ?? this.composeConversation(roomId)
    this.currentConversations.set(roomId, view)
    return view
  }

  /** Loads the conversation if need be and keeps it loaded until the answer is called. */
  openConversation(roomId: string): () => void {
    return this.conversations.open(roomId)
  }

  reloadConversation(roomId: string): Promise<void> {
    return this.conversations.load(roomId)
  }

  loadOlder(roomId: string): Promise<void> {
    return this.conversations.loadOlder(roomId)
  }

  markRead(roomId: string, upToSeq: number): void {
    this.marker.mark(roomId, upToSeq)
  }

  loadMore(): Promise<void> {
    return this.list.loadMore()
  }

  reload(): Promise<void> {
    return this.list.refresh()
  }

  /** Opens the direct conversation with this person; resolves to its room's id, rejects as the ladder does. */
  async startConversation(participantId: string): Promise<string> {
    const data = await this.deps.send('getOrCreateRoom', { participantId })
    this.offer(data)
    return data.room.id
  }

  /** Queues the text, trimmed, and returns at once. Throws AppError BAD_REQUEST for one that no server would take. */
  sendMessage(roomId: string, text: string): void {
    const parsed = MessageText.safeParse(text)
    if (!parsed.success) {
      const message = parsed.error.issues[0]?.message
      throw new AppError('BAD_REQUEST', message === undefined ? {} : { message })
    }
    const { queue, userId, clock, createClientId } = this.deps
    const createdAt = new Date(clock.now()).toISOString()
    queue.add({ clientId: createClientId(), roomId, senderId: userId, message: parsed.data, createdAt })
  }

  retryMessage(clientId: string): void {
    this.deps.queue.retry(clientId)
  }

  discardMessage(clientId: string): void {
    this.deps.queue.discard(clientId)
  }

  /** A message of the server's table, live or acknowledged: the same bubble, whichever way it became known. */
  private receive(message: ChatMessage): void {
    const timeline = this.book.receive(message)
    this.settle([message])
    if (timeline === undefined) this.refreshRows()
    else this.catchUp.watchHole(message.roomId)
    this.touch(message.roomId)
  }

  private offer(data: RoomData): void {
    if (this.book.offerSnapshot(data)) this.catchUp.request([data.room.id])
    this.settle(data.messages)
    this.catchUp.watchHole(data.room.id)
    this.touch(data.room.id)
  }

  /** What happened meanwhile: in loaded rooms whatever they miss, elsewhere by the heads. */
  private connected(): void {
    this.hurry()
    this.conversations.connected()
    this.catchUp.request([...this.book.all()].filter((timeline) => timeline.isLoaded).map((timeline) => timeline.id))
    // Before the list is there, heads have nothing to be compared with; it asks for them when it is.
    if (this.list.status === 'ready') void this.heads.ask()
  }

  private adoptRows(rows: Room[]): void {
    this.catchUp.request(rows.filter((row) => this.book.adoptRow(row)).map((row) => row.id))
    this.book.touch()
    for (const row of rows) this.currentConversations.delete(row.id)
    this.touchList()
  }

  /** A failure is made good by the next heads, or by the next poll. */
  private refreshRows(): void {
    this.list.refresh().catch((error: unknown) => {
      this.deps.log.warn('[Socket:/chat] Reading the list again failed', { error: String(error) })
    })
  }

  private gone(roomId: string): void {
    this.book.remove(roomId)
    this.conversations.gone(roomId)
    this.touch(roomId)
  }

  private settle(messages: readonly ChatMessage[]): void {
    for (const message of messages) this.deps.queue.settle(message)
  }

  private outgoingChanged(roomId: string | undefined): void {
    if (roomId === undefined) this.currentConversations.clear()
    else this.currentConversations.delete(roomId)
    this.changed.emit()
  }

  private touch(roomId: string): void {
    this.book.touch()
    this.currentConversations.delete(roomId)
    this.touchList()
  }

  private touchList(): void {
    // A bubble gives way in the same view that shows the message itself, so it is never seen twice, nor not at all.
    this.deps.queue.release((message) => this.book.get(message.roomId)?.includes(message) ?? true)
    this.currentList = undefined
    this.changed.emit()
  }

  private composeList(): ConversationListView {
    const rooms = this.book.rooms()
    return {
      status: rooms.length > 0 ? 'ready' : this.list.status,
      error: this.list.error,
      rooms,
      hasMore: this.list.hasMore,
      unreadTotal: rooms.reduce((total, room) => total + room.unread, 0),
    }
  }

  private composeConversation(roomId: string): ConversationView {
    const timeline = this.book.get(roomId)
    const state = this.conversations.state(roomId)
    const outgoing = this.deps.queue.outgoing(roomId)
    const status = state?.status ?? 'loading'
    return {
      status: timeline?.isLoaded === true ? 'ready' : status,
      error: state?.error,
      room: timeline?.room,
      participants: timeline?.participants ?? [],
      messages: timeline?.messages ?? [],
      outgoing: outgoing.length === 0 ? nothingOutgoing : outgoing,
      hasOlder: timeline?.hasOlder ?? false,
      loadingOlder: state?.loadingOlder ?? false,
    }
  }
}
