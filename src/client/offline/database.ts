import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import * as z from 'zod/mini'
import { Room, RoomData } from '@/contracts/chatShapes'
import { COPY_DATABASE } from '@/contracts/shell'
import { CurrentUser } from '@/contracts/users'

interface CopySchema extends DBSchema {
  /** One at most: whose copy it is. */
  person: { key: string; value: CurrentUser }
  rooms: { key: string; value: RoomData }
}

const OWNER = 'owner'

const use = async <Result>(work: (database: IDBPDatabase<CopySchema>) => Promise<Result>): Promise<Result> => {
  const database = await openDB<CopySchema>(COPY_DATABASE, 1, {
    upgrade(fresh) {
      fresh.createObjectStore('person')
      fresh.createObjectStore('rooms')
    },
  })
  try {
    return await work(database)
  } finally {
    // Opened anew each time: so it stands in nobody's way.
    database.close()
  }
}

/**
 * From now on the copy is this person's; what there was of anybody else is gone. Not once their page was left, or they have
 * signed out, while the browser opened it. Resolves to the conversations it has; rejects where the browser keeps nothing.
 */
export const ownCopy = (person: CurrentUser, left: AbortSignal): Promise<string[]> =>
  use(async (database) => {
    if (left.aborted) return []
    const transaction = database.transaction(['person', 'rooms'], 'readwrite')
    const people = transaction.objectStore('person')
    const rooms = transaction.objectStore('rooms')
    if ((await people.get(OWNER))?.id !== person.id) await rooms.clear()
    await people.put(person, OWNER)
    const kept = await rooms.getAllKeys()
    await transaction.done
    return kept
  })

/** A conversation to be written down for a reload without a network. */
export interface RoomToKeep {
  data: RoomData
  /** What is kept of a later `rev` stays: another tab knows more. */
  upToRev: number
}

/** As much of it as is read before it is written over. */
const KeptRev = z.object({ room: z.pick(Room, { lastRev: true }) })

const revOf = (kept: unknown): number => KeptRev.safeParse(kept).data?.room.lastRev ?? 0

/**
 * Keeps these conversations and drops those; what other tabs have kept stays. Nothing at all once the copy is not this
 * person's any more: another tab has signed them out.
 */
export const keepRooms = (userId: string, rooms: readonly RoomToKeep[], dropped: readonly string[]): Promise<void> =>
  use(async (database) => {
    const transaction = database.transaction(['person', 'rooms'], 'readwrite')
    if ((await transaction.objectStore('person').get(OWNER))?.id !== userId) return
    const kept = transaction.objectStore('rooms')
    for (const { data, upToRev } of rooms) {
      const { id } = data.room
      if (revOf(await kept.get(id)) <= upToRev) await kept.put(data, id)
    }
    for (const roomId of dropped) await kept.delete(roomId)
    await transaction.done
  })

/** Whose copy it is; undefined where there is none. What a version of before kept in another form counts as nothing. */
export const readOwner = (): Promise<CurrentUser | undefined> =>
  use(async (database) => CurrentUser.safeParse(await database.get('person', OWNER)).data)

/** What is kept of this person's conversations. */
export const readRooms = (userId: string): Promise<RoomData[]> =>
  use(async (database) => {
    const transaction = database.transaction(['person', 'rooms'])
    if ((await transaction.objectStore('person').get(OWNER))?.id !== userId) return []
    const kept = await transaction.objectStore('rooms').getAll()
    return kept.flatMap((data) => RoomData.safeParse(data).data ?? [])
  })
