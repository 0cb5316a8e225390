/**
 * `pnpm bench:metrics`: what counting costs the socket server. Two processes, one that counts and one that does not, each
 * on a database of its own; the same load goes to one after the other, many times. Prints the CPU time of the server for
 * each message, and the median of the rounds' ratios.
 */
import { randomBytes } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { migrate } from '@/lib/db/migrate'
import { startGuarded } from '../support/guardedProcess'
import type { ClusterReady } from '../support/postgres/cluster'
import { databaseUrl } from '../support/postgres/databaseUrl'
import { Chatter } from './Chatter'
import { ServerProcess } from './ServerProcess'

const CLIENTS = 200
const ROUNDS = Number(process.env.ROUNDS ?? 12)
const MESSAGES = 4_000
/** Rounds that nobody measures: the compilers of both processes settle. */
const WARM_UPS = 3

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN

const migrationsDir = fileURLToPath(new URL('../../prisma/migrations', import.meta.url))
const sessionTokenSecret = randomBytes(32).toString('hex')
const cluster = await startGuarded<ClusterReady>(new URL('../support/postgres/cluster.ts', import.meta.url))

async function makeDatabase(name: string): Promise<string> {
  const client = new pg.Client({ connectionString: cluster.ready.url })
  await client.connect()
  await client.query(`CREATE DATABASE ${name}`)
  await client.end()
  const url = databaseUrl(cluster.ready.url, name)
  await migrate({ databaseUrl: url, migrationsDir })
  return url
}

async function side(name: string, isCounting: boolean) {
  const url = await makeDatabase(name)
  const server = await ServerProcess.start({ databaseUrl: url, sessionTokenSecret, isCounting })
  const chatter = await Chatter.connect({ url: server.url, databaseUrl: url, sessionTokenSecret, clients: CLIENTS })
  return {
    stop: async () => {
      chatter.leave()
      await server.stop()
    },
    /** Microseconds of the server's CPU time for each message of one round. */
    measure: async (): Promise<number> => {
      const before = await server.cpuMicros()
      await chatter.send(MESSAGES)
      return ((await server.cpuMicros()) - before) / MESSAGES
    },
  }
}

const off = await side('bench_off', false)
const on = await side('bench_on', true)
try {
  for (let i = 0; i < WARM_UPS; i++) for (const one of [off, on]) await one.measure()
  const rounds: { off: number; on: number }[] = []
  for (let i = 0; i < ROUNDS; i++) {
    // Who goes first alternates: whatever changes during the run meets both alike.
    const first = i % 2 === 0 ? 'off' : 'on'
    const measured = { off: 0, on: 0 }
    for (const name of first === 'off' ? (['off', 'on'] as const) : (['on', 'off'] as const)) {
      measured[name] = await { off, on }[name].measure()
    }
    rounds.push(measured)
  }
  const micros = (name: 'off' | 'on') => median(rounds.map((round) => round[name])).toFixed(1)
  const ratios = rounds.map((round) => round.on / round.off)
  console.log(
    `CPU of the server for each message, median of ${ROUNDS} rounds of ${MESSAGES} messages, ${CLIENTS} clients:`,
  )
  console.log(`  without counting ${micros('off')} µs, with it ${micros('on')} µs`)
  console.log(
    `  ratio in the same round: median ${median(ratios).toFixed(3)}, all ${ratios.map((r) => r.toFixed(2)).join(' ')}`,
  )
} finally {
  await Promise.all([off.stop(), on.stop()])
  await cluster.stop()
}
