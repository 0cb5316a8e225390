import { setTimeout as delay } from 'node:timers/promises'
import type { EmbeddedPostgres } from './embeddedPostgres'
import { sayWarning } from './output'
import { ScriptError } from './ScriptError'

const LOOK_MS = 1_000
const LONGEST_DELAY_MS = 30_000

export interface DatabaseGuard {
  /** Rejects when the database came back at another address, which the processes do not know. */
  failed: Promise<never>
  /** Resolves when the guard will not start anything any more. */
  end(): Promise<void>
}

/** Looks after the embedded database, which is no child of ours: when it died it is started again, with back-off. */
export function keepDatabaseRunning(database: EmbeddedPostgres | undefined): DatabaseGuard {
  const ended = new AbortController()
  let fail = (_: Error): void => {}
  const failed = new Promise<never>((_, reject) => {
    fail = reject
  })
  failed.catch(() => {}) // for whoever waits for it; not to be reported twice

  async function watch(embedded: EmbeddedPostgres): Promise<void> {
    let waitMs = LOOK_MS
    for (;;) {
      await delay(waitMs, undefined, { signal: ended.signal }).catch(() => {})
      if (ended.signal.aborted) return
      waitMs = embedded.isRunning() || (await revive(embedded)) ? LOOK_MS : Math.min(waitMs * 2, LONGEST_DELAY_MS)
    }
  }

  async function revive(embedded: EmbeddedPostgres): Promise<boolean> {
    sayWarning('The database ended unexpectedly. Starting it again.')
    try {
      if (await embedded.revive()) sayWarning('The database is back.')
      else fail(new ScriptError('The database had to move to another port. Start again.'))
      return true
    } catch (error) {
      sayWarning(error instanceof Error ? error.message : String(error))
      return false
    }
  }

  const watching = database && watch(database)
  return {
    failed,
    end: async () => {
      ended.abort()
      await watching
    },
  }
}
