import { type ChatMessage, chatCommands, chatQueries, type Room, type RoomData } from '@/contracts/chat'
import { canonicalEmoji } from '@/contracts/emoji'
import { AppError } from '@/contracts/errors'
import { MessageText } from '@/contracts/primitives'
import type { ReactionsPage } from '@/contracts/reactions'
import { personAt } from '../outbox/address'
import type { OutgoingMessage, PendingChange } from '../outbox/entries'
import type { Outbox } from '../outbox/Outbox'
import { Poller } from '../runtime/Poller'
import type { Runtime } from '../runtime/runtime'
import { Store } from '../runtime/Store'
import type { ChatLink } from '../transport/SocketClient'
import type { Transport } from '../transport/Transport'
import { CatchUp } from './CatchUp'
import { Conversations } from './Conversations'
import { Descriptions } from './Descriptions'
import { Groups } from './Groups'
import { Heads } from './Heads'
import { MessageDetails, type Place } from './MessageDetails'
import { ReadMarker } from './ReadMarker'
import { byPlace, RoomCache } from './RoomCache'
import { RoomList } from './RoomList'
import { Typing } from './Typing'
import type { ConversationListView, ConversationView, MessageRef, SentWith } from './view'

/** How often changes are asked for while there is no live connection. */
const POLL_MS = 4_000

export interface ChatStoreDeps {
  userId: string
  transport: Transport
  link: ChatLink
  outbox: Outbox
  createClientId(): string
  /** So many of the latest conversations are loaded before they are opened, so that they open without a connection, too. */
  loadAhead: number
}

/** The first moments of a page belong to what is open. */
const AHEAD_AFTER_MS = 3_000

/** Pages of the list that are looked through for a person. */
const MOST_PAGES = 10

const NOTHING_OUTGOING: OutgoingMessage[] = []
const NOTHING_CHANGING: PendingChange[] = []

/** One person's conversations on this page: what is shown, and everything that keeps it equal to the server's tables. */
export class ChatStore {
  readonly list = new Store(() => this.composeList())
  readonly groups: Groups
  private readonly views = new Map<string, Store<ConversationView>>()
  private readonly cache: RoomCache
  private readonly rows: RoomList
  private readonly catchUp: CatchUp
  private readonly heads: Heads
  private readonly conversations: Conversations
  private readonly descriptions: Descriptions
  private readonly marker: ReadMarker
  private readonly poller: Poller
  private readonly typing: Typing
  private readonly details: MessageDetails

  constructor(
    private readonly runtime: Runtime,
    private readonly deps: ChatStoreDeps,
  ) {
    const { userId, transport, link, createClientId } = deps
    const cache = new RoomCache(userId)
    const changed = (roomId: string) => this.changed(roomId)
    const settled = (roomId: string, messages: readonly ChatMessage[]) => {
      this.settle(messages)
      this.catchUp.watchHole(roomId)
      this.conversations.meetStrangers(roomId)
      this.descriptions.watch(roomId)
    }
    this.cache = cache
    this.rows = new RoomList(runtime, {
      transport,
      adopt: (rooms) => this.adoptRows(rooms),
      changed: () => this.changed(),
      loaded: () => {
        void this.heads.ask()
        this.loadAheadSoon()
      },
    })
    this.catchUp = new CatchUp(runtime, {
      transport,
      cache,
      applied: (roomId, { messages }) => {
        settled(roomId, messages)
        this.changed(roomId)
      },
      reload: (roomId) => void this.conversations.load(roomId, true),
      refreshRows: () => this.refreshRows(),
      gone: (roomId) => this.gone(roomId),
    })
    this.conversations = new Conversations(runtime, {
      transport,
      cache,
      loaded: settled,
      behind: (roomId) => this.catchUp.request([roomId]),
      changed,
    })
    this.descriptions = new Descriptions(runtime, { transport, cache, changed })
    this.heads = new Heads(runtime, {
      transport,
      cache,
      link,
      catchUp: this.catchUp,
      listAsOf: () => this.rows.asOf,
      refreshList: () => this.rows.refresh(),
      gone: (roomId) => this.gone(roomId),
    })
    this.groups = new Groups(userId, {
      transport,
      createClientId,
      made: (data) => this.offer(data),
      described: (room) => this.describe(room),
      gone: (roomId) => this.gone(roomId),
    })
    this.marker = new ReadMarker(runtime, { userId, cache, transport, changed })
    this.typing = new Typing(runtime, {
      transport,
      link,
      cache,
      changed: (roomId) => this.views.get(roomId)?.invalidate(),
    })
    this.details = new MessageDetails(runtime, { transport, changed })
    this.poller = new Poller(runtime, { link, everyMs: POLL_MS, poll: () => this.poll() })
  }

