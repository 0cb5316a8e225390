/**
 * `pnpm bench:metrics`: what counting costs the socket server, in CPU time for each message.
 *
 * Four servers in one process, each with a database and clients of its own: two that count and two that do not
 * (`isCounting: false`, the only way to have it off: nothing is told of commands, connections, commits or packets). The
 * same load goes to one after the other, in changing order, many times. Two processes with the same program differ by
 * several percent from the start, which is more than what is looked for; within one process they share code, heap and
 * machine. Servers of the same kind are compared too: what these differ by is noise.
 *
 * Not in the difference: what runs in any case and costs the same however many messages there are (Node's own metrics,
 * the event loop's watch, a sample each 5 s), and answering `/metrics`, which `pnpm bench:health` measures.
 */
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { migrate } from '@/lib/db/migrate'
import { startGuarded } from '../../support/guardedProcess'
import { databaseUrl } from '../../support/postgres/databaseUrl'
import type { PostgresReady } from '../../support/processes/holdPostgres'
import { median, medianInterval } from '../statistics'
import { Chatter } from './Chatter'
import { ServerProcess } from './ServerProcess'

const CLIENTS = 200
/** Many short ones: whatever else disturbs the machine for a second then meets all, or few of them. */
const ROUNDS = Number(process.env.ROUNDS ?? 80)
/** To each server in each round. */
const MESSAGES = Number(process.env.MESSAGES ?? 600)
/** Rounds that nobody measures: the compiler settles. */
const WARM_UPS = 12
/** What counting may cost: the median ratio must be below. */
const LIMIT = 1.05

const names = ['off1', 'on1', 'off2', 'on2'] as const
type Round = Record<(typeof names)[number], number>

const migrationsDir = fileURLToPath(new URL('../../../prisma/migrations', import.meta.url))
const sessionTokenSecret = randomBytes(32).toString('hex')

/** How long a disk takes says nothing of the server, and would decide how many messages share a transaction. */
async function withoutDisk(clusterUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: clusterUrl })
  await client.connect()
  await client.query('ALTER SYSTEM SET fsync = off')
  await client.query('SELECT pg_reload_conf()')
  await client.end()
}

async function makeDatabase(clusterUrl: string, name: string): Promise<string> {
  const client = new pg.Client({ connectionString: clusterUrl })
  await client.connect()
  await client.query(`CREATE DATABASE ${name}`)
  await client.end()
  const url = databaseUrl(clusterUrl, name)
  await migrate({ databaseUrl: url, migrationsDir })
  return url
}

/** Everybody's turn comes equally often at each place, and after each of the others. */
function orderOf(round: number): (typeof names)[number][] {
  const order = round % 2 === 0 ? [...names] : [...names].reverse()
  const first = Math.floor(round / 2) % order.length
  return [...order.slice(first), ...order.slice(0, first)]
}

const percent = (ratio: number) => `${ratio >= 1 ? '+' : ''}${((ratio - 1) * 100).toFixed(1)} %`

function line(title: string, ratios: readonly number[]): string {
  const [low, high] = medianInterval(ratios)
  const interval = `95 % interval ${low.toFixed(3)} to ${high.toFixed(3)}`
  const extremes = `rounds ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`
  return `  ${title} ${median(ratios).toFixed(3)} (${percent(median(ratios))}), ${interval}, ${extremes}`
}

function print(rounds: readonly Round[]): boolean {
  const micros = (...of: (keyof Round)[]) => median(rounds.flatMap((round) => of.map((name) => round[name]))).toFixed(1)
  const ratio = rounds.map((round) => (round.on1 + round.on2) / (round.off1 + round.off2))
  console.log(
    `CPU of the server for each message, ${ROUNDS} rounds of ${MESSAGES} messages to each of four servers, ${CLIENTS} clients in rooms of two:`,
  )
  console.log(`  without counting ${micros('off1', 'off2')} µs, with it ${micros('on1', 'on2')} µs`)
  console.log(line('on / off: median', ratio))
  console.log('The same kind against itself, which is noise:')
  console.log(
    line(
      'off / off: median',
      rounds.map(({ off1, off2 }) => off2 / off1),
    ),
  )
  console.log(
    line(
      'on / on:   median',
      rounds.map(({ on1, on2 }) => on2 / on1),
    ),
  )
  const isMet = median(ratio) < LIMIT
  console.log(`Limit: on / off below ${LIMIT}: ${isMet ? 'met' : 'NOT MET'}`)
  return isMet
}

const cluster = await startGuarded<PostgresReady>(new URL('../../support/processes/holdPostgres.ts', import.meta.url))
try {
  await withoutDisk(cluster.ready.url)
  const databases: string[] = []
  for (const name of names) databases.push(await makeDatabase(cluster.ready.url, `bench_${name}`))
  const server = await ServerProcess.start(
    names.map((name, i) => ({
      databaseUrl: databases[i] ?? '',
      sessionTokenSecret,
      isCounting: name.startsWith('on'),
    })),
  )
  const chatters: Chatter[] = []
  for (const [i, url] of server.urls.entries()) {
    chatters.push(await Chatter.connect({ url, databaseUrl: databases[i] ?? '', sessionTokenSecret, clients: CLIENTS }))
  }
  /** Microseconds of the server's CPU time for each message of one round. */
  const measure = async (name: (typeof names)[number]): Promise<number> => {
    const before = await server.cpuMicros()
    await chatters[names.indexOf(name)]?.send(MESSAGES)
    return ((await server.cpuMicros()) - before) / MESSAGES
  }
  const rounds: Round[] = []
  for (let i = 0; i < WARM_UPS + ROUNDS; i++) {
    const round: Round = { off1: 0, on1: 0, off2: 0, on2: 0 }
    for (const name of orderOf(i)) round[name] = await measure(name)
    if (i >= WARM_UPS) rounds.push(round)
  }
  process.exitCode = print(rounds) ? 0 : 1
  for (const chatter of chatters) chatter.leave()
  await server.stop()
} finally {
  await cluster.stop()
}
