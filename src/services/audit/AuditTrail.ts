import type { Logger } from '../shared/Logger'
import type { Actor, AuditEntry, AuditRow, AuditStore } from './ports'

export interface AuditTrailDeps {
  store: Pick<AuditStore, 'append'>
  logger: Logger
  /** How long a row may wait for others to be written with, in milliseconds. */
  batchMs: number
}

/** Rows that may wait while the database does not answer; beyond it the newest are given up, and the log says how many. */
const MOST_WAITING = 10_000
/** Rows written by one statement. */
const BATCH_SIZE = 500

/**
 * Writes in batches what need not be in a transaction: connections, sign-ins, refusals. What changes roles, sessions or
 * people is written by its repository in the same transaction instead (`insertAudit`).
 */
export class AuditTrail {
  private waiting: AuditRow[] = []
  private lost = 0
  private timer: ReturnType<typeof setTimeout> | undefined
  private writing: Promise<void> = Promise.resolve()
  /** Who waits for the batch that is being gathered. */
  private waiters: (() => void)[] = []

  constructor(private readonly deps: AuditTrailDeps) {}

  /** Never throws, and never waits. */
  note(actor: Actor, entry: AuditEntry): void {
    if (this.waiting.length >= MOST_WAITING) {
      this.lost += 1
      return
    }
    this.waiting.push({ ...entry, actor, at: new Date() })
    this.timer ??= setTimeout(() => void this.flush(), this.deps.batchMs)
  }

  /** Resolves when what was noted before is written, or could not be. */
  flush(): Promise<void> {
    clearTimeout(this.timer)
    this.timer = undefined
    const waiters = this.waiters.splice(0)
    this.writing = this.writing.then(() => this.write())
    void this.writing.then(() => waiters.forEach((done) => void done()))
    return this.writing
  }

  /** Resolves when what was noted so far has been written with its batch, or could not be. */
  written(): Promise<void> {
    return this.timer === undefined ? this.writing : new Promise((resolve) => this.waiters.push(resolve))
  }

  private async write(): Promise<void> {
    while (this.waiting.length > 0) {
      const batch = this.waiting.slice(0, BATCH_SIZE)
      try {
        await this.deps.store.append(batch)
      } catch (error) {
        this.deps.logger.warn('the audit log could not be written; it is tried again', {
          error,
          waiting: this.waiting.length,
        })
        // The rows stay, and are tried again whether or not anything else is noted.
        this.timer ??= setTimeout(() => void this.flush(), this.deps.batchMs)
        return
      }
      this.waiting = this.waiting.slice(batch.length)
    }
    if (this.lost > 0) this.deps.logger.error('entries of the audit log were lost', { count: this.lost })
    this.lost = 0
  }
}
