import type { Logger } from '@/services/shared/Logger'
import type { LastSeenRepository } from './ports'

export interface LastSeenBatchDeps {
  repository: Pick<LastSeenRepository, 'touch'>
  logger: Logger
  /** How long updates are collected before one statement writes them, in milliseconds. */
  batchMs: number
}

/** Collects `lastSeen`: thousands of pings are one statement every `batchMs`. */
export class LastSeenBatch {
  readonly batchMs: number
  private pending = new Map<string, Date>()
  private timer: ReturnType<typeof setTimeout> | undefined
  private writing: Promise<void> = Promise.resolve()

  constructor(private readonly deps: LastSeenBatchDeps) {
    this.batchMs = deps.batchMs
  }

  /** Notes that this person is here now; written within `batchMs`. */
  touch(userId: string): Date {
    const now = new Date()
    this.pending.set(userId, now)
    this.timer ??= setTimeout(() => void this.flush(), this.batchMs)
    return now
  }

  /** What is noted but not written yet. */
  pendingOf(userId: string): Date | undefined {
    return this.pending.get(userId)
  }

  /** Writes what was noted so far. A failure is logged, and what it concerned is written with the next ones. */
  flush(): Promise<void> {
    clearTimeout(this.timer)
    this.timer = undefined
    this.writing = this.writing.then(() => this.write())
    return this.writing
  }

  private async write(): Promise<void> {
    const batch = this.pending
    if (batch.size === 0) return
    this.pending = new Map()
    try {
      await this.deps.repository.touch(batch)
    } catch (error) {
      this.deps.logger.warn('lastSeen could not be written; it will be with the next ones', { error })
      this.pending = new Map([...batch, ...this.pending])
    }
  }
}
