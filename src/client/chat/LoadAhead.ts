import type { Runtime } from '../runtime/runtime'
import type { ChatLink } from '../transport/SocketClient'
import type { Conversations } from './Conversations'
import type { RoomCache } from './RoomCache'

/** The first moments of a page belong to what is open. */
const AFTER_MS = 3_000

export interface LoadAheadDeps {
  link: Pick<ChatLink, 'connected'>
  cache: RoomCache
  conversations: Conversations
  /** So many of the latest conversations. */
  count: number
}

/** Loads the latest conversations before they are opened, so that they open without a connection, too. */
export class LoadAhead {
  constructor(
    private readonly runtime: Runtime,
    private readonly deps: LoadAheadDeps,
  ) {}

  soon(): void {
    const { link, count } = this.deps
    if (count > 0 && link.connected) this.runtime.clock.after(AFTER_MS, () => void this.load())
  }

  /** One after the other: whatever somebody does meanwhile waits for one of them at most. */
  private async load(): Promise<void> {
    const { link, cache, conversations, count } = this.deps
    for (const { id } of cache.rooms().slice(0, count)) {
      if (!link.connected || this.runtime.signal.aborted) return
      if (cache.get(id)?.isLoaded === false) await conversations.load(id)
    }
  }
}
