/**
 * `pnpm bench:commits`: what NOTIFY costs the commits themselves, without sockets and servers. So many instances store
 * 1,000 messages a second together, each one batch at a time, into rooms of two whose members are on different instances;
 * once with an announcement in each transaction and once without. FLUSH_MS as in bench:bus, several with commas.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { GroupCommit } from '@/services/chat/GroupCommit'
import { Postgres } from '../support/processes/Postgres'
import { insertDirectRoom, insertPeople } from '../support/workload/people'
import { serversOf } from './BusFleet'
import { cpuSeconds, parentOf } from './cpuTime'
import { quantile } from './statistics'

const INSTANCES = (process.env.SERVERS ?? '4,8').split(',').map(Number)
const FLUSHES_MS = (process.env.FLUSH_MS ?? '0,2,5').split(',').map(Number)
const RATE = Number(process.env.RATE ?? 1_000)
const SECONDS = Number(process.env.SECONDS ?? 3)
const PAIRS = 100

interface Pair {
  roomId: string
  people: readonly [string, string]
}
interface Item {
  id: string
  roomId: string
  senderId: string
}

const say = (text: string) => void process.stdout.write(`${text}\n`)

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return client
}

/** One instance's group commit, on a connection of its own. `origin` null: it announces nothing. */
function groupCommit(client: pg.Client, origin: string | null, onBatch: () => void) {
  return new GroupCommit<Item, true>({
    commit: async (batch) => {
      const column = (pick: (item: Item) => string) => batch.map(pick)
      await client.query({
        name: 'insert',
        text: 'SELECT * FROM insert_messages($1, $2, $3, $4, $5, $6)',
        values: [
          ...[column(({ id }) => id), column(({ roomId }) => roomId), column(({ senderId }) => senderId)],
          ...[column(({ id }) => id), column(() => 'A message of a usual length, as people write them.'), origin],
        ],
      })
      return batch.map(() => true)
    },
    ...{ maxBatch: 500, maxQueue: 10_000, maxWaitMs: 20_000, onBatch },
  })
}

async function run(url: string, postmaster: number, pairs: readonly Pair[], instances: number, isAnnounced: boolean) {
  const clients = await Promise.all(Array.from({ length: instances * 2 }, () => connect(url)))
  const [writers, listeners] = [clients.slice(0, instances), clients.slice(instances)]
  for (const listener of listeners) await listener.query('LISTEN tandem')
  let commits = 0
  const queues = writers.map((writer, i) => groupCommit(writer, isAnnounced ? `${i}` : null, () => void commits++))
  const took: number[] = []
  const sends: Promise<void>[] = []
  const [cpuBefore, begun] = [cpuSeconds([postmaster]), performance.now()]
  for (let sent = 0; performance.now() - begun < SECONDS * 1_000; await delay(1)) {
    for (; sent < ((performance.now() - begun) / 1_000) * RATE; sent++) {
      const place = Math.floor(Math.random() * pairs.length)
      const side = Math.random() < 0.5 ? 0 : 1
      const pair = pairs[place]
      const queue = queues[serversOf(place, instances)[side]]
      if (!pair || !queue) throw new Error('There is no such pair.')
      const at = performance.now()
      const stored = queue.add({ id: randomUUID(), roomId: pair.roomId, senderId: pair.people[side] })
      sends.push(stored.then(() => void took.push(performance.now() - at)))
    }
  }
  await Promise.all(sends)
  const seconds = (performance.now() - begun) / 1_000
  const cpu = ((cpuSeconds([postmaster]) - cpuBefore) / sends.length) * 1_000
  await Promise.all(clients.map((client) => client.end()))
  say(
    `  ${instances} instances, ${isAnnounced ? 'announced' : 'silent   '}: ${(sends.length / seconds).toFixed(0)} messages/s, ` +
      `${(commits / seconds).toFixed(0)} commits/s, stored after p50 ${quantile(took, 0.5).toFixed(1)} ms, ` +
      `p99 ${quantile(took, 0.99).toFixed(1)} ms; PostgreSQL ${cpu.toFixed(3)} s of CPU for 1,000`,
  )
}

const postgres = await Postgres.start()
const db = new pg.Pool({ connectionString: postgres.url, max: 1 })
try {
  const { rows } = await db.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  const postmaster = parentOf(rows[0]?.pid ?? 0)
  const people = await insertPeople(
    db,
    Array.from({ length: PAIRS * 2 }, (_, i) => `Talker ${i}`),
  )
  const pairs: Pair[] = []
  for (let i = 0; i < PAIRS; i++) {
    const [one, other] = people.slice(i * 2, i * 2 + 2)
    if (!one || !other) throw new Error('People were asked for.')
    pairs.push({ roomId: await insertDirectRoom(db, one, other), people: [one.id, other.id] })
  }
  await db.query('ALTER SYSTEM SET commit_siblings = 0')
  for (const flushMs of FLUSHES_MS) {
    await db.query(`ALTER SYSTEM SET commit_delay = ${flushMs * 1_000}`)
    await db.query('SELECT pg_reload_conf()')
    say(`Each flush ${flushMs} ms longer:`)
    for (const instances of INSTANCES) {
      for (const isAnnounced of [false, true, false, true])
        await run(postgres.url, postmaster, pairs, instances, isAnnounced)
    }
  }
} finally {
  await db.end()
  await postgres.stop()
}
process.exit(0)
