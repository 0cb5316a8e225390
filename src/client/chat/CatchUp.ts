import { limits } from '@/contracts/limits'
import type { Clock, Random } from '../transport/clock'
import { isFinal } from '../transport/errors'
import { Patience } from '../transport/Patience'
import type { ClientLog } from '../transport/ports'
import type { SendCommand } from '../transport/sendCommand'
import type { RoomBook } from './RoomBook'
import type { SyncPage } from './RoomTimeline'

/** Rooms asked about in one question: far below the contract's bound, since each may answer with a whole page. */
const roomsAtOnce = Math.min(20, limits.syncRooms)
/** With several instances one event in ten arrives ahead and the hole closes within milliseconds. */
const holeMs = 250

export interface CatchUpDeps {
  clock: Clock
  random: Random
  log: ClientLog
  book: RoomBook
  send: SendCommand
  /** A page was applied. */
  applied(roomId: string, page: SyncPage): void
  /** Too far behind, or ahead of a restored database: load the newest messages. */
  reload(roomId: string): void
  /** The row has to be read again: how many are unread cannot be told from here. */
  refreshRows(): void
  /** No longer a member. */
  gone(roomId: string): void
}

/** Asks for what rooms have missed, in pages, until they have it. */
export class CatchUp {
  private readonly wanted = new Set<string>()
  private readonly holes = new Map<string, () => void>()
  private readonly patience: Patience
  private running = false
  private stopped = false

  constructor(private readonly deps: CatchUpDeps) {
    this.patience = new Patience(deps.clock, deps.random)
  }

  stop(): void {
    this.stopped = true
    for (const cancel of this.holes.values()) cancel()
    this.holes.clear()
    this.patience.hurry()
  }

  request(roomIds: Iterable<string>): void {
    for (const roomId of roomIds) this.wanted.add(roomId)
    if (!this.running) void this.run()
  }

  /** Something works again: a question that waits for its back-off is asked now. */
  hurry(): void {
    this.patience.reset()
    this.patience.hurry()
  }

  /** Asks only if the hole is still open after a moment. */
  watchHole(roomId: string): void {
    if (this.holes.has(roomId) || this.stopped || this.deps.book.get(roomId)?.hasHole !== true) return
    const cancel = this.deps.clock.after(holeMs * (1 + this.deps.random()), () => {
      this.holes.delete(roomId)
      if (this.deps.book.get(roomId)?.hasHole === true) this.request([roomId])
    })
    this.holes.set(roomId, cancel)
  }

  private async run(): Promise<void> {
    this.running = true
    while (this.wanted.size > 0 && !this.stopped) {
      const batch = [...this.wanted].slice(0, roomsAtOnce)
      for (const roomId of batch) this.wanted.delete(roomId)
      try {
        await this.ask(batch)
        this.patience.reset()
      } catch (error) {
        this.deps.log.warn('[Socket:/chat] Catching up failed', { error: String(error), rooms: batch.length })
        if (isFinal(error)) continue
        for (const roomId of batch) this.wanted.add(roomId)
        await this.patience.wait()
      }
    }
    this.running = false
  }

  private async ask(batch: string[]): Promise<void> {
    const { book, send } = this.deps
    const positions = batch.flatMap((roomId) => {
      const timeline = book.get(roomId)
      return timeline === undefined ? [] : [[roomId, timeline.position] as const]
    })
    if (positions.length === 0) return
    const { rooms } = await send('syncRooms', { rooms: Object.fromEntries(positions) })
    if (this.stopped) return
    for (const [roomId] of positions) {
      const answer = rooms[roomId]
      if (answer === undefined) continue
      if ('gone' in answer) this.deps.gone(roomId)
      else if ('reset' in answer) this.deps.reload(roomId)
      else this.apply(roomId, answer)
    }
  }

  private apply(roomId: string, page: SyncPage): void {
    const outcome = this.deps.book.get(roomId)?.adoptPage(page)
    if (outcome === undefined) return
    if (page.hasMore) this.wanted.add(roomId)
    this.deps.applied(roomId, page)
    if (outcome === 'reload') this.deps.reload(roomId)
    if (outcome === 'row') this.deps.refreshRows()
  }
}
