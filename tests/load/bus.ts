/**
 * `pnpm bench:bus`: what it costs that several socket servers hear of each other's messages, by Redis and by PostgreSQL's
 * NOTIFY alone.
 *
 * For each number of servers there are three fleets at the same time, each with a database and people of its own: one
 * server without any bus (the yardstick), servers with Redis, servers without it. The same load goes to one after the
 * other, in changing order: first as fast as each person is answered, one message at a time, then at one pace for all
 * fleets. Two kinds of conversation: `pairs`, rooms of two who sit on different servers, and `crowd`, one room of all.
 *
 * Latency is from sending to the receipt by somebody on another server. CPU time is that of the servers, of PostgreSQL
 * with all its processes, and of redis-server. Clients, servers and databases share this machine, so only ratios within
 * one run mean something; the column `clients` says how many cores the load itself took, `others` whoever else was busy,
 * `stolen` what a virtual machine's host kept from it.
 *
 * FLUSH_MS makes each flush of the database's log take so much longer, as a slower disk or a synchronous replica does.
 */
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { Postgres } from '../support/processes/Postgres'
import { RedisServer } from '../support/redis/RedisServer'
import { type Bus, BusFleet, bundleServer, TalkersProcess } from './BusFleet'
import type { Collected, RunAnswer } from './busTalkers'
import { cpuSeconds, machineSeconds, parentOf } from './cpuTime'
import { median, quantile } from './statistics'

const PEOPLE = 200
const SERVERS = (process.env.SERVERS ?? '1,2,4,8').split(',').map(Number)
const KINDS = (process.env.KINDS ?? 'pairs,crowd').split(',')
const ROUNDS = Number(process.env.ROUNDS ?? 5)
/** Of one fleet's turn, in seconds. */
const SECONDS = Number(process.env.SECONDS ?? 4)
/** Of the least capacity of the fleets, for all of them. */
const PACES = (process.env.PACES ?? '0.6').split(',').map(Number)
const FLUSH_MS = Number(process.env.FLUSH_MS ?? 0)
/** However it goes, it ends. */
const MOST_MINUTES = Number(process.env.MINUTES ?? 45)
const TALKER_PROCESSES = 2
const RECEIPTS_MS = 15_000

interface Turn {
  servers: number
  kind: string
  pace: 'closed' | 'paced'
  bus: Bus
  perSecond: number
  p50: number
  p99: number
  /** Receipts that did not come in time; below 0: that came twice. */
  missing: number
  refused: number
  /** Seconds of CPU time for 1,000 messages. */
  cpu: { servers: number; postgres: number; redis: number; total: number }
  /** Cores. */
  clients: number
  others: number
  stolen: number
  idle: number
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)
const say = (text: string) => void process.stdout.write(`${text}\n`)

/** What is under way when this process ends, ends with it: they all hear that their channel closes. */
setTimeout(() => {
  say(`Not done after ${MOST_MINUTES} minutes: given up.`)
  process.exit(1)
}, MOST_MINUTES * 60_000).unref()

class Bench {
  constructor(
    private readonly fleets: readonly BusFleet[],
    private readonly servers: number,
    private readonly talkers: readonly TalkersProcess[],
    private readonly pids: { postmaster: number; redis: number },
  ) {}

