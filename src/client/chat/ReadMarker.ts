import { chatCommands } from '@/contracts/chat'
import { isFinal } from '../runtime/errors'
import { BackgroundTask } from '../runtime/retry'
import type { Runtime } from '../runtime/runtime'
import type { Transport } from '../transport/Transport'
import type { RoomCache } from './RoomCache'

export interface ReadMarkerDeps {
  userId: string
  cache: RoomCache
  transport: Transport
  changed(roomId: string): void
}

/** Tells the server how far this person has read: the latest position of a room only, one at a time, until it is told. */
export class ReadMarker {
  private readonly untold = new Map<string, number>()
  private readonly telling = new Map<string, BackgroundTask>()

  constructor(
    private readonly runtime: Runtime,
    private readonly deps: ReadMarkerDeps,
  ) {}

  mark(roomId: string, upToSeq: number): void {
    const upTo = this.deps.cache.get(roomId)?.markOwnRead(upToSeq)
    if (upTo === undefined || upTo <= (this.untold.get(roomId) ?? 0)) return
    this.untold.set(roomId, upTo)
    this.deps.changed(roomId)
    const telling = this.telling.get(roomId) ?? new BackgroundTask(() => this.tell(roomId), this.runtime)
    this.telling.set(roomId, telling)
    telling.request()
  }

  private async tell(roomId: string): Promise<void> {
    const { userId, cache, transport, changed } = this.deps
    const upToSeq = this.untold.get(roomId)
    if (upToSeq === undefined) return
    try {
      const read = await transport.call(chatCommands.markMessagesRead, { roomId, userId, upToSeq })
      if (this.runtime.signal.aborted) return
      if (this.untold.get(roomId) === upToSeq) this.untold.delete(roomId)
      cache.receiveRead(read)
      changed(roomId)
    } catch (error) {
      this.runtime.log.warn('[Socket:/chat] Marking as read failed', { roomId, error: String(error) })
      if (isFinal(error)) this.untold.delete(roomId)
      throw error
    }
  }
}
