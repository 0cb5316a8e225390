import pg from 'pg'
import { cpuSeconds } from '../cpuTime'
import type { Bench } from '../measure'
import { spread } from '../measure'
import { makePeople, type Talker } from '../peers/people'
import { tandemRows } from '../rows'
import type { Scenario } from './Scenario'

const MISSED = 500

export const catchup: Scenario = {
  name: 'catchup',
  what: 'people who come back 500 messages late: three pages of syncRooms each',
  async run(bench) {
    const { testbed, rounds, size } = bench
    const peer = await testbed.tandem()
    const people = await makePeople(peer.databaseUrl, size(100, 4), 'pairs')
    await insertMessages(peer.databaseUrl ?? '', people)
    await testbed.generators.connect(peer.id, spread(people, peer.urls))
    const figures: { waitedMs: number; serverMs: number; postgresMs: number }[] = []
    for (let round = -1; round < rounds; round += 1) {
      const before = { server: cpuSeconds(peer.pids), postgres: cpuSeconds([testbed.postmaster]) }
      const waitedMs = await catchUp(bench, peer.id, people)
      const serverMs = ((cpuSeconds(peer.pids) - before.server) * 1e3) / people.length
      const postgresMs = ((cpuSeconds([testbed.postmaster]) - before.postgres) * 1e3) / people.length
      if (round >= 0) figures.push({ waitedMs, serverMs, postgresMs })
    }
    return tandemRows('catchup', figures, [
      ['500 messages, ms from question to last answer', ({ waitedMs }) => waitedMs],
      ['CPU of the server, ms', ({ serverMs }) => serverMs],
      ['CPU of PostgreSQL, ms', ({ postgresMs }) => postgresMs],
      ['server time: both, ms', ({ serverMs, postgresMs }) => serverMs + postgresMs, { atMost: 30 }],
    ])
  },
}

/** Everybody, one after the other, until nothing is missing. Resolves with how long it took each, in milliseconds. */
async function catchUp({ testbed }: Bench, crowd: string, people: readonly Talker[]): Promise<number> {
  let ms = 0
  for (let have = 0; have < MISSED; have += 200) {
    const answers = await testbed.generators.ask(crowd, '/chat', 'syncRooms', ({ roomId }) => ({
      rooms: { [roomId]: have },
    }))
    ms += answers.reduce((sum, answer) => sum + answer.ms, 0)
    const expected = Math.min(200, MISSED - have)
    const got = answers[0]?.text.match(/"clientId":/g)?.length
    if (got !== expected) throw new Error(`A page of the catch-up holds ${got} messages, not ${expected}.`)
  }
  return ms / people.length
}

async function insertMessages(databaseUrl: string, people: readonly Talker[]): Promise<void> {
  const db = new pg.Client({ connectionString: databaseUrl })
  await db.connect()
  const writers = people.filter((_, i) => i % 2 === 0)
  await db.query(
    `INSERT INTO messages (id, room_id, seq, rev, sender_id, client_id, message)
     SELECT gen_random_uuid()::text, room, n, n, sender, room || n, 'A message of a usual length, as people write them.'
     FROM unnest($1::text[], $2::text[]) AS w(room, sender), generate_series(1, $3) AS n`,
    [writers.map(({ roomId }) => roomId), writers.map(({ userId }) => userId), MISSED],
  )
  await db.query('UPDATE rooms SET last_seq = $1, last_rev = $1, changed_at = now()', [MISSED])
  await db.query('ANALYZE')
  await db.end()
}
