import type { Database } from '@/lib/db/database'
import { deleteExpired } from '@/lib/db/expiry'
import type { Logger } from '@/services/shared/Logger'
import type { Subsystem } from './socket/subsystems'

/** How often, in milliseconds; and up to half of it later, so that processes started together do not all ask at once. */
const EVERY_MS = 10 * 60_000

/** Deletes what has expired, now and then, for as long as the process lives. A failure is made up for by the next run. */
export function createExpiry(db: Database, logger: Logger, everyMs: number = EVERY_MS): Subsystem {
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<void> = Promise.resolve()
  let stopped = false

  const run = async () => {
    try {
      const deleted = await deleteExpired(db)
      if (deleted > 0) logger.debug('deleted what has expired', { deleted })
    } catch (error) {
      logger.debug('what has expired could not be deleted', { error })
    }
    schedule()
  }
  const schedule = () => {
    if (stopped) return
    timer = setTimeout(
      () => {
        running = run()
      },
      everyMs * (1 + Math.random() / 2),
    )
  }
  return {
    start: schedule,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
