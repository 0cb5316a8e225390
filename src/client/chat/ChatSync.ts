import type { ChatMessage, MessagesRead, Room, RoomData } from '@/contracts/chat'
import { Poller } from '../runtime/Poller'
import type { Runtime } from '../runtime/runtime'
import type { ChatLink } from '../transport/SocketClient'
import type { Transport } from '../transport/Transport'
import { CatchUp } from './CatchUp'
import { Conversations } from './Conversations'
import { Descriptions } from './Descriptions'
import { Heads } from './Heads'
import { LoadAhead } from './LoadAhead'
import { RoomCache } from './RoomCache'
import { RoomList } from './RoomList'

/** How often changes are asked for while there is no live connection. */
const POLL_MS = 4_000

export interface ChatSyncDeps {
  userId: string
  transport: Transport
  link: ChatLink
  /** So many of the latest conversations are loaded before they are opened, so that they open without a connection, too. */
  loadAhead: number
  /** Messages of the server's table were taken in. */
  took(messages: readonly ChatMessage[]): void
  /** The list changed, and what is known of these rooms. */
  changed(...roomIds: string[]): void
}

/** Keeps what this page knows of the rooms equal to the server's tables: takes in what is said, and asks for what is missing. */
export class ChatSync {
  readonly cache: RoomCache
  readonly rows: RoomList
  readonly conversations: Conversations
  private readonly catchUp: CatchUp
  private readonly heads: Heads
  private readonly descriptions: Descriptions
  private readonly ahead: LoadAhead
  private readonly poller: Poller

  constructor(
    private readonly runtime: Runtime,
    private readonly deps: ChatSyncDeps,
  ) {
    const { userId, transport, link, changed } = deps
    const cache = new RoomCache(userId)
    const gone = (roomId: string) => this.gone(roomId)
    this.cache = cache
    this.rows = new RoomList(runtime, {
      transport,
      changed,
      adopt: (rooms) => this.adoptRows(rooms),
      loaded: () => this.compareAll(),
    })
    this.catchUp = new CatchUp(runtime, {
      transport,
      cache,
      gone,
      applied: (roomId, { messages }) => this.noticed(roomId, messages),
      reload: (roomId) => void this.conversations.load(roomId, true),
      refreshRows: () => this.refreshRows(),
    })
    this.conversations = new Conversations(runtime, {
      transport,
      cache,
      changed,
      loaded: (roomId, messages) => this.noticed(roomId, messages),
      behind: (roomId) => this.catchUp.request([roomId]),
    })
    this.descriptions = new Descriptions(runtime, { transport, cache, changed })
    this.heads = new Heads(runtime, {
      transport,
      cache,
      link,
      gone,
      catchUp: this.catchUp,
      listAsOf: () => this.rows.asOf,
      refreshList: () => this.rows.refresh(),
    })
    this.ahead = new LoadAhead(runtime, { link, cache, conversations: this.conversations, count: deps.loadAhead })
    this.poller = new Poller(runtime, { link, everyMs: POLL_MS, poll: () => this.poll() })
  }

  start(): void {
    const { link } = this.deps
    link.connectedNow.on(() => this.connected())
    link.heartbeat.on(() => void this.heads.ask())
    // Each connection says for itself that nobody looks any more, and while one does not they are not told elsewhere.
    const { page } = this.runtime
    page.onChange(() => {
      if (!page.isVisible()) void this.heads.ask()
    })
    this.rows.load()
    this.poller.start()
  }

  /** The page is looked at again, perhaps after hours: the connection may only look open, so it has to answer. */
  shown(): void {
    if (this.deps.link.connected) void this.heads.ask(true)
    else this.refreshRows()
    for (const roomId of this.conversations.watched()) this.conversations.meetStrangers(roomId)
  }

  /** As `ChatStore.snapshots`. */
  snapshots(most: number): RoomData[] {
    return this.cache.rooms().flatMap(({ id }, place) => (place < most && this.cache.get(id)?.snapshot) || [])
  }

  /** As `ChatStore.restore`. */
  restore(kept: readonly RoomData[]): void {
    if (this.rows.status === 'ready') return
    const restored = kept.filter((data) => this.cache.restore(data)).map(({ room }) => room.id)
    this.catchUp.request(restored)
    this.deps.changed(...restored)
  }

  /** A message of the server's table, live or acknowledged: the same, whichever way it became known. */
  receive(message: ChatMessage, isNew = true): void {
    const wasKnown = this.cache.get(message.roomId)?.needsRow !== true
    const timeline = this.cache.receive(message)
    // A change moves its room to no other place in the list: where the room was not shown it need not be.
    if ((timeline === undefined && isNew) || (wasKnown && timeline?.needsRow)) this.refreshRows()
    this.noticed(message.roomId, [message])
  }

  receiveRead(read: MessagesRead): void {
    if (this.cache.receiveRead(read) !== undefined) this.deps.changed(read.roomId)
  }

  /** A room that was opened, made or joined, as it is now. */
  offer(data: RoomData): void {
    const { id } = data.room
    if (this.cache.offerSnapshot(data)) this.catchUp.request([id])
    this.conversations.returned(id)
    this.noticed(id, data.messages)
  }

  /** What is said of a room beside its messages. */
  describe(room: Room): void {
    this.cache.get(room.id)?.describe(room)
    this.deps.changed(room.id)
    // What somebody prefers moves no counter: rows that were asked for before this may come after it.
    if (this.rows.isReading) this.refreshRows()
  }

  /** This person is in it no more. */
  gone(roomId: string): void {
    if (this.cache.get(roomId) === undefined) return
    this.cache.remove(roomId)
    this.conversations.gone(roomId)
  }

  /** The room has taken these in: they may tell that something else is missing. */
  private noticed(roomId: string, messages: readonly ChatMessage[]): void {
    this.deps.took(messages)
    this.catchUp.watchHole(roomId)
    this.conversations.meetStrangers(roomId)
    this.descriptions.watch(roomId)
    this.deps.changed(roomId)
  }

  private adoptRows(rows: Room[]): void {
    this.catchUp.request(rows.filter((row) => this.cache.adoptRow(row)).map((row) => row.id))
    for (const { id } of rows) this.conversations.returned(id)
    this.deps.changed(...rows.map((row) => row.id))
  }

  /** What happened meanwhile: in loaded rooms whatever they miss, elsewhere by the heads. */
  private connected(): void {
    this.catchUp.request([...this.cache.all()].filter((timeline) => timeline.isLoaded).map((timeline) => timeline.id))
    // Before the list is there, heads have nothing to be compared with; it asks for them when it is.
    if (this.rows.status === 'ready') this.compareAll()
  }

  private compareAll(): void {
    void this.heads.ask()
    this.ahead.soon()
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
}
