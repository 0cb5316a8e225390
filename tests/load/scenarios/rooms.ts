import pg from 'pg'
import { cpuSeconds } from '../cpuTime'
import { type Bench, measureLoad, spread } from '../measure'
import { makePeople, type Talker } from '../peers/people'
import { tandemRows } from '../rows'
import { quantile } from '../statistics'
import type { Scenario } from './Scenario'

export const group: Scenario = {
  name: 'group',
  what: 'a group of 1,000 people, 200 of them connected, 10 messages a second: until the last of them has it',
  async run(bench) {
    const { testbed, rounds, seconds, size } = bench
    const peer = await testbed.tandem()
    const members = await makePeople(peer.databaseUrl, size(1_000, 20), 'one room')
    const people = members.slice(0, size(200, 8))
    await testbed.generators.connect(peer.id, spread(people, peer.urls))
    const side = { peer, people, listeners: people.length }
    const load = { pace: { perSecond: 10 }, seconds, mix: ['sendMessage'], talkers: size(20, 4) }
    await measureLoad(bench, side, load) // not counted: the compiler's
    const figures = []
    while (figures.length < rounds) {
      const slice = await measureLoad(bench, side, load)
      if (slice.missing !== 0) throw new Error(`${slice.missing} receipts of ${slice.messages} messages did not come.`)
      figures.push(slice)
    }
    return tandemRows('group', figures, [
      ['acknowledged, p50 ms', ({ acknowledgedMs }) => acknowledgedMs.p50],
      ['heard by each, p50 ms', ({ deliveredMs }) => deliveredMs.p50],
      ['heard by each, p99 ms', ({ deliveredMs }) => deliveredMs.p99, { atMost: 300 }],
      ['CPU of the server, µs a message', ({ micros }) => micros.server],
    ])
  },
}

const MESSAGES = { small: 50, large: 200_000 }

export const history: Scenario = {
  name: 'history',
  what: 'people who open a room of 200,000 messages, and people who open one of fifty',
  async run(bench) {
    const { testbed, rounds, size } = bench
    const peer = await testbed.tandem()
    const count = size(100, 4)
    const crowds = {
      small: await makePeople(peer.databaseUrl, count, 'one room'),
      large: await makePeople(peer.databaseUrl, count, 'one room'),
    }
    await fill(peer.databaseUrl ?? '', crowds.small, MESSAGES.small)
    await fill(peer.databaseUrl ?? '', crowds.large, size(MESSAGES.large, 500))
    for (const [name, people] of Object.entries(crowds))
      await testbed.generators.connect(name, spread(people, peer.urls))
    const open = (name: keyof typeof crowds) => openRoom(bench, name, [...peer.pids, testbed.postmaster])
    const figures = []
    for (let round = -1; round < rounds; round += 1) {
      const found = { small: await open('small'), large: await open('large') }
      if (round >= 0) figures.push(found)
    }
    return tandemRows('history', figures, [
      ['a room of fifty messages opens in, p50 ms', ({ small }) => small.ms],
      ['one of 200,000, p50 ms', ({ large }) => large.ms],
      ['CPU of server and database, large ÷ small', ({ small, large }) => large.cpu / small.cpu, { atMost: 1.25 }],
    ])
  },
}

/** Everybody once, one after the other. */
async function openRoom({ testbed }: Bench, crowd: string, pids: readonly number[]) {
  const before = cpuSeconds(pids)
  const answers = await testbed.generators.ask(crowd, '/chat', 'joinRoom', ({ roomId }) => ({ roomId }))
  const got = answers[0]?.text.match(/"clientId":/g)?.length
  // The newest fifty; the last of them stands in the room as well.
  if (got !== 51) throw new Error(`A room was opened with ${got} messages.`)
  return {
    ms: quantile(
      answers.map(({ ms }) => ms),
      0.5,
    ),
    cpu: cpuSeconds(pids) - before,
  }
}

async function fill(databaseUrl: string, [writer]: readonly Talker[], messages: number): Promise<void> {
  const db = new pg.Client({ connectionString: databaseUrl })
  await db.connect()
  const room = [writer?.roomId, messages]
  await db.query(
    `INSERT INTO messages (id, room_id, seq, rev, sender_id, client_id, message)
     SELECT gen_random_uuid()::text, $1, n, n, $3, $1 || n, 'A message of a usual length, as people write them.'
     FROM generate_series(1, $2::int) AS n`,
    [...room, writer?.userId],
  )
  await db.query('UPDATE rooms SET last_seq = $2, last_rev = $2, changed_at = now() WHERE id = $1', room)
  await db.query('ANALYZE')
  await db.end()
}
