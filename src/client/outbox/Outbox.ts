import type { Clock } from '../transport/clock'
import { MemoryOutboxStore, type OutboxEntry, type OutboxStore } from './OutboxStore'
import { createDatabaseOutboxStore, openOutboxDatabase } from './outboxDatabase'
import { createLeaseLock, createWebLock, noLock, type TabLock } from './tabLock'

/** A browser that does not answer for this long is treated as one that refuses. */
const storageTimeoutMs = 10_000

export const storageWarning =
  'This browser keeps no data for this site. Messages that are not sent yet are lost when the page is closed.'

interface OpenStorage {
  store: OutboxStore
  lock: TabLock
}

export interface OutboxDeps {
  userId: string
  /** Names this tab among others. */
  tabId: string
  clock: Clock
  locks: LockManager | undefined
  /** Replaces the browser's storage; must reject when it is refused. Default: IndexedDB. */
  open?: () => Promise<OpenStorage>
}

/** The stored outbox, falling back to memory, once and for this visit, when the browser refuses or loses the storage. */
export class Outbox {
  warning: string | undefined
  private storage: Promise<OpenStorage> | undefined
  private readonly memory: OpenStorage = { store: new MemoryOutboxStore(), lock: noLock }

  constructor(
    private readonly deps: OutboxDeps,
    private readonly onRefused: () => void,
    /** What memory has to begin with when storage is lost midway. */
    private readonly known: () => OutboxEntry[],
  ) {}

  async use<Result>(action: (store: OutboxStore) => Promise<Result>): Promise<Result> {
    const { store } = await this.open()
    if (store === this.memory.store) return action(store)
    try {
      return await this.inTime(action(store))
    } catch {
      return action((await this.fallBack()).store)
    }
  }

  async lock<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    const { lock } = await this.open()
    let started = false
    const start = () => {
      started = true
      return work()
    }
    try {
      return await lock(name, start)
    } catch (error) {
      if (started) throw error
      // The browser refuses locks. Two tabs may now send the same message; the server keeps one.
      return work()
    }
  }

  close(): void {
    const { storage } = this
    this.storage = Promise.resolve(this.memory)
    void storage?.then(({ store }) => store.close())
  }

  private open(): Promise<OpenStorage> {
    this.storage ??= this.inTime((this.deps.open ?? (() => this.openDatabase()))()).catch(() => this.fallBack())
    return this.storage
  }

  private async openDatabase(): Promise<OpenStorage> {
    const { userId, tabId, clock, locks } = this.deps
    const database = await openOutboxDatabase(userId, () => {
      this.storage = undefined // opened anew by the next use
    })
    const scope = `tandem-outbox-${userId}`
    const lock = locks === undefined ? createLeaseLock(database, tabId, clock) : createWebLock(locks, clock)
    return { store: createDatabaseOutboxStore(database), lock: (name, work) => lock(`${scope}-${name}`, work) }
  }

  private async fallBack(): Promise<OpenStorage> {
    if (this.warning === undefined) {
      this.warning = storageWarning
      for (const entry of this.known()) await this.memory.store.add(entry)
      this.storage = Promise.resolve(this.memory)
      this.onRefused()
    }
    return this.memory
  }

  private inTime<Result>(answer: Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      const cancel = this.deps.clock.after(storageTimeoutMs, () =>
        reject(new Error('The browser storage does not answer.')),
      )
      answer.then(resolve, reject).finally(cancel)
    })
  }
}
