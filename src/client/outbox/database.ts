import { type DBSchema, type IDBPDatabase, type IDBPObjectStore, openDB } from 'idb'
import type { Quote } from '@/contracts/chatShapes'
import type { WireError } from '@/contracts/errors'

/** What becomes of a message that the server has; the new text of an edit is the entry's. */
export type MessageChange =
  | { messageId: string; kind: 'edit' | 'delete' }
  | { messageId: string; kind: 'react'; emoji: string; on: boolean }

/** What a message says, and whom that names. */
export type Version = Pick<OutboxEntry, 'message' | 'mentions'>

/** Kept until the server has acknowledged it: a message, or a change of one that it has. */
export interface OutboxEntry {
  clientId: string
  /** Or the address of a person: see address.ts. */
  roomId: string
  /** The account it was typed in: the server refuses it for any other. */
  senderId: string
  /** What was typed; blank where something is deleted. */
  message: string
  /** The message that it answers, as it was when it was typed. */
  replyTo?: Quote | undefined
  /** The ids of those whom the text names; of an edit, from now on. */
  mentions?: string[] | undefined
  /** What becomes of a message of the server's table; absent: this is a new one. */
  change?: MessageChange | undefined
  /** Attempts whose outcome nobody told, or not yet; as long as there is none, the server certainly does not have it. */
  unanswered?: number | undefined
  /** What it was at such attempts before it was edited here, the newest last: the server may have one of them. */
  earlier?: Version[] | undefined
  /** Deleted here after such an attempt: it is sent once more to learn its id, and then deleted there. */
  isWithdrawn?: boolean | undefined
  /** ISO 8601, by the page's clock. */
  createdAt: string
  /** Set once it has failed for good. */
  error?: WireError | undefined
}

/** Which tab does the work of a name, where a browser has no Web Locks, and until when. */
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

/** The opened database: entries by key in the order they were written, and leases by name. */
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
  // 2: changes of messages, which a page of the version before would send as new ones. 3: `earlier` holds versions.
  openDB<OutboxSchema>(`tandem-outbox-${userId}`, 3, {
    async upgrade(database, oldVersion, _newVersion, transaction) {
      if (oldVersion > 0) {
        const entries = transaction.objectStore('entries')
        for (const entry of await entries.getAll()) await entries.put(upgraded(entry, oldVersion))
        return
      }
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

/** Version 2 wrote texts, and beside them whom they name. */
interface Upgradable extends Omit<OutboxEntry, 'earlier'> {
  earlier?: (string | Version)[] | undefined
  earlierMentions?: Record<string, string[]>
}

const upgraded = ({ earlier, earlierMentions, ...entry }: Upgradable, version: number): OutboxEntry => {
  // Version 1 did not write down what it had tried: any of these may be with the server.
  if (version === 1) return { ...entry, unanswered: 1 }
  const versions = earlier?.map((text) =>
    typeof text === 'string' ? { message: text, mentions: earlierMentions?.[text] } : text,
  )
  return { ...entry, earlier: versions }
}

const withoutOrder = ({ order: _order, ...entry }: OutboxEntry & { order?: number }): OutboxEntry => entry

/** In the order they were added. */
export const allEntries = async (database: OutboxDatabase): Promise<OutboxEntry[]> =>
  (await database.getAll('entries')).map(withoutOrder)

/** What becomes of an entry; undefined: it goes. */
export type Step = (entry: OutboxEntry) => OutboxEntry | undefined

/** What an entry was before a step, undefined when it was gone, and what it is afterwards. */
export interface Stepped {
  was?: OutboxEntry
  is?: OutboxEntry | undefined
}

type Entries = IDBPObjectStore<OutboxSchema, ['entries'], 'entries', 'readwrite'>

/** Resolves once all of it is written; rejects when nothing is. */
const change = async <Result>(
  database: OutboxDatabase,
  work: (entries: Entries) => Promise<Result>,
): Promise<Result> => {
  const transaction = database.transaction('entries', 'readwrite')
  const [result] = await Promise.all([work(transaction.store), transaction.done])
  return result
}

/** Puts it at the end. */
export const addEntry = (database: OutboxDatabase, entry: OutboxEntry): Promise<void> =>
  change(database, async (entries) => {
    await entries.add({ ...entry })
  })

/** The oldest one of the room that has not failed, after this step: it is read and written at once. */
export const takeNextEntry = (
  database: OutboxDatabase,
  roomId: string,
  step: (entry: OutboxEntry) => OutboxEntry,
): Promise<OutboxEntry | undefined> =>
  change(database, async (entries) => {
    // An index orders equal keys by primary key: oldest first.
    const row = (await entries.index('roomId').getAll(roomId)).find(({ error }) => error === undefined)
    if (row === undefined) return undefined
    const taken = step(withoutOrder(row))
    await entries.put({ ...row, ...taken })
    return taken
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

/**
 * Takes an entry one step on, from what all tabs have made of it: it is read and written at once. It keeps its place, but
 * one that had failed and waits again goes to the end. `ifGone` is added where it is gone.
 */
export const stepEntry = (
  database: OutboxDatabase,
  clientId: string,
  step: Step,
  ifGone?: OutboxEntry,
): Promise<Stepped> =>
  change(database, async (entries) => {
    const row = await entries.index('clientId').get(clientId)
    if (row?.order === undefined) {
      if (ifGone !== undefined) await entries.add({ ...ifGone })
      return { is: ifGone }
    }
    const was = withoutOrder(row)
    const is = step(was)
    const goesToTheEnd = was.error !== undefined && is?.error === undefined
    if (is === undefined || goesToTheEnd) await entries.delete(row.order)
    if (is !== undefined) await entries.put(goesToTheEnd ? { ...is } : { ...is, order: row.order })
    return { was, is }
  })
