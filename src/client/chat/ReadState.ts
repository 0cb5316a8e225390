import type { ChatMessage, Room } from '@/contracts/chat'
import type { MessageWindow } from './MessageWindow'

/**
 * How far everybody has read a room, and how much that leaves unread: as the server counts, kept current, or counted here
 * where the loaded messages reach far enough.
 */
export class ReadState {
  /** The place of the newest message. */
  lastSeq = 0
  /** Counts the changes of positions. */
  rev = 0
  /** How far this person has read, said to the server or not yet. */
  own = 0
  /** Only a row can tell how many are unread. */
  isStale = false
  private unread = 0
  /** How many of those name this person. */
  private unreadMentions = 0
  /** What the server has said of everyone's positions. */
  private readonly positions = new Map<string, number>()

  /** @param newest - the newest messages, where they are loaded. */
  constructor(
    private readonly userId: string,
    private readonly newest: () => MessageWindow | undefined,
  ) {}

  get counters(): Pick<Room, 'lastSeq' | 'readRev' | 'lastReadSeq' | 'unread' | 'unreadMentions'> {
    return { lastSeq: this.lastSeq, readRev: this.rev, lastReadSeq: this.own, ...this.count() }
  }

  positionOf(userId: string): number {
    return this.positions.get(userId) ?? 0
  }

  /** Begins anew with what the server says. */
  reset(row: Room): void {
    this.lastSeq = row.lastSeq
    this.rev = row.readRev
    this.adoptCounts(row)
    this.isStale = false
    this.positions.set(this.userId, Math.max(row.lastReadSeq, this.positionOf(this.userId)))
    this.own = Math.min(Math.max(row.lastReadSeq, this.own), row.lastSeq)
  }

  /** Takes over the row's count, unless it is about another position. It is not about messages that are not here yet. */
  adoptRow(row: Room): void {
    const window = this.newest()
    if (window === undefined || row.lastReadSeq !== this.positions.get(this.userId)) return
    this.adoptCounts(row)
    this.unread += window.count(row.lastSeq, this.isOfOthers)
    this.unreadMentions += window.count(row.lastSeq, this.namesMe)
    this.isStale = false
  }

  /** All positions were told, so that this is their `rev`; events that said how many became read may have been missed. */
  adoptRev(rev: number): void {
    this.rev = rev
    if (!this.canCount(this.own)) this.isStale = true
  }

  /** The loaded messages are about to go. */
  keepCounts(): void {
    this.adoptCounts(this.count())
  }

  /**
   * A message, before it takes its place: what is known of it is as it was.
   * @param lastMessage - the newest that is known, loaded or not.
   */
  note(message: ChatMessage, isNew: boolean, lastMessage: ChatMessage | undefined): void {
    const { seq, senderId } = message
    this.lastSeq = Math.max(this.lastSeq, seq)
    if (seq > this.own) this.noteMention(message, isNew, lastMessage)
    if (!isNew) return
    if (senderId !== this.userId) this.unread += 1
    // Who writes after having read everything has read their own message too.
    else if (this.own === seq - 1) this.own = seq
  }

  /** As `RoomTimeline.markOwnRead`. */
  markOwn(seq: number): number | undefined {
    const upTo = Math.min(seq, this.lastSeq)
    if (upTo <= this.own) return undefined
    if (this.canCount(upTo)) this.raiseOwn(upTo)
    return upTo
  }

  /** What a snapshot says of somebody. Positions only rise: what was heard meanwhile may be newer. */
  adoptPosition(userId: string, seq: number): void {
    const known = this.positionOf(userId)
    this.positions.delete(userId)
    this.raise(userId, Math.max(seq, known))
  }

  /** Somebody has read so far, which made `count` more read for them. False: that was known. */
  raise(userId: string, seq: number, count = 0): boolean {
    if (seq <= (this.positions.get(userId) ?? -1)) return false
    this.positions.set(userId, seq)
    if (userId === this.userId && seq > this.own) this.raiseOwn(seq, count)
    return true
  }

  private raiseOwn(seq: number, count = 0): void {
    this.own = seq
    if (this.canCount(seq)) {
      this.keepCounts()
      return
    }
    this.unread = Math.max(0, this.unread - count)
    if (this.unreadMentions > 0) this.isStale = true
  }

  private noteMention(message: ChatMessage, isNew: boolean, lastMessage: ChatMessage | undefined): void {
    const { seq, rev, editedAt, deletedAt } = message
    const known = this.newest()?.at(seq) ?? (lastMessage?.seq === seq ? lastMessage : undefined)
    const before = !isNew && known !== undefined && this.namesMe(known)
    if (isNew || (known !== undefined && rev > known.rev)) {
      this.unreadMentions = Math.max(0, this.unreadMentions + Number(this.namesMe(message)) - Number(before))
    } else if (known === undefined && (editedAt ?? deletedAt) !== undefined) {
      this.isStale = true
    }
  }

  private adoptCounts({ unread, unreadMentions }: Pick<Room, 'unread' | 'unreadMentions'>): void {
    this.unread = unread
    this.unreadMentions = unreadMentions
  }

  /** Whether what is unread beyond `seq` can be counted here. */
  private canCount(seq: number): boolean {
    return seq >= this.lastSeq || (this.newest()?.start ?? Number.POSITIVE_INFINITY) <= seq + 1
  }

  private count(): Pick<Room, 'unread' | 'unreadMentions'> {
    const { own, lastSeq, unread, unreadMentions } = this
    if (own >= lastSeq) return { unread: 0, unreadMentions: 0 }
    const window = this.newest()
    if (window === undefined || window.start > own + 1) return { unread, unreadMentions }
    return { unread: window.count(own, this.isOfOthers), unreadMentions: window.count(own, this.namesMe) }
  }

  private readonly isOfOthers = ({ senderId }: ChatMessage): boolean => senderId !== this.userId

  private readonly namesMe = ({ mentions }: ChatMessage): boolean => mentions?.includes(this.userId) ?? false
}
