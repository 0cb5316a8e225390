import type {
  ChatMessage,
  Head,
  HistoryPage,
  MessagesRead,
  Participant,
  Room,
  RoomData,
  SyncRoom,
} from '@/contracts/chat'
import { GroupRole } from '@/contracts/chatShapes'
import { limits } from '@/contracts/limits'
import { MessageWindow } from './MessageWindow'

/** A page of catch-up that holds changes. */
export type SyncPage = Extract<SyncRoom, { messages: unknown }>

/** Held events beyond this are dropped: the hole is open anyway, and catching up brings them. */
const MOST_HELD = 1_000

/**
 * One room as this person sees it, kept equal to the server's table by live events, snapshots and catch-up pages in any
 * order (DESIGN, *Hearing*). It has every change up to `have`; what comes beyond a hole is held until the hole closes.
 * A room whose messages are not loaded keeps only its row current.
 */
export class RoomTimeline {
  have: number
  participants: Participant[] = []
  private row: Room
  private readRev: number
  private lastSeq: number
  /** Places skipped by a catch-up page whose message has changed again since, and so comes on a later page. */
  private readonly missing = new Set<number>()
  private readonly held = new Map<number, ChatMessage>()
  /** The newest messages, kept current. */
  private window: MessageWindow | undefined
  /** A part further back that is shown instead while somebody looks at it; it grows until it meets the window. */
  private island: MessageWindow | undefined
  /** What was heard since the page of such a part was asked for. */
  private arriving: MessageWindow | undefined
  /** Everything heard while a snapshot is on its way: the snapshot may predate it. */
  private heardWhileLoading: ChatMessage[] | undefined
  /** What was said of the room meanwhile, likewise. */
  private describedWhileLoading: Room | undefined
  /** What the server has said of everyone's positions. */
  private readonly reads = new Map<string, number>()
  /** How far this person has read, said to the server or not yet. */
  private ownRead: number
  /** As the server counts, kept current; replaced by a count of the window where that reaches far enough. */
  private unread: number
  /** How many of those name this person, likewise. */
  private unreadMentions: number
  /** Only a row can tell how many are unread. */
  private unreadIsStale = false
  private view: Room | undefined
  /** The room's `lastRev` when it was last described: what is said of it only grows newer. */
  private describedAt: number
  /** Somebody came, or wrote, whose name is not known. */
  private metStrangers = false
  /** The `rev` of the latest message that tells of a change of the room or of who is in it. */
  private toldRev = 0

  constructor(
    private readonly userId: string,
    row: Room,
  ) {
    this.row = row
    this.have = row.lastRev
    this.readRev = row.readRev
    this.lastSeq = row.lastSeq
    this.describedAt = row.lastRev
    this.unread = row.unread
    this.unreadMentions = row.unreadMentions
    this.ownRead = row.lastReadSeq
    this.reads.set(userId, row.lastReadSeq)
  }

  get id(): string {
    return this.row.id
  }

  get isLoaded(): boolean {
    return this.window !== undefined
  }

  get hasHole(): boolean {
    return this.held.size > 0
  }

  /** Whether the participants have to be read again. */
  get hasStrangers(): boolean {
    return this.isLoaded && this.metStrangers
  }

  /** The participants are about to be read: who is not known is named there. */
  forgetStrangers(): void {
    this.metStrangers = false
  }

  /** That came to nothing. */
  keepStrangers(): void {
    this.metStrangers = true
  }

  /** Grows with each message that tells of a change of the room or of who is in it: what was read before is older. */
  get changedAt(): number {
    return this.toldRev
  }

  /** A message told of a change of the room, and what the room is since then is not known. */
  get isDescribedLate(): boolean {
    return this.describedAt < this.toldRev
  }

  get hasOlder(): boolean {
    return this.shown?.hasOlder ?? false
  }

  get oldestSeq(): number {
    return this.shown?.start ?? 0
  }

  /** What is shown does not reach the newest messages. */
  get hasNewer(): boolean {
    return this.island !== undefined
  }

