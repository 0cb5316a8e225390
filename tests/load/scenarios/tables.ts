import { randomUUID } from 'node:crypto'
import pg from 'pg'
import type { Asked } from '../generator/protocol'
import { connectPeople, measureLoad, spread } from '../measure'
import { makePeople } from '../peers/people'
import { tandemRows } from '../rows'
import { median } from '../statistics'
import type { Scenario } from './Scenario'

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)

export const fresh: Scenario = {
  name: 'fresh',
  what: 'a new database for 60 s, 4 messages in flight: the last 10 s beside the first',
  async run(bench) {
    const side = await connectPeople(bench, await bench.testbed.tandem(), bench.size(200, 8), 'pairs')
    const seconds = bench.size(60, 2)
    const { inEachSecond } = await measureLoad(bench, side, { pace: { inFlight: 4 }, seconds, mix: ['sendMessage'] })
    const part = Math.ceil(seconds / 6)
    // The first second is the compiler's.
    const first = sum(inEachSecond.slice(1, part + 1)) / part
    const last = sum(inEachSecond.slice(-part)) / part
    return tandemRows(
      'fresh',
      [{ first, last }],
      [
        ['first 10 s, messages/s', (round) => round.first],
        ['last 10 s, messages/s', (round) => round.last],
        ['last ÷ first', (round) => round.last / round.first, { atLeast: 0.9 }],
      ],
    )
  },
}

/** Pages of heads asked for in a round. */
const QUESTIONS = 5

export const filled: Scenario = {
  name: 'filled',
  what: 'a database of a million messages in 100,000 rooms, one person in 10,000 of them',
  async run(bench) {
    const { testbed, rounds, seconds, size } = bench
    const peer = await testbed.tandem()
    const rooms = size(100_000, 200)
    const { busyUser, bytes } = await fill(peer.databaseUrl ?? '', rooms, rooms / 10)
    const side = await connectPeople(bench, peer, size(200, 8), 'pairs')
    const load = { pace: { inFlight: 4 }, seconds, mix: ['sendMessage'] }
    await measureLoad(bench, side, load)
    const busy = `${peer.id}-busy`
    const figures: { perSecond: number; connectMs: number; headsMs: number }[] = []
    while (figures.length < rounds) {
      const { perSecond } = await measureLoad(bench, side, load)
      const connectMs = (await testbed.generators.connect(busy, spread([busyUser], peer.urls))) * 1_000
      const asked: Asked[] = []
      while (asked.length < QUESTIONS) {
        asked.push(...(await testbed.generators.ask(busy, '/chat', 'ping', () => ({ paged: true }))))
      }
      await testbed.generators.disconnect(busy)
      figures.push({ perSecond, connectMs, headsMs: median(asked.map(({ ms }) => ms)) })
    }
    return [
      ...tandemRows('filled', figures, [
        ['messages/s, 4 in flight', ({ perSecond }) => perSecond],
        ['who is in 10,000 rooms connects, ms', ({ connectMs }) => connectMs],
        ['their first page of heads, ms', ({ headsMs }) => headsMs, { atMost: 10 }],
      ]),
      ...tandemRows(
        'filled',
        [bytes],
        [['disk, bytes a message (indexes and a tenth of a room with it)', (each) => each]],
      ),
    ]
  },
}

/** Ten messages a room; the rooms' members are drawn from so many people as there are rooms ÷ 5. */
async function fill(databaseUrl: string, rooms: number, ofBusy: number) {
  const [busyUser] = await makePeople(databaseUrl, 2, 'pairs')
  if (!busyUser) throw new Error('Nobody was made.')
  const db = new pg.Client({ connectionString: databaseUrl })
  await db.connect()
  const people = Math.ceil(rooms / 5)
  await db.query(
    `INSERT INTO users (id, email, name) SELECT 'filled-' || n, n || '@filled.example.com', 'Filled ' || n
     FROM generate_series(0, $1 - 1) AS n`,
    [people],
  )
  const before = await sizeOf(db)
  await db.query(
    `INSERT INTO rooms (id, kind, name, last_seq, last_rev) SELECT 'filled-' || n, 'group', 'Room ' || n, 10, 10
     FROM generate_series(1, $1) AS n`,
    [rooms],
  )
  await db.query(
    `INSERT INTO participants (room_id, user_id)
     SELECT 'filled-' || n, CASE WHEN n <= $2 AND side = 0 THEN $3 ELSE 'filled-' || ((n + side * 7) % $1) END
     FROM generate_series(1, $4) AS n, generate_series(0, 1) AS side`,
    [people, ofBusy, busyUser.userId, rooms],
  )
  await db.query(
    `INSERT INTO messages (id, room_id, seq, rev, sender_id, client_id, message)
     SELECT gen_random_uuid()::text, 'filled-' || n, seq, seq, 'filled-' || ((n + 7) % $1), $3 || n || '-' || seq,
       'A message of a usual length, as people write them.'
     FROM generate_series(1, $2) AS n, generate_series(1, 10) AS seq`,
    [people, rooms, randomUUID()],
  )
  const bytes = ((await sizeOf(db)) - before) / (rooms * 10)
  await db.query('ANALYZE')
  await db.end()
  return { busyUser, bytes }
}

async function sizeOf(db: pg.Client): Promise<number> {
  const { rows } = await db.query<{ bytes: string }>('SELECT pg_database_size(current_database()) AS bytes')
  return Number(rows[0]?.bytes)
}
