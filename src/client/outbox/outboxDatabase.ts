import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import type { OutboxEntry, OutboxStore } from './OutboxStore'

interface Lease {
  name: string
  owner: string
  /** By the machine's clock, which all tabs share. */
  expiresAt: number
}

interface OutboxSchema extends DBSchema {
  entries: { key: number; value: OutboxEntry & { order?: number }; indexes: { clientId: string; roomId: string } }
  leases: { key: string; value: Lease }
}

export type OutboxDatabase = IDBPDatabase<OutboxSchema>

/** One database for each account: what one person typed is never even read while another is signed in. */
export const openOutboxDatabase = (userId: string, onClosed: () => void): Promise<OutboxDatabase> =>
  openDB<OutboxSchema>(`tandem-outbox-${userId}`, 1, {
    upgrade(database) {
      const entries = database.createObjectStore('entries', { keyPath: 'order', autoIncrement: true })
      entries.createIndex('clientId', 'clientId', { unique: true })
      entries.createIndex('roomId', 'roomId')
      database.createObjectStore('leases', { keyPath: 'name' })
    },
    blocking(_current, _blocked, event) {
      // A newer version of the page wants to upgrade the database: step aside. The type forgets what the target is.
      ;(event.target as IDBDatabase | null)?.close()
      onClosed()
    },
    terminated: onClosed,
  })

const withoutOrder = ({ order: _order, ...entry }: OutboxEntry & { order?: number }): OutboxEntry => entry

export const createDatabaseOutboxStore = (database: OutboxDatabase): OutboxStore => ({
  async all() {
    return (await database.getAll('entries')).map(withoutOrder)
  },

  async next(roomId) {
    // An index orders equal keys by primary key: oldest first.
    const ofRoom = await database.getAllFromIndex('entries', 'roomId', roomId)
    const next = ofRoom.find((entry) => entry.error === undefined)
    return next === undefined ? undefined : withoutOrder(next)
  },

  async add(entry) {
    const transaction = database.transaction('entries', 'readwrite')
    const known = await transaction.store.index('clientId').getKey(entry.clientId)
    if (known !== undefined) await transaction.store.delete(known)
    await transaction.store.add({ ...entry })
    await transaction.done
  },

  async fail(clientId, error) {
    const transaction = database.transaction('entries', 'readwrite')
    const entry = await transaction.store.index('clientId').get(clientId)
    if (entry !== undefined) await transaction.store.put({ ...entry, error })
    await transaction.done
  },

  async remove(clientId) {
    const transaction = database.transaction('entries', 'readwrite')
    const key = await transaction.store.index('clientId').getKey(clientId)
    if (key !== undefined) await transaction.store.delete(key)
    await transaction.done
  },

  close: () => database.close(),
})

/** True when `owner` has the lease now, for `leaseMs`. A lease that ran out belongs to a tab that died or sleeps. */
export const takeLease = async (
  database: OutboxDatabase,
  lease: Omit<Lease, 'expiresAt'>,
  now: number,
  leaseMs: number,
) => {
  const transaction = database.transaction('leases', 'readwrite')
  const held = await transaction.store.get(lease.name)
  const free =
    held === undefined || held.owner === lease.owner || held.expiresAt <= now || held.expiresAt > now + leaseMs
  if (free) await transaction.store.put({ ...lease, expiresAt: now + leaseMs })
  await transaction.done
  return free
}

export const dropLease = async (database: OutboxDatabase, lease: Omit<Lease, 'expiresAt'>): Promise<void> => {
  const transaction = database.transaction('leases', 'readwrite')
  const held = await transaction.store.get(lease.name)
  if (held?.owner === lease.owner) await transaction.store.delete(lease.name)
  await transaction.done
}