  /** One fleet's turn. `rate`: messages a second of all; null: each as fast as they are answered. */
  async turn(fleet: BusFleet, kind: string, rate: number | null): Promise<Turn> {
    await Promise.all(this.talkers.map((some) => some.ask({ type: 'turn', fleet: fleet.bus })))
    const before = this.clocks(fleet)
    const run = { type: 'run' as const, fleet: fleet.bus, kind, seconds: SECONDS }
    const share = rate === null ? null : rate / this.talkers.length
    const answers = await Promise.all(this.talkers.map((some) => some.ask<RunAnswer>({ ...run, rate: share })))
    const acked = sum(answers.map((answer) => answer.acked))
    const expected = acked * (kind === 'pairs' ? 2 : PEOPLE)
    await this.untilReceived(expected)
    const after = this.clocks(fleet)
    const collected = await Promise.all(this.talkers.map((some) => some.ask<Collected>({ type: 'collect' })))
    const latencies = collected.flatMap((each) => each.latencies)
    const used = (of: Exclude<keyof typeof before, 'at'>) => after[of] - before[of]
    const cores = (seconds: number) => seconds / (after.at - before.at)
    const per1000 = (seconds: number) => (seconds / acked) * 1_000
    const ours = used('servers') + used('postgres') + used('redis')
    return {
      ...{ servers: this.servers, kind, pace: rate === null ? 'closed' : 'paced', bus: fleet.bus },
      perSecond: acked / Math.max(...answers.map((answer) => answer.seconds)),
      p50: quantile(latencies, 0.5),
      p99: quantile(latencies, 0.99),
      missing: expected - sum(collected.map((each) => each.receipts)),
      refused: sum(collected.map((each) => each.refused)),
      cpu: {
        servers: per1000(used('servers')),
        postgres: per1000(used('postgres')),
        redis: per1000(used('redis')),
        total: per1000(ours),
      },
      clients: cores(used('clients')),
      others: cores(used('busy') - ours - used('clients')),
      stolen: cores(used('stolen')),
      idle: cores(used('idle')),
    }
  }

  /** Everybody's turn comes equally often at each place. */
  async rounds(kind: string, rate: number | null): Promise<Turn[]> {
    const turns: Turn[] = []
    for (let round = 0; round < ROUNDS; round++) {
      for (let i = 0; i < this.fleets.length; i++) {
        const fleet = this.fleets[(i + round) % this.fleets.length]
        if (fleet) turns.push(await this.turn(fleet, kind, rate))
      }
    }
    return turns
  }

  async warmUp(kind: string): Promise<void> {
    for (const fleet of this.fleets) await this.turn(fleet, kind, null)
  }

  private clocks(fleet: BusFleet) {
    return {
      at: performance.now() / 1_000,
      servers: cpuSeconds(fleet.pids),
      postgres: cpuSeconds([this.pids.postmaster]),
      redis: cpuSeconds([this.pids.redis]),
      clients: cpuSeconds([...this.talkers.map(({ pid }) => pid)]),
      ...machineSeconds(),
    }
  }

  private async untilReceived(expected: number): Promise<void> {
    const until = performance.now() + RECEIPTS_MS
    for (;;) {
      const counts = await Promise.all(this.talkers.map((some) => some.ask<{ receipts: number }>({ type: 'receipts' })))
      if (sum(counts.map(({ receipts }) => receipts)) >= expected || performance.now() > until) return
      await delay(20)
    }
  }
}

/** The median of a fleet's turns. */
function middle(turns: readonly Turn[], of: (turn: Turn) => number): number {
  return median(turns.map(of))
}

function print(turns: readonly Turn[]): void {
  const [first] = turns
  if (!first) return
  say(`\n${first.servers} server(s), ${first.kind}, ${first.pace}: medians of ${ROUNDS} rounds of ${SECONDS} s`)
  const titles = ['bus', 'msg/s', 'p50 ms', 'p99 ms', 'CPU s/1000', 'servers', 'postgres', 'redis']
  say(
    [...titles, 'clients', 'others', 'stolen', 'idle', 'missing', 'refused']
      .map((title) => title.padStart(10))
      .join(' '),
  )
  for (const bus of ['nothing', 'redis', 'notify'] as const) {
    const some = turns.filter((turn) => turn.bus === bus)
    const figures = [
      middle(some, (turn) => turn.perSecond).toFixed(0),
      middle(some, (turn) => turn.p50).toFixed(1),
      middle(some, (turn) => turn.p99).toFixed(1),
      ...(['total', 'servers', 'postgres', 'redis'] as const).map((of) =>
        middle(some, (turn) => turn.cpu[of]).toFixed(3),
      ),
      ...(['clients', 'others', 'stolen', 'idle'] as const).map((of) => middle(some, (turn) => turn[of]).toFixed(2)),
      String(sum(some.map((turn) => turn.missing))),
      String(sum(some.map((turn) => turn.refused))),
    ]
    say([bus, ...figures].map((figure) => figure.padStart(10)).join(' '))
  }
}

/** How many announcements of messages a database makes from now on: with Redis at work there are none. */
async function countAnnouncements(databaseUrl: string): Promise<{ count: () => number; stop: () => Promise<void> }> {
  const client = new pg.Client({ connectionString: databaseUrl })
  let counted = 0
  client.on('notification', ({ payload }) => {
    if (payload?.includes('"messages"')) counted += 1
  })
  await client.connect()
  await client.query('LISTEN tandem')
  return { count: () => counted, stop: () => client.end() }
}

