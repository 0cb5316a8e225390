import { type ChatMessage, chatCommands, chatQueries } from '@/contracts/chat'
import { AppError } from '@/contracts/errors'
import { limits } from '@/contracts/limits'
import type { RequestContext } from '../RequestContext'
import { Feed } from './Feed'

/** Messages that came before those before them; of more the database is asked. */
const MOST_EARLY = 200
/** How long a hole may stay open, in milliseconds, and as much again at most: with several instances most close by themselves. */
const HOLE_MS = 250

/**
 * A room's messages in order, each place once: `place <= have` is known, `have + 1` is next, what lies beyond waits for the
 * hole before it, or for the database.
 */
abstract class RoomFeed extends Feed<ChatMessage> {
  readonly permission = 'chat:read'
  /** Undefined until the beginning is known. */
  protected have: number | undefined
  private readonly early = new Map<number, ChatMessage>()
  /** The first hole, and what fills it if nothing else does. */
  private hole: { after: number; timer: ReturnType<typeof setTimeout> } | undefined

  constructor(
    context: RequestContext,
    protected readonly roomId: string,
  ) {
    super(context)
  }

  /** Whether such an event tells of a place of this feed. */
  protected abstract concerns(event: string): boolean
  protected abstract placeOf(message: ChatMessage): number

  protected hear(event: string, payload: unknown): void {
    if (event === 'roomRemoved') {
      const { roomId } = payload as { roomId: string } // the contract's payload of this event
      if (roomId === this.roomId) this.end(notThere())
    } else if (this.concerns(event)) {
      const message = payload as ChatMessage // likewise
      if (message.roomId === this.roomId) this.take(message)
    }
  }

  override end(error: AppError | undefined): void {
    clearTimeout(this.hole?.timer)
    this.early.clear()
    super.end(error)
  }

  /**
   * A page of what is missing, but for what was heard while it was read; what came early follows it. False: not all of it,
   * as too much waits.
   */
  protected give(messages: readonly ChatMessage[], have: number): boolean {
    for (const message of messages) {
      const place = this.placeOf(message)
      if (this.have !== undefined && place <= this.have) continue
      if (this.isFull) return false
      this.emit(message)
      this.have = place
    }
    this.have = Math.max(this.have ?? have, have)
    this.giveEarly()
    return true
  }

  private take(message: ChatMessage): void {
    const place = this.placeOf(message)
    if (this.have !== undefined && place <= this.have) return
    if (this.isFull) {
      this.early.clear()
      this.want()
      return
    }
    if (this.early.size < MOST_EARLY) this.early.set(place, message)
    if (this.isOpen) this.giveEarly()
  }

  private giveEarly(): void {
    const { have } = this
    if (have === undefined) return
    for (const place of this.early.keys()) if (place <= have) this.early.delete(place)
    for (let next = have + 1; ; next++) {
      const message = this.early.get(next)
      if (!message) break
      this.early.delete(next)
      this.have = next
      this.emit(message)
    }
    this.watchHole(this.have ?? have)
  }

  /** Its time goes on while other messages come. */
  private watchHole(after: number): void {
    if (this.hole && (this.early.size === 0 || this.hole.after !== after)) {
      clearTimeout(this.hole.timer)
      this.hole = undefined
    }
    if (this.early.size === 0 || this.hole) return
    const timer = setTimeout(
      () => {
        this.hole = undefined
        this.want()
      },
      HOLE_MS * (1 + Math.random()),
    ).unref()
    this.hole = { after, timer }
  }
}

/** Every change, in the order of `rev`: new, edited, deleted and system messages, reactions. */
export class RoomChanges extends RoomFeed {
  readonly name = 'roomChanged'

  constructor(context: RequestContext, { roomId, sinceRev }: { roomId: string; sinceRev?: number | null | undefined }) {
    super(context, roomId)
    this.have = sinceRev ?? undefined
  }

  protected concerns(event: string): boolean {
    return event === 'receiveMessage' || event === 'messageUpdated'
  }

  protected placeOf({ rev }: ChatMessage): number {
    return rev
  }

  protected async read(context: RequestContext): Promise<boolean> {
    const { roomId, have } = this
    if (have === undefined) {
      this.give([], (await context.run(chatCommands.joinRoom, { roomId })).room.lastRev)
      return false
    }
    const room = await missedSince(context, roomId, have)
    const end = (room.hasMore ? room.messages.at(-1)?.rev : undefined) ?? room.lastRev
    return !this.give(room.messages, end) || room.hasMore
  }
}

/** New messages alone, in the order of `seq`, which for them is the same. */
export class NewMessages extends RoomFeed {
  readonly name = 'messageReceived'
  private readonly since: { rev: number | undefined; seq: number | undefined }

  constructor(
    context: RequestContext,
    { roomId, sinceRev, sinceSeq }: { roomId: string; sinceRev?: number | null; sinceSeq?: number | null },
  ) {
    super(context, roomId)
    this.since = { rev: sinceRev ?? undefined, seq: sinceSeq ?? undefined }
  }

  protected concerns(event: string): boolean {
    return event === 'receiveMessage'
  }

  protected placeOf({ seq }: ChatMessage): number {
    return seq
  }

  protected async read(context: RequestContext): Promise<boolean> {
    const { roomId, have = await this.beginning(context) } = this
    const input = { roomId, afterSeq: have, limit: limits.historyPage }
    const { messages, hasMore } = await context.run(chatQueries.history, input)
    return !this.give(messages, messages.at(-1)?.seq ?? have) || hasMore
  }

  private async beginning(context: RequestContext): Promise<number> {
    const { room } = await context.run(chatCommands.joinRoom, { roomId: this.roomId })
    const { rev, seq } = this.since
    if (seq !== undefined) {
      if (seq > room.lastSeq || room.lastSeq - seq > limits.syncResetAfter) throw tooFarAway()
      return seq
    }
    return rev === undefined ? room.lastSeq : this.lastBefore(context, rev, room.lastSeq)
  }

  /**
   * The last message that was there at this `rev`. Whether one that changed since was new then is not known: those behind
   * the last one that did not change count as new.
   */
  private async lastBefore(context: RequestContext, rev: number, lastSeq: number): Promise<number> {
    const changed = new Set<number>()
    for (let have = rev, hasMore = true; hasMore; ) {
      const page = await missedSince(context, this.roomId, have)
      for (const { seq } of page.messages) changed.add(seq)
      have = page.messages.at(-1)?.rev ?? have
      hasMore = page.hasMore
    }
    let seq = Math.max(lastSeq, ...changed)
    while (changed.has(seq)) seq -= 1
    return seq
  }
}

/** A page of `syncRooms`. @throws AppError NOT_FOUND (not a member any more) or CONFLICT (too far away). */
async function missedSince(context: RequestContext, roomId: string, rev: number) {
  const { rooms } = await context.run(chatCommands.syncRooms, { rooms: { [roomId]: rev } })
  const room = rooms[roomId]
  if (!room || 'gone' in room) throw notThere()
  if ('reset' in room) throw tooFarAway()
  return room
}

const notThere = (): AppError =>
  new AppError('NOT_FOUND', { message: 'This conversation does not exist, or you are not in it.' })

/** What `reset` is to a page. */
const tooFarAway = (): AppError =>
  new AppError('CONFLICT', {
    message: `More than ${limits.syncResetAfter} changes were missed: read the room with joinRoom, and subscribe from there.`,
  })
