import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import { RoomData } from '@/contracts/chatShapes'
import { CurrentUser } from '@/contracts/users'

interface CopySchema extends DBSchema {
  /** One at most: whose copy it is. */
  person: { key: string; value: CurrentUser }
  rooms: { key: string; value: RoomData }
}

const OWNER = 'owner'

const use = async <Result>(work: (database: IDBPDatabase<CopySchema>) => Promise<Result>): Promise<Result> => {
  const database = await openDB<CopySchema>('tandem-offline-copy', 1, {
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

/** From now on the copy is this person's; what there was of anybody else is gone. Rejects where the browser keeps nothing. */
export const ownCopy = (person: CurrentUser): Promise<void> =>
  use(async (database) => {
    const transaction = database.transaction(['person', 'rooms'], 'readwrite')
    const people = transaction.objectStore('person')
    if ((await people.get(OWNER))?.id !== person.id) await transaction.objectStore('rooms').clear()
    await people.put(person, OWNER)
    await transaction.done
  })

/**
 * Keeps these conversations, and those of `among` that are kept already. Nothing at all once the copy is not this person's
 * any more: another tab has signed them out.
 */
export const keepRooms = (userId: string, rooms: readonly RoomData[], among: ReadonlySet<string>): Promise<void> =>
  use(async (database) => {
    const transaction = database.transaction(['person', 'rooms'], 'readwrite')
    if ((await transaction.objectStore('person').get(OWNER))?.id !== userId) return
    const kept = transaction.objectStore('rooms')
    for (const data of rooms) await kept.put(data, data.room.id)
    for (const roomId of await kept.getAllKeys()) if (!among.has(roomId)) await kept.delete(roomId)
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

/** Nothing of anybody is kept any more. */
export const emptyCopy = (): Promise<void> =>
  use(async (database) => {
    const transaction = database.transaction(['person', 'rooms'], 'readwrite')
    await Promise.all([
      transaction.objectStore('person').clear(),
      transaction.objectStore('rooms').clear(),
      transaction.done,
    ])
  })