  get newestSeq(): number {
    return this.shown?.end ?? 0
  }

  private get shown(): MessageWindow | undefined {
    return this.island ?? this.window
  }

  /** How far this person has read, as shown. */
  get lastReadSeq(): number {
    return this.ownRead
  }

  get position(): Head {
    return { lastRev: this.have, readRev: this.readRev }
  }

  /** The same object until something in it changes. */
  get room(): Room {
    this.view ??= {
      ...this.row,
      lastSeq: this.lastSeq,
      lastRev: this.have,
      readRev: this.readRev,
      lastReadSeq: this.ownRead,
      unread: this.countUnread(),
      unreadMentions: this.countMentions(),
    }
    return this.view
  }

  /** A row has to be read: what is unread cannot be told from here. */
  get needsRow(): boolean {
    return this.unreadIsStale
  }

  /** Acknowledged messages of the part that is shown, ascending, without holes; the same array until something changes. */
  get messages(): ChatMessage[] {
    return this.shown?.visible() ?? []
  }

  /** As the server would give it now; undefined as long as something of it is on its way. */
  get snapshot(): RoomData | undefined {
    const { window, lastSeq, participants } = this
    if (window === undefined || window.end !== lastSeq || this.isDescribedLate) return undefined
    return { room: this.room, messages: window.visible().slice(-limits.snapshotMessages), participants }
  }

  /** The message is shown as it is, or was passed: it belongs to a part that is not loaded. */
  includes(message: ChatMessage): boolean {
    return this.have >= message.rev || (this.window?.revAt(message.seq) ?? 0) >= message.rev
  }

  /** This person's message of that client id, where it is loaded. */
  ownMessage(clientId: string): ChatMessage | undefined {
    const isIt = (message: ChatMessage) => message.clientId === clientId && message.senderId === this.userId
    return this.window?.find(isIt) ?? this.island?.find(isIt)
  }

  /** A live event, or the acknowledgement of an own send. */
  receive(message: ChatMessage): 'ignored' | 'applied' | 'held' {
    this.heardWhileLoading?.push(message)
    return this.take(message)
  }

  /** A read position moved. Positions only ever rise, so a repeated or late event changes nothing. */
  receiveRead(read: MessagesRead): void {
    if (read.lastReadSeq <= (this.reads.get(read.userId) ?? -1)) return
    this.readRev += 1
    this.raise(read.userId, read.lastReadSeq, read.count)
    this.view = undefined
  }

  /**
   * This person has seen everything up to `seq`; shown at once where the count of what remains is known. Answers the
   * position to tell the server, undefined when that is nothing new.
   */
  markOwnRead(seq: number): number | undefined {
    const upTo = Math.min(seq, this.lastSeq)
    if (upTo <= this.ownRead) return undefined
    if (this.countKnown(upTo)) this.raiseOwn(upTo)
    this.view = undefined
    return upTo
  }

  /** Whether catching up would bring something. A head older than what we have is merely late. */
  isBehind(head: Head): boolean {
    return head.lastRev > this.have || head.readRev !== this.readRev
  }

  /** What is said of the room beside its messages and counters: its name, who one is in it, whether it is muted. */
  describe(row: Room): void {
    if (this.heardWhileLoading !== undefined) this.describedWhileLoading = row
    this.adoptDescription(row)
  }

  private adoptDescription(row: Room): void {
    if (row.lastRev < this.describedAt) return
    const { lastSeq, lastRev, readRev, lastReadSeq, unread, lastMessage, updatedAt } = this.row
    this.describedAt = row.lastRev
    this.row = { ...row, lastSeq, lastRev, readRev, lastReadSeq, unread, updatedAt }
    if (lastMessage === undefined) delete this.row.lastMessage
    else this.row.lastMessage = lastMessage
    this.view = undefined
  }

