import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import type { WireError } from '@/contracts/errors'

/** A message that is kept until the server has acknowledged it. */
export interface OutboxEntry {
  clientId: string
  roomId: string
  /** The account it was typed in: the server refuses it for any other. */
  senderId: string
  message: string
  /** ISO 8601, by the page's clock. */
  createdAt: string
  /** Set once it has failed for good. */
  error?: WireError | undefined
}

export interface Lease {
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

/**
 * One database for each account: what one person typed is never even read while another is signed in. Rejects where the
 * browser refuses it or has none.
 */
export const openOutboxDatabase = async (userId: string, onClosed: () => void): Promise<OutboxDatabase> =>
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

/** In the order they were added. */
export const allEntries = async (database: OutboxDatabase): Promise<OutboxEntry[]> =>
  (await database.getAll('entries')).map(withoutOrder)

/** The oldest one of the room that has not failed. */
export const nextEntry = async (database: OutboxDatabase, roomId: string): Promise<OutboxEntry | undefined> => {
  // An index orders equal keys by primary key: oldest first.
  const ofRoom = await database.getAllFromIndex('entries', 'roomId', roomId)
  const next = ofRoom.find((entry) => entry.error === undefined)
  return next === undefined ? undefined : withoutOrder(next)
}

/** Puts it at the end, also when it was there already. */
export const addEntry = async (database: OutboxDatabase, entry: OutboxEntry): Promise<void> => {
  const transaction = database.transaction('entries', 'readwrite')
  const known = await transaction.store.index('clientId').getKey(entry.clientId)
  if (known !== undefined) await transaction.store.delete(known)
  await transaction.store.add({ ...entry })
  await transaction.done
}

/** Marks it as failed for good; nothing happens when it is gone. */
export const failEntry = async (database: OutboxDatabase, clientId: string, error: WireError): Promise<void> => {
  const transaction = database.transaction('entries', 'readwrite')
  const entry = await transaction.store.index('clientId').get(clientId)
  if (entry !== undefined) await transaction.store.put({ ...entry, error })
  await transaction.done
}

export const removeEntry = async (database: OutboxDatabase, clientId: string): Promise<void> => {
  const transaction = database.transaction('entries', 'readwrite')
  const key = await transaction.store.index('clientId').getKey(clientId)
  if (key !== undefined) await transaction.store.delete(key)
  await transaction.done
}
