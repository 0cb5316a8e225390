import { randomBytes, randomUUID } from 'node:crypto'
import type pg from 'pg'
import { SESSION_COOKIE } from '@/contracts/auth'
import { noteSecret } from '../servers/secrets'

/** Somebody who is signed in. */
export interface Person {
  id: string
  name: string
  /** The `Cookie` header of their browser. */
  cookie: string
}

/** Signs up and in, without the seconds that hashing fifty passwords takes. */
export async function insertPeople(db: pg.Pool, names: readonly string[]): Promise<Person[]> {
  const people = names.map((name) => ({ id: randomUUID(), name, session: randomBytes(20).toString('hex') }))
  for (const { session } of people) noteSecret("a session's secret", session)
  const column = (pick: (person: (typeof people)[number]) => string) => people.map(pick)
  await db.query(
    `INSERT INTO users (id, email, name) SELECT id, id || '@example.com', name FROM unnest($1::text[], $2::text[]) AS p(id, name)`,
    [column(({ id }) => id), column(({ name }) => name)],
  )
  await db.query(
    `INSERT INTO sessions (id, public_id, user_id, expires_at)
     SELECT encode(sha256(convert_to(session, 'UTF8')), 'hex'), public_id, user_id, now() + interval '1 day'
     FROM unnest($1::text[], $2::text[], $3::text[]) AS s(session, public_id, user_id)`,
    [column(({ session }) => session), people.map(() => randomUUID()), column(({ id }) => id)],
  )
  return people.map(({ id, name, session }) => ({ id, name, cookie: `${SESSION_COOKIE}=${session}` }))
}

/** A group, which its members find with their next look at the list: nobody is told. The first owns it. */
export async function insertGroup(db: pg.Pool, name: string, members: readonly { id: string }[]): Promise<string> {
  const id = randomUUID()
  await db.query(`INSERT INTO rooms (id, kind, name) VALUES ($1, 'group', $2)`, [id, name])
  await db.query(
    `INSERT INTO participants (room_id, user_id, role)
     SELECT $1, user_id, CASE n WHEN 1 THEN 'owner' ELSE 'member' END FROM unnest($2::text[]) WITH ORDINALITY AS m(user_id, n)`,
    [id, members.map((member) => member.id)],
  )
  return id
}

/** The direct room of two people. */
export async function insertDirectRoom(db: pg.Pool, one: { id: string }, other: { id: string }): Promise<string> {
  const { rows } = await db.query<{ room_id: string }>(
    'SELECT room_id FROM get_or_create_direct_room($1, $2, $3, NULL)',
    [randomUUID(), one.id, other.id],
  )
  const [row] = rows
  if (!row) throw new Error('The database made no room.')
  return row.room_id
}