  /** Participants that were read again. Of a large room they are a part, so those known before stay. */
  adoptParticipants(participants: readonly Participant[]): void {
    const known = new Map(participants.map((person) => [person.id, person]))
    if (this.row.memberCount > limits.participantsPage) {
      for (const person of this.participants) if (!known.has(person.id)) known.set(person.id, person)
    }
    this.participants = [...known.values()].map((person) => ({
      ...person,
      lastReadSeq: Math.max(person.lastReadSeq, this.reads.get(person.id) ?? 0),
    }))
  }

  /** A row of the list, newer or older than what we have. True when this room has to catch up. */
  adoptRow(row: Room): boolean {
    this.view = undefined
    if (this.window !== undefined || this.heardWhileLoading !== undefined) {
      this.adoptDescription(row)
      this.adoptUnread(row)
      return this.isBehind(row)
    }
    // Behind us: a late answer, or a restored database. Catching up tells which.
    if (row.lastRev < this.have) return true
    this.resetTo(row)
    this.drain()
    return false
  }

  /** From now on everything heard is kept for the snapshot. `afresh`: the server's answer to a reset. */
  beginLoad(afresh = false): void {
    this.heardWhileLoading ??= []
    if (afresh) this.held.clear()
  }

  cancelLoad(): void {
    this.heardWhileLoading = undefined
    this.describedWhileLoading = undefined
  }

  /**
   * Replaces the window by the newest messages, then applies what was heard since `beginLoad`. True when this room has to
   * catch up: the snapshot was read before what the room knew already, such as a row that overtook it.
   */
  adoptSnapshot(data: RoomData): boolean {
    const { room, messages } = data
    const known = this.have
    const heard = [...this.held.values(), ...(this.heardWhileLoading ?? [])]
    this.heardWhileLoading = undefined
    this.leaveIsland()
    this.held.clear()
    this.resetTo(room)
    this.participants = data.participants
    for (const { id, lastReadSeq } of data.participants) {
      // Positions only rise: what was heard meanwhile may be newer than the snapshot.
      const known = this.reads.get(id) ?? 0
      this.reads.delete(id)
      this.raise(id, Math.max(lastReadSeq, known))
    }
    // Where row and messages were read one after the other, messages may be newer than the row: those count as news.
    this.window = new MessageWindow(
      messages.filter(({ seq }) => seq <= room.lastSeq),
      room.lastSeq + 1,
    )
    for (const message of messages) if (message.seq > room.lastSeq) this.merge(message)
    for (const message of heard.sort((a, b) => a.rev - b.rev)) this.take(message)
    if (this.describedWhileLoading !== undefined) this.describe(this.describedWhileLoading)
    this.describedWhileLoading = undefined
    this.view = undefined
    return this.have < known
  }

  /** A snapshot nobody waited for is adopted only where that loses nothing; else it counts as a row. As `adoptRow`. */
  offerSnapshot(data: RoomData): boolean {
    this.participants = this.window === undefined ? data.participants : this.participants
    if (this.window !== undefined || this.heardWhileLoading !== undefined || data.room.lastRev < this.have) {
      return this.adoptRow(data.room)
    }
    return this.adoptSnapshot(data)
  }

  /** A page of catch-up: applied unconditionally. `reload`: it makes no sense. `row`: the unread count is not known now. */
  adoptPage(page: SyncPage): 'done' | 'reload' | 'row' {
    this.heardWhileLoading?.push(...page.messages)
    for (const message of page.messages) this.merge(message)
    this.have = Math.max(this.have, page.hasMore ? (page.messages.at(-1)?.rev ?? this.have) : page.lastRev)
    this.drain()
    this.adoptReads(page)
    if (page.room !== undefined) this.describe(page.room)
    this.view = undefined
    if (page.hasMore) return 'done'
    return this.missing.size > 0 ? 'reload' : this.unreadIsStale ? 'row' : 'done'
  }

  beginHistory(): void {
    this.shown?.beginPrepend()
  }

  cancelHistory(): void {
    this.shown?.cancelPrepend()
  }

  adoptHistory(page: HistoryPage): void {
    this.shown?.prepend(page)
  }