async function measure(servers: number, clusterUrl: string, redis: RedisServer, pids: Pids): Promise<Turn[]> {
  const sessionTokenSecret = randomBytes(32).toString('hex')
  const common = { people: PEOPLE, clusterUrl, redisUrl: redis.url, sessionTokenSecret, script: await bundleServer() }
  const fleets: BusFleet[] = []
  const talkers: TalkersProcess[] = []
  let announced: Awaited<ReturnType<typeof countAnnouncements>> | undefined
  try {
    fleets.push(await BusFleet.start({ ...common, bus: 'nothing', servers: 1 }))
    fleets.push(await BusFleet.start({ ...common, bus: 'redis', servers }))
    fleets.push(await BusFleet.start({ ...common, bus: 'notify', servers }))
    const pairs = Array.from({ length: PEOPLE / 2 }, (_, pair) => pair)
    for (let i = 0; i < TALKER_PROCESSES; i++) {
      // Both of a pair in the same process.
      const mine = pairs.filter((pair) => pair % TALKER_PROCESSES === i)
      const some = fleets.flatMap((fleet) => mine.flatMap((pair) => fleet.talkers.slice(pair * 2, pair * 2 + 2)))
      talkers.push(await TalkersProcess.start({ sessionTokenSecret, talkers: some }))
    }
    const bench = new Bench(fleets, servers, talkers, pids)
    const turns: Turn[] = []
    announced = await countAnnouncements(fleets[1]?.databaseUrl ?? '')
    for (const kind of KINDS) {
      await bench.warmUp(kind)
      await bench.warmUp(kind)
      const closed = await bench.rounds(kind, null)
      print(closed)
      const capacity = (bus: Bus) =>
        middle(
          closed.filter((turn) => turn.bus === bus),
          (turn) => turn.perSecond,
        )
      turns.push(...closed)
      const least = Math.min(...(['nothing', 'redis', 'notify'] as const).map(capacity))
      for (const pace of PACES) {
        const paced = await bench.rounds(kind, pace * least)
        print(paced)
        turns.push(...paced)
      }
    }
    if (announced.count() > 0)
      say(`With Redis, ${announced.count()} announcements were made all the same: it was in doubt.`)
    return turns
  } finally {
    await announced?.stop()
    await Promise.all(talkers.map((some) => some.stop()))
    await Promise.all(fleets.map((fleet) => fleet.stop()))
  }
}

type Pids = { postmaster: number; redis: number }

/** The server's own process ids, and how long a transaction of one row takes, in milliseconds. */
async function look(clusterUrl: string): Promise<{ postmaster: number; commitMs: number }> {
  const client = new pg.Client({ connectionString: clusterUrl })
  await client.connect()
  if (FLUSH_MS > 0) {
    await client.query(`ALTER SYSTEM SET commit_delay = ${FLUSH_MS * 1_000}`)
    await client.query('ALTER SYSTEM SET commit_siblings = 0')
    await client.query('SELECT pg_reload_conf()')
  }
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  const postmaster = parentOf(rows[0]?.pid ?? 0)
  await client.query('CREATE TABLE IF NOT EXISTS bench_commits (n int)')
  const took: number[] = []
  for (let n = 0; n < 200; n++) {
    const begun = performance.now()
    await client.query('INSERT INTO bench_commits VALUES ($1)', [n])
    took.push(performance.now() - begun)
  }
  await client.end()
  return { postmaster, commitMs: median(took) }
}

const postgres = await Postgres.start()
const redis = await RedisServer.start()
try {
  const { postmaster, commitMs } = await look(postgres.url)
  say(`A transaction of one row takes ${commitMs.toFixed(2)} ms.`)
  const turns: Turn[] = []
  for (const servers of SERVERS) {
    turns.push(...(await measure(servers, postgres.url, redis, { postmaster, redis: redis.pid })))
  }
  if (process.env.OUT) await writeFile(process.env.OUT, JSON.stringify(turns))
} finally {
  await redis.kill()
  await postgres.stop()
}
process.exit(0)
