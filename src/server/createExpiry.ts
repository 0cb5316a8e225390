import type { Logger } from '@/services/shared/Logger'
import type { Subsystem } from './socket/subsystems'

/** How often, in milliseconds; and up to half of it later, so that processes started together do not all ask at once. */
const EVERY_MS = 60_000

/**
 * Deletes what has expired when the process starts and now and then while it lives. A failure is made up for by the next
 * run.
 *
 * @param deleteSome - deletes a bounded number of rows and resolves to how many; none: nothing is left, or it is another
 * process's turn.
 */
export function createExpiry(deleteSome: () => Promise<number>, logger: Logger, everyMs = EVERY_MS): Subsystem {
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<void> = Promise.resolve()
  let stopped = false

  const run = async () => {
    let total = 0
    try {
      for (;;) {
        const deleted = stopped ? 0 : await deleteSome()
        total += deleted
        if (deleted === 0) break
      }
    } catch (error) {
      logger.warn('what has expired could not be deleted', { error })
    }
    if (total > 0) logger.debug('deleted what has expired', { total })
    if (!stopped) timer = setTimeout(start, everyMs * (1 + Math.random() / 2))
  }
  const start = () => {
    running = run()
  }
  return {
    start,
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
