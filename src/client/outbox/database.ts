import { type DBSchema, type IDBPDatabase, type IDBPObjectStore, openDB } from 'idb'
import type { WireError } from '@/contracts/errors'

/** What becomes of a message that the server has; the new text of an edit is the entry's. */
export type MessageChange =
  | { messageId: string; kind: 'edit' | 'delete' }
  | { messageId: string; kind: 'react'; emoji: string; on: boolean }

/** Kept until the server has acknowledged it: a message, or a change of one that it has. */
export interface OutboxEntry {
  clientId: string
  /** Or the address of a person: see address.ts. */
  roomId: string
  /** The account it was typed in: the server refuses it for any other. */
  senderId: string
  /** What was typed; blank where something is deleted. */
  message: string
  /** What becomes of a message of the server's table; absent: this is a new one. */
  change?: MessageChange | undefined
  /** Texts it had before it was edited here, while it waited: the server may have one of them. */
  earlier?: string[] | undefined
  /** An attempt ended without an answer: the server may have it. */
  isInDoubt?: boolean | undefined
  /** It was deleted here, while it waited. */
  isWithdrawn?: boolean | undefined
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
  // 2: changes of messages, which a page of the version before would send as new ones.
  openDB<OutboxSchema>(`tandem-outbox-${userId}`, 2, {
    upgrade(database, oldVersion) {
      if (oldVersion >= 1) return
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

/** Changes one in its place; nothing happens when it is gone. */
export const updateEntry = (database: OutboxDatabase, clientId: string, fields: Partial<OutboxEntry>): Promise<void> =>
  change(database, async (entries) => {
    const entry = await entries.index('clientId').get(clientId)
    if (entry !== undefined) await entries.put({ ...entry, ...fields })
  })

/** Puts it in the place of the one with its client id; at the end when that is gone. */
export const replaceEntry = (database: OutboxDatabase, entry: OutboxEntry): Promise<void> =>
  change(database, async (entries) => {
    const order = await entries.index('clientId').getKey(entry.clientId)
    await entries.put(order === undefined ? { ...entry } : { ...entry, order })
  })

/**
 * The server has it: it goes, and what is still to be done about it takes its place. Resolves to whether there is something;
 * of several tabs that learn of it one does this.
 */
export const acknowledgeEntry = async (
  database: OutboxDatabase,
  clientId: string,
  followUp: (entry: OutboxEntry) => OutboxEntry | undefined,
): Promise<boolean> => {
  let next: OutboxEntry | undefined
  await change(database, async (entries) => {
    const entry = await entries.index('clientId').get(clientId)
    if (entry?.order === undefined) return
    next = followUp(withoutOrder(entry))
    if (next === undefined) await entries.delete(entry.order)
    else await entries.put({ ...next, order: entry.order })
  })
  return next !== undefined
}

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
