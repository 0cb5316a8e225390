import type { ChatMessage, Head, MessagesRead, Participant, Room, RoomData, SyncRoom } from '@/contracts/chat'
import { limits } from '@/contracts/limits'
import { LoadedMessages } from './LoadedMessages'
import { MessageWindow } from './MessageWindow'
import { ReadState } from './ReadState'
import { RoomDescription } from './RoomDescription'

/** A page of catch-up that holds changes. */
export type SyncPage = Extract<SyncRoom, { messages: unknown }>

/** Held events beyond this are dropped: the hole is open anyway, and catching up brings them. */
const MOST_HELD = 1_000

/**
 * One room as this person sees it, kept equal to the server's table by live events, snapshots and catch-up pages in any
 * order (DESIGN, *Hearing*). It has every change up to `have`; what comes beyond a hole is held until the hole closes.
 * A room whose messages are not loaded keeps only its row current.
 */
export class RoomTimeline extends LoadedMessages {
  have: number
  private readonly about: RoomDescription
  private readonly reading: ReadState
  /** Places skipped by a catch-up page whose message has changed again since, and so comes on a later page. */
  private readonly missing = new Set<number>()
  private readonly held = new Map<number, ChatMessage>()
  /** What is heard while a snapshot is on its way: the snapshot may predate it. */
  private whileLoading: { messages: ChatMessage[]; described?: Room } | undefined
  private view: Room | undefined

  constructor(
    private readonly userId: string,
    row: Room,
  ) {
    super()
    this.have = row.lastRev
    this.about = new RoomDescription(row)
    this.reading = new ReadState(userId, () => this.newest)
    this.reading.reset(row)
  }

  get id(): string {
    return this.about.row.id
  }

  /** The same object until something in it changes. */
  get room(): Room {
    this.view ??= { ...this.about.row, ...this.reading.counters, lastRev: this.have }
    return this.view
  }

  get position(): Head {
    return { lastRev: this.have, readRev: this.reading.rev }
  }

  get hasHole(): boolean {
    return this.held.size > 0
  }

  /** A row has to be read: what is unread cannot be told from here. */
  get needsRow(): boolean {
    return this.reading.isStale
  }

  /** How far this person has read, as shown. */
  get lastReadSeq(): number {
    return this.reading.own
  }

  get participants(): Participant[] {
    return this.about.participants
  }

  /** Whether the participants have to be read again. */
  get hasStrangers(): boolean {
    return this.isLoaded && this.about.hasStrangers
  }

  /** The participants are about to be read: who is not known is named there. */
  forgetStrangers(): void {
    this.about.hasStrangers = false
  }

  /** That came to nothing. */
  keepStrangers(): void {
    this.about.hasStrangers = true
  }

  /** Grows with each message that tells of a change of the room or of who is in it: what was read before is older. */
  get changedAt(): number {
    return this.about.toldRev
  }

  /** A message told of a change of the room, and what the room is since then is not known. */
  get isDescribedLate(): boolean {
    return this.about.isLate
  }

  /** Whether catching up would bring something. A head older than what we have is merely late. */
  isBehind(head: Head): boolean {
    return head.lastRev > this.have || head.readRev !== this.reading.rev
  }

  /** As the server would give it now; undefined as long as something of it is on its way. */
  get snapshot(): RoomData | undefined {
    const { newest, room, participants } = this
    if (newest === undefined || newest.end !== room.lastSeq || this.isDescribedLate) return undefined
    return { room, messages: newest.visible().slice(-limits.snapshotMessages), participants }
  }

  /** The message is shown as it is, or was passed: it belongs to a part that is not loaded. */
  includes(message: ChatMessage): boolean {
    return this.have >= message.rev || (this.newest?.revAt(message.seq) ?? 0) >= message.rev
  }

  /** This person's message of that client id, where it is loaded. */
  ownMessage(clientId: string): ChatMessage | undefined {
    return this.find((message) => message.clientId === clientId && message.senderId === this.userId)
  }

  /** A live event, or the acknowledgement of an own send. */
  receive(message: ChatMessage): 'ignored' | 'applied' | 'held' {
    this.whileLoading?.messages.push(message)
    return this.take(message)
  }

  /** A read position moved. Positions only ever rise, so a repeated or late event changes nothing. */
  receiveRead({ userId, lastReadSeq, count }: MessagesRead): void {
    if (!this.raise(userId, lastReadSeq, count)) return
    this.reading.rev += 1
    this.view = undefined
  }

  /**
   * This person has seen everything up to `seq`; shown at once where the count of what remains is known. Answers the
   * position to tell the server, undefined when that is nothing new.
   */
  markOwnRead(seq: number): number | undefined {
    const upTo = this.reading.markOwn(seq)
    if (upTo !== undefined) this.view = undefined
    return upTo
  }