  /** Shows the loaded part that this place belongs to; false where there is none. A page around another counts no more. */
  showPlace(seq: number): boolean {
    this.cancelIsland()
    if (this.island?.shows(seq)) return true
    if (!this.window?.shows(seq)) return false
    this.leaveIsland()
    return true
  }

  /** The page around a place is about to be asked for: from now on what is heard is kept for it. */
  beginIsland(): void {
    this.arriving = new MessageWindow([], 1)
  }

  cancelIsland(): void {
    this.arriving = undefined
  }

  /** Shows that page. False: what was heard since it was asked for is not known. */
  adoptIsland({ messages }: HistoryPage): boolean {
    const [first] = messages
    if (this.arriving === undefined || first === undefined) return false
    for (const message of messages) this.arriving.merge(message)
    this.arriving.start = first.seq
    this.island = this.arriving
    this.arriving = undefined
    this.joinIsland()
    return true
  }

  /**
   * The page after what is shown is about to be asked for. Answers what takes it: once another part is shown it is dropped,
   * since that one has not heard what changed since.
   */
  beginNewer(): (page: HistoryPage) => void {
    const part = this.island
    return ({ messages }) => {
      if (part === undefined || part !== this.island) return
      for (const message of messages) part.merge(message)
      this.joinIsland()
    }
  }

  /** Shows the newest messages again. */
  leaveIsland(): void {
    this.island = undefined
    this.cancelIsland()
  }

  private joinIsland(): void {
    if (this.island !== undefined && this.window?.join(this.island)) this.island = undefined
  }

  /** Drops the loaded messages; the row stays current. */
  unload(): void {
    this.unread = this.countUnread()
    this.unreadMentions = this.countMentions()
    this.leaveIsland()
    this.window = undefined
  }

  private take(message: ChatMessage): 'ignored' | 'applied' | 'held' {
    if (message.rev <= this.have) return 'ignored'
    if (message.rev > this.have + 1) {
      if (this.held.size < MOST_HELD) this.held.set(message.rev, message)
      return 'held'
    }
    this.merge(message)
    this.have = message.rev
    this.drain()
    this.view = undefined
    return 'applied'
  }

  private drain(): void {
    for (const rev of this.held.keys()) if (rev <= this.have) this.held.delete(rev)
    for (let next = this.held.get(this.have + 1); next !== undefined; next = this.held.get(this.have + 1)) {
      this.held.delete(next.rev)
      this.merge(next)
      this.have = next.rev
    }
  }

  private merge(message: ChatMessage): void {
    const isNew = message.seq > this.lastSeq || this.missing.delete(message.seq)
    for (let seq = this.lastSeq + 1; seq < message.seq; seq += 1) this.missing.add(seq)
    this.lastSeq = Math.max(this.lastSeq, message.seq)
    this.noteMention(message, isNew)
    for (const part of [this.window, this.island, this.arriving]) part?.merge(message)
    const last = this.row.lastMessage
    if (last === undefined || message.seq > last.seq || (message.seq === last.seq && message.rev > last.rev)) {
      this.row = { ...this.row, lastMessage: message }
    }
    if (!isNew) return
    this.notePeople(message)
    if (message.createdAt > this.row.updatedAt) this.row = { ...this.row, updatedAt: message.createdAt }
    if (message.senderId !== this.userId) this.unread += 1
    // Who writes after having read everything has read their own message too.
    else if (this.ownRead === message.seq - 1) this.ownRead = message.seq
  }

  /** Before it takes its place: what is known of it is as it was. */
  private noteMention(message: ChatMessage, isNew: boolean): void {
    const { seq, rev, editedAt, deletedAt } = message
    if (seq <= this.ownRead) return
    const { lastMessage } = this.row
    const known = this.window?.at(seq) ?? (lastMessage?.seq === seq ? lastMessage : undefined)
    const before = !isNew && known !== undefined && this.namesMe(known)
    if (isNew || (known !== undefined && rev > known.rev)) {
      this.unreadMentions = Math.max(0, this.unreadMentions + Number(this.namesMe(message)) - Number(before))
    } else if (known === undefined && (editedAt ?? deletedAt) !== undefined) {
      this.unreadIsStale = true
    }
  }

