import type { Clock } from '../transport/clock'
import { dropLease, type OutboxDatabase, takeLease } from './outboxDatabase'

/** Lets one tab at a time do the work of that name; resolves or rejects as `work` does. */
export type TabLock = <Result>(name: string, work: () => Promise<Result>) => Promise<Result>

/** Longer than one attempt to send can take: whoever holds it beyond this is asleep. */
const longestHoldMs = 30_000
const leasePollMs = 200

/** For one tab alone, or storage that other tabs do not see. */
export const noLock: TabLock = (_name, work) => work()

/** By Web Locks. Taken over from a tab that sleeps with the lock in its hands: the server makes repeated sends harmless. */
export const createWebLock =
  (locks: LockManager, clock: Clock): TabLock =>
  async (name, work) => {
    const wait = new AbortController()
    const cancel = clock.after(longestHoldMs, () => wait.abort())
    let granted = false
    const start = () => {
      granted = true
      cancel()
      return work()
    }
    try {
      return await locks.request(name, { signal: wait.signal }, start)
    } catch (error) {
      if (granted || !wait.signal.aborted) throw error
      return await locks.request(name, { steal: true }, start)
    } finally {
      cancel()
    }
  }

/** By a lease in IndexedDB, where a page served over plain http has no Web Locks. */
export const createLeaseLock =
  (database: OutboxDatabase, owner: string, clock: Clock): TabLock =>
  async (name, work) => {
    const lease = { name, owner }
    while (!(await takeLease(database, lease, clock.now(), longestHoldMs))) {
      await new Promise<void>((resolve) => clock.after(leasePollMs, resolve))
    }
    try {
      return await work()
    } finally {
      // A database that went away takes its leases along; the work's own outcome counts.
      await dropLease(database, lease).catch(() => undefined)
    }
  }
