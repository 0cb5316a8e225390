import type { Logger } from '../shared/Logger'
import type { AuditStore } from './ports'

/** How often what is past its retention is removed, in milliseconds. */
const PURGE_EVERY_MS = 3_600_000
/** Rows removed at a time: each time is a transaction of its own, and a process that is killed loses one of them. */
const PURGE_ROWS = 2_000

export interface AuditRetentionDeps {
  store: Pick<AuditStore, 'purge'>
  retentionDays: number
  logger: Logger
}

/** Removes old entries of the audit log; of all processes one at a time does it. */
export class AuditRetention {
  private timer: ReturnType<typeof setInterval> | undefined
  private running: Promise<void> = Promise.resolve()
  private stopped = false

  constructor(private readonly deps: AuditRetentionDeps) {}

  start(): void {
    const run = () => {
      this.running = this.run()
    }
    run()
    this.timer = setInterval(run, PURGE_EVERY_MS)
    this.timer.unref()
  }

  async stop(): Promise<void> {
    this.stopped = true
    clearInterval(this.timer)
    await this.running
  }

  /** Never rejects: what could not be removed now is removed an hour later. */
  async run(): Promise<void> {
    const { store, retentionDays, logger } = this.deps
    let total = 0
    try {
      for (;;) {
        const purged = this.stopped ? 0 : await store.purge(retentionDays, PURGE_ROWS)
        total += purged ?? 0
        if (!purged) break
      }
      if (total > 0) logger.info('old entries of the audit log were removed', { count: total, retentionDays })
    } catch (error) {
      logger.warn('old entries of the audit log could not be removed', { error, removed: total })
    }
  }
}
