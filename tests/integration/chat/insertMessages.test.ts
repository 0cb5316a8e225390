import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { beforeEach, expect, test } from 'vitest'
import { Change } from '@/services/shared/changes'
import { createTestDatabase } from '../../support/postgres/createTestDatabase'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'
import { insertPeople, type Person } from '../../support/workload/people'

let db: pg.Pool
let sender: Person
let databaseUrl: string

beforeEach(async () => {
  databaseUrl = await createTestDatabase()
  // One connection: the function's plans are kept there.
  db = new pg.Pool({ connectionString: databaseUrl, max: 1 })
  onTeardown(() => db.end())
  const [person] = await insertPeople(db, ['Ada'])
  if (!person) throw new Error('A person was asked for.')
  sender = person
})

async function insertRooms(ids: readonly string[]): Promise<void> {
  await db.query(`INSERT INTO rooms (id, kind) SELECT unnest($1::text[]), 'group'`, [ids])
  await db.query('INSERT INTO participants (room_id, user_id) SELECT unnest($1::text[]), $2', [ids, sender.id])
}

/** One batch with a message to each of the rooms. */
const insertBatch = (roomIds: readonly string[], origin: string | null) =>
  db.query('SELECT * FROM insert_messages($1, $2, $3, $4, $5, $6)', [
    roomIds.map(() => randomUUID()),
    roomIds,
    roomIds.map(() => sender.id),
    roomIds.map(() => randomUUID()),
    roomIds.map(() => 'a message'),
    origin,
  ])

async function payloads(): Promise<string[]> {
  const heard: string[] = []
  const client = new pg.Client({ connectionString: databaseUrl })
  client.on('notification', ({ payload }) => heard.push(payload ?? ''))
  await client.connect()
  onTeardown(() => client.end())
  await client.query('LISTEN tandem')
  return heard
}

const roomsOf = (payload: string) => {
  const change = Change.parse(JSON.parse(payload))
  return change.type === 'messages' ? change.rooms : []
}

test('one announcement holds all rooms of a batch', async () => {
  const ids = Array.from({ length: 100 }, () => randomUUID()).sort()
  await insertRooms(ids)
  const heard = await payloads()
  await insertBatch([...ids, ...ids], 'somebody#1')
  await waitFor(() => heard.length > 0)
  expect(heard.map((payload) => roomsOf(payload).sort())).toEqual([ids.map((id) => [id, 1, 2])])
})

test('a batch that does not fit into one announcement is announced in several, whatever its ids look like', async () => {
  // The longest ids there may be, of characters that JSON writes as two.
  const ids = Array.from({ length: 500 }, (_, i) => String(i).padEnd(64, i % 2 === 0 ? '\\' : '"'))
  await insertRooms(ids)
  const heard = await payloads()
  await insertBatch(ids, `socket:${randomUUID()}#2147483647`)
  await waitFor(() => heard.flatMap(roomsOf).length >= ids.length)
  expect(new Set(heard.flatMap(roomsOf).map(([id]) => id))).toEqual(new Set(ids))
  for (const payload of heard) expect(Buffer.byteLength(payload)).toBeLessThan(8_000)
})

test('who names no origin announces nothing', async () => {
  const id = randomUUID()
  await insertRooms([id])
  const heard = await payloads()
  await insertBatch([id], null)
  await insertBatch([id], 'somebody#1')
  await waitFor(() => heard.length > 0)
  expect(heard.map(roomsOf)).toEqual([[[id, 2, 2]]])
})

test('plans that were made for empty tables look each message up through its index when they are full', async () => {
  const ids = Array.from({ length: 50 }, () => randomUUID())
  await db.query('ALTER TABLE messages SET (autovacuum_enabled = off)')
  await insertRooms(ids)
  for (let i = 0; i < 10; i++) await insertBatch(ids.slice(0, 5), null)
  for (let i = 0; i < 100; i++) await insertBatch(ids, null)
  const { rows: before } = await readBySequentialScans()
  await insertBatch(ids, null)
  expect((await readBySequentialScans()).rows).toEqual(before)
})

/** Rows of `messages` that sequential scans have read so far. */
async function readBySequentialScans() {
  await db.query('SELECT pg_stat_force_next_flush()')
  return db.query(`SELECT seq_tup_read::int FROM pg_stat_user_tables WHERE relname = 'messages'`)
}
