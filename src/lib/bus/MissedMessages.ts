import { LRUCache } from 'lru-cache'
import { mostEntries } from '@/lib/cache/mostEntries'
import type { MessageChange } from '@/services/shared/changes'
import type { Logger } from '@/services/shared/Logger'

export interface MissedMessagesDeps {
  /** The rooms that sockets of this process are in. */
  roomIds: () => string[]
  /** Of these rooms, what was sent or changed in the last `withinMs` milliseconds. */
  recent: (roomIds: readonly string[], withinMs: number) => Promise<MessageChange[]>
  tell: (change: MessageChange) => void
  logger: Logger
}

/** What may still be under way when a gap is noticed, in milliseconds. */
const MARGIN_MS = 2_000
/** What is older, clients fetch themselves. */
const MOST_MS = 120_000
/** Messages that are remembered, by their rev, so that each is told here once, however often it is looked for. */
const MOST_TOLD = 50_000

/**
 * After a gap between processes: reads what was sent or changed in the meantime to the rooms of this process's sockets, and tells
 * them. Clients ignore what they have. One reading at a time, for all that asked meanwhile.
 */
export class MissedMessages {
  /** Since when something may have been missed (by `performance.now`); undefined: nothing. */
  private since: number | undefined
  private reading: Promise<void> | undefined
  private readonly told = new LRUCache<string, number>(mostEntries(MOST_TOLD))

  constructor(private readonly deps: MissedMessagesDeps) {}

  /** @param forMs - how long something may have been missed, until now. Resolves when it was looked for; never rejects. */
  look(forMs: number): Promise<void> {
    this.since = Math.min(this.since ?? Number.POSITIVE_INFINITY, performance.now() - forMs - MARGIN_MS)
    this.reading ??= this.readAll().finally(() => {
      this.reading = undefined
    })
    return this.reading
  }

  /** Sockets have been moved into rooms whose messages they were not told: what is found next is told again. */
  forget(): void {
    this.told.clear()
  }

  private async readAll(): Promise<void> {
    while (this.since !== undefined) {
      const since = this.since
      this.since = undefined
      await this.read(Math.min(MOST_MS, performance.now() - since))
    }
  }

  private async read(forMs: number): Promise<void> {
    const { recent, tell, logger } = this.deps
    const roomIds = this.deps.roomIds()
    if (roomIds.length === 0) return
    try {
      for (const change of await recent(roomIds, forMs)) {
        const { id, rev } = change.message
        // Whoever came after it was told reads the room then.
        if (this.told.get(id) === rev) continue
        tell(change)
        this.told.set(id, rev)
      }
    } catch (error) {
      logger.warn('what was missed could not be read; clients will find it with the next heads', { error })
    }
  }
}
