import { type DBSchema, type IDBPDatabase, type IDBPObjectStore, openDB } from 'idb'
import type { WireError } from '@/contracts/errors'

/** A message that is kept until the server has acknowledged it. */
export interface OutboxEntry {
  clientId: string
  /** Or the address of a person: see address.ts. */
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
 * @param onClosed - `yielded`: closed for a newer version of the page, and it may be opened again; `lost`: the browser
 * took it away, and what was under way in it failed.
 */
export const openOutboxDatabase = async (
  userId: string,
  onClosed: (why: 'yielded' | 'lost') => void,
): Promise<OutboxDatabase> =>
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
      onClosed('yielded')
    },
    terminated: () => onClosed('lost'),
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

type Entries = IDBPObjectStore<OutboxSchema, ['entries'], 'entries', 'readwrite'>

/** Resolves once all of it is written; rejects when nothing is. */
const change = async (database: OutboxDatabase, work: (entries: Entries) => Promise<void>): Promise<void> => {
  const transaction = database.transaction('entries', 'readwrite')
  await Promise.all([work(transaction.store), transaction.done])
}

/** Puts it at the end, also when it was there already. */
export const addEntry = (database: OutboxDatabase, entry: OutboxEntry): Promise<void> =>
  change(database, async (entries) => {
    const known = await entries.index('clientId').getKey(entry.clientId)
    if (known !== undefined) await entries.delete(known)
    await entries.add({ ...entry })
  })

/** Marks it as failed for good; nothing happens when it is gone. */
export const failEntry = (database: OutboxDatabase, clientId: string, error: WireError): Promise<void> =>
  change(database, async (entries) => {
    const entry = await entries.index('clientId').get(clientId)
    if (entry !== undefined) await entries.put({ ...entry, error })
  })

/** The room of what was addressed to a person is known now. */
export const moveEntries = (database: OutboxDatabase, from: string, to: string): Promise<void> =>
  change(database, async (entries) => {
    const keys = await entries.index('roomId').getAllKeys(from)
    for (const key of keys) {
      const entry = await entries.get(key)
      if (entry !== undefined) await entries.put({ ...entry, roomId: to })
    }
  })

export const removeEntry = (database: OutboxDatabase, clientId: string): Promise<void> =>
  change(database, async (entries) => {
    const key = await entries.index('clientId').getKey(clientId)
    if (key !== undefined) await entries.delete(key)
  })
