import { limitedForMs } from '../outbox/SendLimit'
import type { Clock, Random } from '../transport/clock'
import { isFinal } from '../transport/errors'
import { Patience } from '../transport/Patience'
import type { ClientLog } from '../transport/ports'
import type { SendCommand } from '../transport/sendCommand'
import type { RoomBook } from './RoomBook'

export interface ReadMarkerDeps {
  userId: string
  clock: Clock
  random: Random
  log: ClientLog
  book: RoomBook
  send: SendCommand
  changed(roomId: string): void
}

/** Tells the server how far this person has read: the latest position of a room only, one at a time, until it is told. */
export class ReadMarker {
  private readonly untold = new Map<string, number>()
  private readonly telling = new Map<string, Patience>()
  private stopped = false

  constructor(private readonly deps: ReadMarkerDeps) {}

  stop(): void {
    this.stopped = true
    this.hurry()
  }

  hurry(): void {
    for (const patience of this.telling.values()) {
      patience.reset()
      patience.hurry()
    }
  }

  mark(roomId: string, upToSeq: number): void {
    const upTo = this.deps.book.get(roomId)?.markOwnRead(upToSeq)
    if (upTo === undefined || upTo <= (this.untold.get(roomId) ?? 0)) return
    this.untold.set(roomId, upTo)
    this.deps.changed(roomId)
    if (!this.telling.has(roomId)) void this.tell(roomId)
  }

  private async tell(roomId: string): Promise<void> {
    const { userId, clock, random, log, book, send, changed } = this.deps
    const patience = new Patience(clock, random)
    this.telling.set(roomId, patience)
    for (let upToSeq = this.untold.get(roomId); upToSeq !== undefined; upToSeq = this.untold.get(roomId)) {
      try {
        const read = await send('markMessagesRead', { roomId, userId, upToSeq })
        if (this.stopped) break
        if (this.untold.get(roomId) === upToSeq) this.untold.delete(roomId)
        book.receiveRead(read)
        changed(roomId)
      } catch (error) {
        log.warn('[Socket:/chat] Marking as read failed', { roomId, error: String(error) })
        if (isFinal(error)) this.untold.delete(roomId)
        else await patience.wait(limitedForMs(error))
        if (this.stopped) break
      }
    }
    this.telling.delete(roomId)
  }
}