  start(): void {
    const { link, outbox } = this.deps
    link.on('roomData', (data) => this.offer(data))
    link.on('receiveMessage', (message) => this.receive(message))
    link.on('messageUpdated', (message) => this.receive(message, false))
    link.on('typing', (typing) => this.typing.hear(typing))
    link.on('messagesRead', (read) => {
      if (this.cache.receiveRead(read) !== undefined) this.changed(read.roomId)
    })
    link.on('roomUpdated', (room) => {
      this.describe(room)
      // What somebody prefers moves no counter: rows that were asked for before this may come after it.
      if (this.rows.isReading) this.refreshRows()
    })
    link.on('roomRemoved', ({ roomId }) => this.gone(roomId))
    link.connectedNow.on(() => this.connected())
    link.heartbeat.on(() => void this.heads.ask())
    outbox.changed.on((roomId) => this.outgoingChanged(roomId))
    outbox.acknowledged.on((message) => this.receive(message))
    outbox.roomFound.on((data) => this.offer(data))
    this.rows.load()
    this.poller.start()
  }

  /** The page is looked at again, perhaps after hours: the connection may only look open, so it has to answer. */
  shown(): void {
    if (this.deps.link.connected) void this.heads.ask(true)
    else this.refreshRows()
    for (const roomId of this.conversations.watched()) this.conversations.meetStrangers(roomId)
  }

  conversation(roomId: string): Store<ConversationView> {
    const view = this.views.get(roomId) ?? new Store(() => this.composeConversation(roomId))
    this.views.set(roomId, view)
    return view
  }

  /** Loads the conversation if need be and keeps it loaded until the answer is called. */
  openConversation(roomId: string): () => void {
    if (personAt(roomId) !== undefined) return () => {}
    return this.conversations.open(roomId)
  }

  reloadConversation(roomId: string): Promise<void> {
    return this.conversations.load(roomId)
  }

  loadOlder(roomId: string): Promise<void> {
    return this.conversations.loadOlder(roomId)
  }

  loadNewer(roomId: string): Promise<void> {
    return this.conversations.loadNewer(roomId)
  }

  /**
   * Shows the messages around this place of the conversation, loading them if need be; false: another place was asked for
   * meanwhile. Until `toNewest`, or until one has read on to them, the newest messages are not shown.
   * @throws AppError NOT_FOUND (there is no such place), and as `Transport.call` does.
   */
  openAround(roomId: string, seq: number): Promise<boolean> {
    return this.conversations.openAround(roomId, seq)
  }

  toNewest(roomId: string): void {
    this.conversations.toNewest(roomId)
  }

  markRead(roomId: string, upToSeq: number): void {
    this.marker.mark(roomId, upToSeq)
  }

  loadMore(): Promise<void> {
    return this.rows.loadMore()
  }

  reload(): Promise<void> {
    return this.rows.refresh()
  }

  /**
   * The direct conversation with this person; undefined where there is none, which then begins with its first message (see
   * outbox/address.ts). Where the list is very long it is made at once instead. @throws as `Transport.call` does.
   */
  async findConversation(personId: string): Promise<string | undefined> {
    const known = () => this.cache.rooms().find(({ partnerId }) => partnerId === personId)?.id
    for (let pages = 0; known() === undefined && this.rows.hasMore; pages += 1) {
      if (pages === MOST_PAGES) return this.startConversation(personId)
      await this.rows.loadMore()
    }
    return known()
  }

  /** Opens the direct conversation with this person; resolves to its room's id. @throws as `Transport.call` does. */
  async startConversation(participantId: string): Promise<string> {
    const data = await this.deps.transport.call(chatCommands.getOrCreateRoom, { participantId })
    this.offer(data)
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
    const message = parseText(text)
    this.typing.say(roomId, false)
    this.conversations.toNewest(roomId)
    const { outbox, userId, createClientId } = this.deps
    const createdAt = new Date(this.runtime.clock.now()).toISOString()
    outbox.add({ clientId: createClientId(), roomId, senderId: userId, message, createdAt, ...more })
  }

