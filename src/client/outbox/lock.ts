import type { Clock } from '../runtime/clock'
import type { Lease, OutboxDatabase } from './database'

/** Lets one tab at a time do the work of that name; resolves or rejects as `work` does. */
export type Lock = <Result>(name: string, work: () => Promise<Result>) => Promise<Result>

/** Longer than one attempt to send can take: whoever holds it beyond this is asleep. */
const LONGEST_HOLD_MS = 30_000
const LEASE_POLL_MS = 200

/** By Web Locks. Taken over from a tab that sleeps with the lock in its hands: the server makes repeated sends harmless. */
export const createWebLock =
  (locks: LockManager, clock: Clock): Lock =>
  async (name, work) => {
    const wait = new AbortController()
    const cancel = clock.after(LONGEST_HOLD_MS, () => wait.abort())
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
  (database: OutboxDatabase, owner: string, clock: Clock): Lock =>
  async (name, work) => {
    const lease = { name, owner }
    while (!(await takeLease(database, lease, clock.now()))) {
      await new Promise<void>((resolve) => clock.after(LEASE_POLL_MS, resolve))
    }
    try {
      return await work()
    } finally {
      // A database that went away takes its leases along; the work's own outcome counts.
      await dropLease(database, lease).catch(() => undefined)
    }
  }

/** True when `owner` has the lease now. A lease that ran out belongs to a tab that died or sleeps. */
const takeLease = async (database: OutboxDatabase, lease: Omit<Lease, 'expiresAt'>, now: number): Promise<boolean> => {
  const expiresAt = now + LONGEST_HOLD_MS
  const transaction = database.transaction('leases', 'readwrite')
  const held = await transaction.store.get(lease.name)
  // One that ends later than any taken now was taken by a clock that has been set back since.
  const isFree = held === undefined || held.owner === lease.owner || held.expiresAt <= now || held.expiresAt > expiresAt
  if (isFree) await transaction.store.put({ ...lease, expiresAt })
  await transaction.done
  return isFree
}

const dropLease = async (database: OutboxDatabase, lease: Omit<Lease, 'expiresAt'>): Promise<void> => {
  const transaction = database.transaction('leases', 'readwrite')
  const held = await transaction.store.get(lease.name)
  if (held?.owner === lease.owner) await transaction.store.delete(lease.name)
  await transaction.done
}
