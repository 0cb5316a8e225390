import { chatCommands } from '@/contracts/chat'
import { retry } from '../runtime/retry'
import type { Runtime } from '../runtime/runtime'
import type { Transport } from '../transport/Transport'
import type { RoomCache } from './RoomCache'

/** How long `roomUpdated` may take after the message that tells of the change; longer in a large room, which all are told of. */
const LATE_MS = 1_000
const MEMBERS_A_SECOND = 100

export interface DescriptionsDeps {
  transport: Transport
  cache: RoomCache
  changed(roomId: string): void
}

/** Reads a room again when a message told of a change of it and the change itself does not follow: `roomUpdated` was lost. */
export class Descriptions {
  private readonly watched = new Set<string>()

  constructor(
    private readonly runtime: Runtime,
    private readonly deps: DescriptionsDeps,
  ) {}

  watch(roomId: string): void {
    if (this.watched.has(roomId) || !this.isLate(roomId)) return
    this.watched.add(roomId)
    const members = this.deps.cache.get(roomId)?.room.memberCount ?? 0
    const waitMs = LATE_MS * (1 + members / MEMBERS_A_SECOND) * (1 + this.runtime.random())
    this.runtime.clock.after(waitMs, () => void this.readUntilKnown(roomId))
  }

  private async readUntilKnown(roomId: string): Promise<void> {
    try {
      await retry(() => this.read(roomId), this.runtime)
      this.watched.delete(roomId)
      this.watch(roomId)
    } catch (error) {
      // For good: this person is not in it any more, say. The next change is watched again.
      this.watched.delete(roomId)
      this.runtime.log.warn('[Socket:/chat] Reading a room again failed', { error: String(error) })
    }
  }

  private async read(roomId: string): Promise<void> {
    if (!this.isLate(roomId)) return
    const { room } = await this.deps.transport.call(chatCommands.joinRoom, { roomId })
    if (this.runtime.signal.aborted) return
    this.deps.cache.get(roomId)?.describe(room)
    this.deps.changed(roomId)
  }

  private isLate(roomId: string): boolean {
    return this.deps.cache.get(roomId)?.isDescribedLate ?? false
  }
}
