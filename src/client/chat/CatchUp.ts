import { chatCommands } from '@/contracts/chat'
import { limits } from '@/contracts/limits'
import { isFinal } from '../runtime/errors'
import { BackgroundTask } from '../runtime/retry'
import type { Runtime } from '../runtime/runtime'
import type { Transport } from '../transport/Transport'
import type { RoomCache } from './RoomCache'
import type { SyncPage } from './RoomTimeline'

/** Rooms asked about in one question: far below the contract's bound, since each may answer with a whole page. */
const ROOMS_AT_ONCE = Math.min(20, limits.syncRooms)
/** With several instances one event in ten arrives ahead and the hole closes within milliseconds. */
const HOLE_MS = 250

export interface CatchUpDeps {
  transport: Transport
  cache: RoomCache
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
  private readonly holes = new Set<string>()
  private readonly asking: BackgroundTask

  constructor(
    private readonly runtime: Runtime,
    private readonly deps: CatchUpDeps,
  ) {
    this.asking = new BackgroundTask((progress) => this.askForAll(progress), runtime)
  }

  request(roomIds: Iterable<string>): void {
    for (const roomId of roomIds) this.wanted.add(roomId)
    if (this.wanted.size > 0) this.asking.request()
  }

  /** Asks only if the hole is still open after a moment. */
  watchHole(roomId: string): void {
    const hasHole = () => this.deps.cache.get(roomId)?.hasHole === true
    if (this.holes.has(roomId) || !hasHole()) return
    this.holes.add(roomId)
    this.runtime.clock.after(HOLE_MS * (1 + this.runtime.random()), () => {
      this.holes.delete(roomId)
      if (hasHole()) this.request([roomId])
    })
  }

  private async askForAll(progress: () => void): Promise<void> {
    while (this.wanted.size > 0 && !this.runtime.signal.aborted) {
      const batch = [...this.wanted].slice(0, ROOMS_AT_ONCE)
      for (const roomId of batch) this.wanted.delete(roomId)
      try {
        await this.ask(batch)
      } catch (error) {
        this.runtime.log.warn('[Socket:/chat] Catching up failed', { error: String(error), rooms: batch.length })
        if (isFinal(error)) continue
        for (const roomId of batch) this.wanted.add(roomId)
        throw error
      }
      progress()
    }
  }

  private async ask(batch: string[]): Promise<void> {
    const { cache, transport } = this.deps
    const positions = batch.flatMap((roomId) => {
      const timeline = cache.get(roomId)
      return timeline === undefined ? [] : [[roomId, timeline.position] as const]
    })
    if (positions.length === 0) return
    const { rooms } = await transport.call(chatCommands.syncRooms, { rooms: Object.fromEntries(positions) })
    if (this.runtime.signal.aborted) return
    for (const [roomId] of positions) {
      const answer = rooms[roomId]
      if (answer === undefined) continue
      if ('gone' in answer) this.deps.gone(roomId)
      else if ('reset' in answer) this.deps.reload(roomId)
      else this.apply(roomId, answer)
    }
  }

  private apply(roomId: string, page: SyncPage): void {
    const outcome = this.deps.cache.get(roomId)?.adoptPage(page)
    if (outcome === undefined) return
    if (page.hasMore) this.wanted.add(roomId)
    this.deps.applied(roomId, page)
    if (outcome === 'reload') this.deps.reload(roomId)
    if (outcome === 'row') this.deps.refreshRows()
  }
}