  /** What is said of the room beside its messages and counters: its name, who one is in it, whether it is muted. */
  describe(row: Room): void {
    if (this.whileLoading !== undefined) this.whileLoading.described = row
    this.about.describe(row)
    this.view = undefined
  }

  /** Participants that were read again. */
  adoptParticipants(participants: readonly Participant[]): void {
    this.about.adoptParticipants(this.about.addKnown(participants), (id) => this.reading.positionOf(id))
  }

  /** A row of the list, newer or older than what we have. True when this room has to catch up. */
  adoptRow(row: Room): boolean {
    this.view = undefined
    if (this.isLoaded || this.whileLoading !== undefined) {
      this.about.describe(row)
      if (row.lastRev <= this.have) this.reading.adoptRow(row)
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
    this.whileLoading ??= { messages: [] }
    if (afresh) this.held.clear()
  }

  cancelLoad(): void {
    this.whileLoading = undefined
  }

  /**
   * Replaces what is loaded by the newest messages, then applies what was heard since `beginLoad`. True when this room has
   * to catch up: the snapshot was read before what the room knew already, such as a row that overtook it.
   */
  adoptSnapshot({ room, messages, participants }: RoomData): boolean {
    const known = this.have
    const { messages: heardSince = [], described } = this.whileLoading ?? {}
    const heard = [...this.held.values(), ...heardSince]
    this.whileLoading = undefined
    this.leaveIsland()
    this.held.clear()
    this.resetTo(room)
    for (const { id, lastReadSeq } of participants) this.reading.adoptPosition(id, lastReadSeq)
    this.about.adoptParticipants(participants, (id) => this.reading.positionOf(id))
    // Where row and messages were read one after the other, messages may be newer than the row: those count as news.
    this.newest = new MessageWindow(
      messages.filter(({ seq }) => seq <= room.lastSeq),
      room.lastSeq + 1,
    )
    for (const message of messages) if (message.seq > room.lastSeq) this.merge(message)
    for (const message of heard.sort((a, b) => a.rev - b.rev)) this.take(message)
    if (described !== undefined) this.about.describe(described)
    this.view = undefined
    return this.have < known
  }

  /** A snapshot nobody waited for is adopted only where that loses nothing; else it counts as a row. As `adoptRow`. */
  offerSnapshot(data: RoomData): boolean {
    if (!this.isLoaded) this.about.participants = data.participants
    const isOlder = data.room.lastRev < this.have
    if (this.isLoaded || this.whileLoading !== undefined || isOlder) return this.adoptRow(data.room)
    return this.adoptSnapshot(data)
  }

  /** A page of catch-up: applied unconditionally. `reload`: it makes no sense. `row`: the unread count is not known now. */
  adoptPage(page: SyncPage): 'done' | 'reload' | 'row' {
    this.whileLoading?.messages.push(...page.messages)
    for (const message of page.messages) this.merge(message)
    this.have = Math.max(this.have, page.hasMore ? (page.messages.at(-1)?.rev ?? this.have) : page.lastRev)
    this.drain()
    if (page.reads !== undefined) {
      for (const [userId, seq] of Object.entries(page.reads)) this.raise(userId, seq)
      this.reading.adoptRev(page.readRev)
    }
    if (page.room !== undefined) this.describe(page.room)
    this.view = undefined
    if (page.hasMore) return 'done'
    return this.missing.size > 0 ? 'reload' : this.needsRow ? 'row' : 'done'
  }

  /** Drops the loaded messages; the row stays current. */
  unload(): void {
    this.reading.keepCounts()
    this.leaveIsland()
    this.newest = undefined
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

  /** Applies what was held, up to the next hole. */
  private drain(): void {
    for (const rev of this.held.keys()) if (rev <= this.have) this.held.delete(rev)
    for (let next = this.held.get(this.have + 1); next !== undefined; next = this.held.get(this.have + 1)) {
      this.held.delete(next.rev)
      this.merge(next)
      this.have = next.rev
    }
  }

  private merge(message: ChatMessage): void {
    const { lastSeq } = this.reading
    const isNew = message.seq > lastSeq || this.missing.delete(message.seq)
    for (let seq = lastSeq + 1; seq < message.seq; seq += 1) this.missing.add(seq)
    this.reading.note(message, isNew, this.about.row.lastMessage)
    this.mergeIntoLoaded(message)
    this.about.note(message, isNew)
  }

  private resetTo(row: Room): void {
    this.have = row.lastRev
    this.missing.clear()
    this.about.reset(row)
    this.reading.reset(row)
  }

  private raise(userId: string, seq: number, count?: number): boolean {
    const isNews = this.reading.raise(userId, seq, count)
    if (isNews) this.about.raise(userId, seq)
    return isNews
  }
}