  /**
   * Queues an edit of one's own message, or rewrites one that waits itself.
   * @throws AppError as `sendMessage`, NOT_FOUND for one that neither waits nor is in the conversation any more.
   */
  editMessage(roomId: string, message: MessageRef, text: string, mentions?: string[]): void {
    const { outbox } = this.deps
    const parsed = parseText(text)
    const id = this.idOf(roomId, message)
    const next = { text: parsed, mentions }
    if (id !== undefined) outbox.change({ id, roomId }, { kind: 'edit', ...next })
    else if (!('clientId' in message && outbox.rewrite(message.clientId, next))) throw new AppError('NOT_FOUND')
  }

  /** Queues the deletion, or takes back one that waits itself. */
  deleteMessage(roomId: string, message: MessageRef): void {
    const id = this.idOf(roomId, message)
    if (id !== undefined) this.deps.outbox.change({ id, roomId }, { kind: 'delete' })
    else if ('clientId' in message) this.deps.outbox.withdraw(message.clientId)
  }

  /** Undefined while it waits itself. It may have been acknowledged since it was pointed at. */
  private idOf(roomId: string, message: MessageRef): string | undefined {
    return 'id' in message ? message.id : this.cache.get(roomId)?.ownMessage(message.clientId)?.id
  }

  /** Queues a reaction of one's own, or that it is taken back. */
  react(roomId: string, messageId: string, picked: string, on: boolean): void {
    const emoji = canonicalEmoji(picked)
    this.details.note(messageId, emoji, on)
    this.deps.outbox.change({ id: messageId, roomId }, { kind: 'react', emoji, on })
  }

  /** To be called for a message that is shown and leaves open who somebody is, or whether oneself reacted. */
  wantDetails(roomId: string, message: Place): void {
    this.details.want(roomId, message)
  }

  /** Everybody who reacted to a message, a page at a time. @throws as `Transport.call` does. */
  reactions(messageId: string, cursor?: string): Promise<ReactionsPage> {
    const input = cursor === undefined ? { messageId } : { messageId, cursor }
    return this.deps.transport.call(chatQueries.listReactions, input)
  }

  /** Those of the latest conversations that are loaded, as a browser keeps them for a visit without a network. */
  snapshots(most: number): RoomData[] {
    return this.cache.rooms().flatMap(({ id }, place) => (place < most && this.cache.get(id)?.snapshot) || [])
  }

  /** Shows what was kept so, unless the server's list is there; what it has missed is asked for. */
  restore(kept: readonly RoomData[]): void {
    if (this.rows.status === 'ready') return
    const restored = kept.filter((data) => this.cache.restore(data)).map(({ room }) => room.id)
    this.catchUp.request(restored)
    this.changed(...restored)
  }

  retryMessage(clientId: string): void {
    this.deps.outbox.retry(clientId)
  }

  discardMessage(clientId: string): void {
    this.deps.outbox.discard(clientId)
  }

  /** A message of the server's table, live or acknowledged: the same bubble, whichever way it became known. */
  private receive(message: ChatMessage, isNew = true): void {
    const wasKnown = this.cache.get(message.roomId)?.needsRow !== true
    const timeline = this.cache.receive(message)
    this.typing.forget(message.roomId, message.senderId)
    this.settle([message])
    // A change moves its room to no other place in the list: where the room was not shown it need not be.
    if ((timeline === undefined && isNew) || (wasKnown && timeline?.needsRow)) this.refreshRows()
    else this.catchUp.watchHole(message.roomId)
    this.conversations.meetStrangers(message.roomId)
    this.descriptions.watch(message.roomId)
    this.changed(message.roomId)
  }

  private offer(data: RoomData): void {
    if (this.cache.offerSnapshot(data)) this.catchUp.request([data.room.id])
    this.settle(data.messages)
    this.catchUp.watchHole(data.room.id)
    this.conversations.returned(data.room.id)
    this.changed(data.room.id)
  }

  private describe(room: Room): void {
    this.cache.get(room.id)?.describe(room)
    this.changed(room.id)
  }

  /** What happened meanwhile: in loaded rooms whatever they miss, elsewhere by the heads. */
  private connected(): void {
    this.catchUp.request([...this.cache.all()].filter((timeline) => timeline.isLoaded).map((timeline) => timeline.id))
    // Before the list is there, heads have nothing to be compared with; it asks for them when it is.
    if (this.rows.status !== 'ready') return
    void this.heads.ask()
    this.loadAheadSoon()
  }

  private loadAheadSoon(): void {
    const { link, loadAhead } = this.deps
    if (loadAhead > 0 && link.connected) this.runtime.clock.after(AHEAD_AFTER_MS, () => void this.loadAhead())
  }