  private readonly namesMe = ({ mentions }: ChatMessage): boolean => mentions?.includes(this.userId) ?? false

  private notePeople({ senderId, rev, system }: ChatMessage): void {
    const concerned = new Set(system?.userIds)
    if (system !== undefined) this.toldRev = Math.max(this.toldRev, rev)
    const isKnown = this.participants.length === 0 || this.participants.some(({ id }) => id === senderId)
    if (system?.type === 'added' || (system === undefined && !isKnown)) this.metStrangers = true
    if (system?.type === 'left' || system?.type === 'removed') {
      this.participants = this.participants.filter(({ id }) => !concerned.has(id))
    }
    if (system?.type === 'role') {
      const role = GroupRole.catch('member').parse(system.name)
      this.participants = this.participants.map((person) => (concerned.has(person.id) ? { ...person, role } : person))
    }
  }

  private resetTo(row: Room): void {
    this.row = row
    this.describedAt = row.lastRev
    this.have = row.lastRev
    this.readRev = row.readRev
    this.lastSeq = row.lastSeq
    this.missing.clear()
    this.unread = row.unread
    this.unreadMentions = row.unreadMentions
    this.unreadIsStale = false
    this.reads.set(this.userId, Math.max(row.lastReadSeq, this.reads.get(this.userId) ?? 0))
    this.ownRead = Math.min(Math.max(row.lastReadSeq, this.ownRead), row.lastSeq)
  }

  private adoptReads(page: SyncPage): void {
    if (page.reads === undefined) return
    this.readRev = page.readRev
    for (const [userId, seq] of Object.entries(page.reads)) this.raise(userId, seq)
    // Events that said how many became read were missed, or came in another order.
    if (!this.countKnown(this.ownRead)) this.unreadIsStale = true
  }

  /** Takes over the row's count, unless it is about another position or about messages that are not here yet. */
  private adoptUnread(row: Room): void {
    if (this.window === undefined || row.lastRev > this.have) return
    if (row.lastReadSeq !== this.reads.get(this.userId)) return
    this.unread = row.unread + this.window.count(row.lastSeq, this.isOfOthers)
    this.unreadMentions = row.unreadMentions + this.window.count(row.lastSeq, this.namesMe)
    this.unreadIsStale = false
  }

  private raise(userId: string, seq: number, count = 0): void {
    if (seq <= (this.reads.get(userId) ?? -1)) return
    this.reads.set(userId, seq)
    this.participants = this.participants.map((person) =>
      person.id === userId ? { ...person, lastReadSeq: Math.max(person.lastReadSeq, seq) } : person,
    )
    if (userId === this.userId && seq > this.ownRead) this.raiseOwn(seq, count)
  }

  private raiseOwn(seq: number, count = 0): void {
    this.ownRead = seq
    const isKnown = this.countKnown(seq)
    this.unread = isKnown ? this.countUnread() : Math.max(0, this.unread - count)
    if (isKnown) this.unreadMentions = this.countMentions()
    else if (this.unreadMentions > 0) this.unreadIsStale = true
  }

  /** Whether what is unread beyond `seq` can be counted here. */
  private countKnown(seq: number): boolean {
    return seq >= this.lastSeq || (this.window !== undefined && this.window.start <= seq + 1)
  }

  private countUnread(): number {
    if (this.ownRead >= this.lastSeq) return 0
    return this.window !== undefined && this.window.start <= this.ownRead + 1
      ? this.window.count(this.ownRead, this.isOfOthers)
      : this.unread
  }

  private countMentions(): number {
    if (this.ownRead >= this.lastSeq) return 0
    return this.window !== undefined && this.window.start <= this.ownRead + 1
      ? this.window.count(this.ownRead, this.namesMe)
      : this.unreadMentions
  }

  private readonly isOfOthers = ({ senderId }: ChatMessage): boolean => senderId !== this.userId
}
