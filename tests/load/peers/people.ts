import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { insertGroup, insertPeople } from '../../support/workload/people'

/** Somebody who may connect, and the room that they talk in. */
export interface Talker {
  userId: string
  /** Blank where nobody signs in. */
  sessionId: string
  /** The `Cookie` header of their browser; likewise. */
  cookie: string
  roomId: string
}

/** So many people, in rooms of two or in one of all; made past what is measured. Without a database they are made up. */
export async function makePeople(
  databaseUrl: string | undefined,
  count: number,
  rooms: 'pairs' | 'one room',
): Promise<Talker[]> {
  if (databaseUrl === undefined) {
    const everybody = randomUUID()
    return Array.from({ length: count }, (_, i) => ({
      ...{ userId: randomUUID(), sessionId: '', cookie: '' },
      roomId: rooms === 'pairs' ? `${everybody}-${i >> 1}` : everybody,
    }))
  }
  const db = new pg.Pool({ connectionString: databaseUrl, max: 2 })
  try {
    const names = Array.from({ length: count }, (_, i) => `Talker ${i}`)
    const people = await insertPeople(db, names)
    const ids = people.map(({ id }) => id)
    const { rows } = await db.query<{ user_id: string; public_id: string }>(
      'SELECT user_id, public_id FROM sessions WHERE user_id = ANY ($1::text[])',
      [ids],
    )
    const sessionOf = new Map(rows.map((row) => [row.user_id, row.public_id]))
    const roomOf = rooms === 'pairs' ? await insertPairs(db, ids) : ids.fill(await insertGroup(db, 'Everybody', people))
    return people.map(({ id, cookie }, i) => ({
      ...{ userId: id, cookie, sessionId: sessionOf.get(id) ?? '', roomId: roomOf[i] ?? '' },
    }))
  } finally {
    await db.end()
  }
}

/** A direct room for every two neighbours; resolves with the room of each. */
async function insertPairs(db: pg.Pool, ids: readonly string[]): Promise<string[]> {
  const rooms: string[] = []
  const roomOf = ids.map((_, i) => {
    if (i % 2 === 0) rooms.push(randomUUID())
    return rooms[i >> 1] ?? ''
  })
  const keys = rooms.map((_, i) => [ids[i * 2] ?? '', ids[i * 2 + 1] ?? ''].sort().join(':'))
  await db.query(
    `INSERT INTO rooms (id, kind, direct_key) SELECT id, 'direct', key FROM unnest($1::text[], $2::text[]) AS r(id, key)`,
    [rooms, keys],
  )
  await db.query(
    'INSERT INTO participants (room_id, user_id) SELECT r, u FROM unnest($1::text[], $2::text[]) AS p(r, u)',
    [roomOf, ids],
  )
  return roomOf
}