  /** One after the other: whatever somebody does meanwhile waits for one of them at most. */
  private async loadAhead(): Promise<void> {
    const { link, loadAhead } = this.deps
    for (const { id } of this.cache.rooms().slice(0, loadAhead)) {
      if (!link.connected || this.runtime.signal.aborted) return
      if (this.cache.get(id)?.isLoaded === false) await this.conversations.load(id)
    }
  }

  private adoptRows(rows: Room[]): void {
    this.catchUp.request(rows.filter((row) => this.cache.adoptRow(row)).map((row) => row.id))
    for (const { id } of rows) this.conversations.returned(id)
    this.changed(...rows.map((row) => row.id))
  }

  /** Only what one has open can tell over HTTP that one is not in it any more. */
  private poll(): Promise<void> {
    this.catchUp.request(this.conversations.watched())
    return this.rows.refresh()
  }

  /** A failure is made good by the next heads, or by the next poll. */
  private refreshRows(): void {
    this.rows.refresh().catch((error: unknown) => {
      this.runtime.log.warn('[Socket:/chat] Reading the list again failed', { error: String(error) })
    })
  }

  private gone(roomId: string): void {
    if (this.cache.get(roomId) === undefined) return
    this.cache.remove(roomId)
    this.conversations.gone(roomId)
    this.changed(roomId)
  }

  private settle(messages: readonly ChatMessage[]): void {
    for (const message of messages) this.deps.outbox.settle(message)
  }

  private outgoingChanged(roomId: string | undefined): void {
    const views = roomId === undefined ? [...this.views.values()] : [this.views.get(roomId)]
    for (const view of views) view?.invalidate()
    this.list.invalidate()
  }

  /** The list changed, and what is shown of these rooms. */
  private changed(...roomIds: string[]): void {
    this.cache.touch()
    // A bubble gives way in the same view that shows the message itself, so it is never seen twice, nor not at all.
    this.deps.outbox.release((message) => this.cache.get(message.roomId)?.includes(message) ?? true)
    for (const roomId of roomIds) this.views.get(roomId)?.invalidate()
    this.list.invalidate()
  }

  private composeList(): ConversationListView {
    const waiting = this.deps.outbox.newest()
    const known = this.cache.rooms()
    const rooms = waiting.size === 0 ? known : latestFirst(known, waiting)
    return {
      waiting,
      status: rooms.length > 0 ? 'ready' : this.rows.status,
      error: this.rows.error,
      rooms,
      hasMore: this.rows.hasMore,
      unreadTotal: rooms.reduce((total, room) => total + room.unread, 0),
    }
  }

  private composeConversation(roomId: string): ConversationView {
    const timeline = this.cache.get(roomId)
    const state = this.conversations.state(roomId)
    const outgoing = this.deps.outbox.outgoing(roomId)
    const changes = this.deps.outbox.changes(roomId)
    return {
      status: timeline?.isLoaded === true || personAt(roomId) !== undefined ? 'ready' : (state?.status ?? 'loading'),
      error: state?.error,
      room: timeline?.room,
      participants: timeline?.participants ?? [],
      messages: timeline?.messages ?? [],
      outgoing: outgoing.length === 0 ? NOTHING_OUTGOING : outgoing,
      changes: changes.length === 0 ? NOTHING_CHANGING : changes,
      names: this.details.names,
      ownReactions: this.details.ownReactions,
      typing: this.typing.inRoom(roomId),
      hasOlder: timeline?.hasOlder ?? false,
      loadingOlder: state?.loadingOlder ?? false,
      hasNewer: timeline?.hasNewer ?? false,
      loadingNewer: state?.loadingNewer ?? false,
    }
  }
}

/** @throws AppError BAD_REQUEST for a text that no server would take. */
function parseText(text: string): string {
  const parsed = MessageText.safeParse(text)
  if (parsed.success) return parsed.data
  const message = parsed.error.issues[0]?.message
  throw new AppError('BAD_REQUEST', message === undefined ? {} : { message })
}

/** What waits counts as it will when it is sent, so that its room does not move then. */
const latestFirst = (rooms: readonly Room[], waiting: ConversationListView['waiting']): Room[] => {
  const at = ({ id, updatedAt }: Room) => {
    const typedAt = waiting.get(id)?.createdAt ?? ''
    return typedAt > updatedAt ? typedAt : updatedAt
  }
  return [...rooms].sort(byPlace(at))
}
