import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { searchWords } from '@/contracts/searchWords'
import { PrismaSearch } from '@/lib/db/repositories/PrismaSearch'
import { createDatabases } from '@/server/createStorage'
import { silentLogger } from '@/services/shared/Logger'
import { tandemRows } from '../rows'
import { quantile } from '../statistics'
import type { Scenario } from './Scenario'

/** Of a typical person, of one in very many rooms. */
const IN_ROOMS = { usual: 100, many: 10_000 }
const IN_QUIET_ROOM = 300_000

/** From a word in every second message to one in a hundred thousand; a beginning, and several words. */
const questions = ['common', 'c', 'often', 'ofte mes', 'seldom', 'rare', 'common rare', 'hardlyever', 'nowhere', 'x7']

export const search: Scenario = {
  name: 'search',
  what: 'words, common and rare, in a million messages: of a person in a hundred rooms, of one in ten thousand, and of one whose only room, a large one, was silent while all the others wrote',
  async run({ testbed, rounds, size }) {
    const { databaseUrl = '' } = await testbed.tandem()
    await fill(databaseUrl, size(1_000_000, 20_000), size(IN_ROOMS.many, 200), size(IN_QUIET_ROOM, 10_000))
    const databases = createDatabases({ databaseUrl, databasePoolSize: 1 }, 'bench', silentLogger)
    try {
      const asked = new PrismaSearch(databases.db)
      const msOf = async (userId: string) => {
        const times: number[] = []
        for (let turn = 0; turn < 5; turn += 1) {
          for (const query of questions) {
            const begun = performance.now()
            await asked.find(userId, { words: searchWords(query) })
            times.push(performance.now() - begun)
          }
        }
        return times
      }
      const figures: { usual: number[]; many: number[]; quiet: number[] }[] = []
      for (let round = 0; round < rounds; round += 1) {
        figures.push({ usual: await msOf('usual'), many: await msOf('many'), quiet: await msOf('quiet') })
      }
      return tandemRows('search', figures, [
        ['in a hundred rooms, ms p50', ({ usual }) => quantile(usual, 0.5), { atMost: 50 }],
        ['in a hundred rooms, ms p95', ({ usual }) => quantile(usual, 0.95)],
        ['in ten thousand rooms, ms p50', ({ many }) => quantile(many, 0.5)],
        ['in ten thousand rooms, ms p95', ({ many }) => quantile(many, 0.95)],
        ['in one large quiet room, ms p50', ({ quiet }) => quantile(quiet, 0.5), { atMost: 50 }],
        ['in one large quiet room, ms p95', ({ quiet }) => quantile(quiet, 0.95)],
      ])
    } finally {
      await databases.stop()
    }
  },
}

/**
 * Ten thousand rooms, in all of which `many` is, in every hundredth `usual`; and messages in turn, with their words as a
 * socket process would have written them down. Before all of them the messages of one more room, in which `quiet` is.
 */
async function fill(databaseUrl: string, messages: number, rooms: number, inQuietRoom: number): Promise<void> {
  const db = new pg.Client({ connectionString: databaseUrl })
  await db.connect()
  const writer = randomUUID()
  const { rows } = await db.query<{ made: string }>(
    `SELECT pg_get_indexdef('message_search_words_idx'::regclass) AS made`,
  )
  const perRoom = messages / rooms
  const step = rooms / Math.min(rooms, IN_ROOMS.usual)
  for (const [statement, values] of [
    [
      `INSERT INTO users (id, email, name) SELECT id, id || '@example.com', id FROM unnest(ARRAY['usual', 'many', 'quiet', $1]) AS id`,
      [writer],
    ],
    [
      `INSERT INTO rooms (id, kind, name, last_seq, last_rev) SELECT 'room' || n, 'group', 'Room', $1::int, $1::int FROM generate_series(1, $2::int) n
       UNION ALL SELECT 'room0', 'group', 'Room', $3::int, $3::int`,
      [perRoom, rooms, inQuietRoom],
    ],
    [
      `INSERT INTO participants (room_id, user_id) SELECT 'room' || n, 'many' FROM generate_series(1, $1::int) n
       UNION ALL SELECT 'room' || n, 'usual' FROM generate_series(1, $1::int, $2::int) n
       UNION ALL SELECT 'room0', 'quiet'`,
      [rooms, step],
    ],
    [
      `INSERT INTO messages (id, room_id, seq, rev, sender_id, client_id, message, created_at)
       SELECT 'm' || n, place.room_id, place.seq, place.seq, $3, 'c' || n,
         concat_ws(' ', 'a message of usual length x' || n % 1000, CASE WHEN n % 2 = 0 THEN 'common' END,
           CASE WHEN n % 29 = 0 THEN 'often' END, CASE WHEN n % 1009 = 0 THEN 'seldom' END,
           CASE WHEN n % 10007 = 0 THEN 'rare' END, CASE WHEN n % 100003 = 0 THEN 'hardlyever' END),
         now() - ($1::int - n) * interval '1 second'
       FROM generate_series(-$4::int, $1::int - 1) n
       CROSS JOIN LATERAL (
         SELECT 'room' || n % $2::int + 1 AS room_id, n / $2::int + 1 AS seq WHERE n >= 0
         UNION ALL SELECT 'room0', n + $4::int + 1 WHERE n < 0
       ) place`,
      [messages, rooms, writer, inQuietRoom],
    ],
    // Made at once it takes a tenth of the time.
    ['DROP INDEX message_search_words_idx', []],
    [
      `INSERT INTO message_search (message_id, room_id, created_at, rev, words)
       SELECT id, room_id, created_at, rev, array_to_tsvector(ARRAY(SELECT search_mark(room_id) || word FROM string_to_table(message, ' ') word))
       FROM messages ORDER BY created_at`,
      [],
    ],
    [rows[0]?.made ?? '', []],
    [`INSERT INTO search_positions (room_id, seq) SELECT id, last_seq FROM rooms`, []],
    ['ANALYZE', []],
  ] as const) {
    await db.query(statement, [...values])
  }
  await db.end()
}
