import type { Clock } from '../runtime/clock'
import { type OutboxDatabase, openOutboxDatabase } from './database'
import { createLeaseLock, createWebLock, type Lock } from './lock'

/** A browser that does not answer for this long is treated as one that refuses. */
const TIMEOUT_MS = 10_000

/** Said where the browser refuses IndexedDB, or has none. */
export const STORAGE_WARNING =
  'This browser keeps no data for this site. Messages that are not sent yet are lost when the page is closed.'

/** A page of an earlier version must not read what it may take for something else. */
export const NEWER_WARNING =
  'A newer version of this page has been used in this browser. What waits there is kept, and goes out once this page is loaded anew with a connection. What you write until then is lost when the page is closed.'

export interface OutboxStorageDeps {
  userId: string
  /** Names this tab among others. */
  tabId: string
  clock: Clock
  locks: LockManager | undefined
  /** Opens the browser's storage; rejects when it is refused. Default: IndexedDB. */
  openDatabase?: typeof openOutboxDatabase
}

/** What the tabs of one account share. Once the browser refuses or loses it, the outbox goes on in memory for this visit. */
export class OutboxStorage {
  warning: string | undefined
  private database: Promise<OutboxDatabase | undefined> | undefined

  constructor(
    private readonly deps: OutboxStorageDeps,
    private readonly onRefused: () => void,
  ) {}

  /** Resolves to what `action` finds, or to what `inMemory` answers where there is no storage. */
  async use<Result>(action: (database: OutboxDatabase) => Promise<Result>, inMemory: () => Result): Promise<Result> {
    const database = await this.open()
    if (database === undefined) return inMemory()
    try {
      return await this.inTime(action(database))
    } catch {
      this.refuse()
      return inMemory()
    }
  }

  /** True when it was written; false where there is no storage. */
  write(action: (database: OutboxDatabase) => Promise<void>): Promise<boolean> {
    const written = async (database: OutboxDatabase) => {
      await action(database)
      return true
    }
    return this.use(written, () => false)
  }

  /** One tab at a time; without storage there is only this one. */
  async lock<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const { userId, tabId, clock, locks } = this.deps
    const database = await this.open()
    if (database === undefined) return work()
    const lock: Lock = locks === undefined ? createLeaseLock(database, tabId, clock) : createWebLock(locks, clock)
    let started = false
    const start = () => {
      started = true
      return work()
    }
    try {
      return await lock(`tandem-outbox-${userId}-${name}`, start)
    } catch (error) {
      if (started) throw error
      // The browser refuses locks. Two tabs may now send the same message; the server keeps one.
      return work()
    }
  }

  close(): void {
    const { database } = this
    this.database = Promise.resolve(undefined)
    void database?.then((open) => open?.close())
  }

  /** Resolves to undefined once the browser has refused. */
  private open(): Promise<OutboxDatabase | undefined> {
    const { openDatabase = openOutboxDatabase, userId } = this.deps
    const onClosed = (why: 'yielded' | 'lost') => {
      if (why === 'lost') this.refuse()
      else if (this.warning === undefined) this.database = undefined // the next use opens it again
    }
    this.database ??= this.inTime(openDatabase(userId, onClosed)).catch((error: unknown) =>
      this.refuse(error instanceof Error && error.name === 'VersionError' ? NEWER_WARNING : STORAGE_WARNING),
    )
    return this.database
  }

  private refuse(warning = STORAGE_WARNING): undefined {
    if (this.warning !== undefined) return
    this.warning = warning
    this.database = Promise.resolve(undefined)
    this.onRefused()
  }

  private inTime<Result>(answer: Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const cancel = this.deps.clock.after(TIMEOUT_MS, () => reject(new Error('The browser storage does not answer.')))
      answer.then(resolve, reject).finally(cancel)
    })
  }
}
