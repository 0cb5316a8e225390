import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { migrate } from '@/lib/db/migrate'
import { buildForNode } from '../../scripts/support/build'
import { inProject } from '../../scripts/support/project'
import { databaseUrl } from '../support/postgres/databaseUrl'
import { insertDirectRoom, insertGroup, insertPeople } from '../support/workload/people'
import type { TalkerOptions, TalkersOptions, TalkersRequest } from './busTalkers'
import { ServerProcess } from './ServerProcess'

/** How servers hear of each other's messages; `nothing`: they do not, and no transaction announces anything. */
export type Bus = 'nothing' | 'redis' | 'notify'

export interface FleetOptions {
  bus: Bus
  servers: number
  people: number
  clusterUrl: string
  redisUrl: string
  sessionTokenSecret: string
  /** What `bundleServer` made. */
  script: string
}

/** Bundles serveSocket.ts, so that many of them start in little time; resolves with where it is. */
export async function bundleServer(): Promise<string> {
  const script = inProject('node_modules', '.cache', 'tandem-bench', 'serveSocket.mjs')
  await buildForNode(fileURLToPath(new URL('./serveSocket.ts', import.meta.url)), script)
  return script
}

/** Few: an embedded PostgreSQL takes a hundred connections from all fleets together. */
const POOL_SIZE = 3

const migrationsDir = fileURLToPath(new URL('../../prisma/migrations', import.meta.url))

/** Socket servers with a database of their own, and people in rooms of two (`pairs`) and in one of all (`crowd`). */
export class BusFleet {
  private constructor(
    readonly bus: Bus,
    readonly databaseUrl: string,
    readonly talkers: readonly TalkerOptions[],
    private readonly servers: readonly ServerProcess[],
  ) {}

  static async start(options: FleetOptions): Promise<BusFleet> {
    const { bus, sessionTokenSecret } = options
    const url = await makeDatabase(options.clusterUrl, `bus_${bus}_${options.servers}`, bus)
    const serving = {
      ...{ databaseUrl: url, sessionTokenSecret, isCounting: true, databasePoolSize: POOL_SIZE },
      ...(bus === 'redis' ? { redisUrl: options.redisUrl } : {}),
    }
    const servers: ServerProcess[] = []
    for (let i = 0; i < options.servers; i++) {
      servers.push(await ServerProcess.start([serving], { isPreferred: false, script: options.script }))
    }
    const urls = servers.map((server) => server.urls[0] ?? '')
    return new BusFleet(bus, url, await settle(url, options, urls), servers)
  }

  get pids(): number[] {
    return this.servers.map(({ pid }) => pid)
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()))
  }
}

async function makeDatabase(clusterUrl: string, name: string, bus: Bus): Promise<string> {
  const cluster = new pg.Client({ connectionString: clusterUrl })
  await cluster.connect()
  await cluster.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  await cluster.query(`CREATE DATABASE ${name}`)
  await cluster.end()
  const url = databaseUrl(clusterUrl, name)
  await migrate({ databaseUrl: url, migrationsDir })
  if (bus !== 'nothing') return url
  const db = new pg.Client({ connectionString: url })
  await db.connect()
  await db.query(
    'CREATE OR REPLACE FUNCTION announce(change jsonb, origin text) RETURNS void LANGUAGE sql AS $$ SELECT $$',
  )
  await db.end()
  return url
}

/** The two of a pair sit on different servers, each server's people talk with those of every other. */
export function serversOf(pair: number, servers: number): [number, number] {
  const one = pair % servers
  const step = servers > 1 ? 1 + (Math.floor(pair / servers) % (servers - 1)) : 0
  return [one, (one + step) % servers]
}

async function settle(url: string, options: FleetOptions, urls: readonly string[]): Promise<TalkerOptions[]> {
  const db = new pg.Pool({ connectionString: url, max: 2 })
  try {
    const names = Array.from({ length: options.people }, (_, i) => `Talker ${i}`)
    const people = await insertPeople(db, names)
    const crowd = await insertGroup(db, 'Everybody', people)
    const { rows } = await db.query<{ user_id: string; public_id: string }>('SELECT user_id, public_id FROM sessions')
    const sessionOf = new Map(rows.map((row) => [row.user_id, row.public_id]))
    const talkers: TalkerOptions[] = []
    for (let pair = 0; pair * 2 < people.length; pair++) {
      const [one, other] = people.slice(pair * 2, pair * 2 + 2)
      if (!one || !other) break
      const pairs = await insertDirectRoom(db, one, other)
      for (const [i, server] of serversOf(pair, urls.length).entries()) {
        const userId = (i === 0 ? one : other).id
        const sessionId = sessionOf.get(userId) ?? ''
        const rooms = { pairs, crowd }
        talkers.push({ fleet: options.bus, server, url: urls[server] ?? '', userId, sessionId, rooms })
      }
    }
    return talkers
  } finally {
    await db.end()
  }
}

/** A process with clients of all fleets. */
export class TalkersProcess {
  private readonly ended: Promise<never>

  private constructor(private readonly child: ChildProcess) {
    this.ended = once(child, 'exit').then(([code]) =>
      Promise.reject(new Error(`The talkers ended with exit code ${code}.`)),
    )
    this.ended.catch(() => {}) // said to whoever asks
  }

  static async start(options: TalkersOptions): Promise<TalkersProcess> {
    const child = fork(fileURLToPath(new URL('./busTalkers.ts', import.meta.url)), {
      execArgv: ['--import', 'tsx'],
      env: { ...process.env, NODE_ENV: 'production', TALKERS: JSON.stringify(options) },
    })
    const talkers = new TalkersProcess(child)
    await Promise.race([once(child, 'message'), talkers.ended])
    return talkers
  }

  get pid(): number {
    return this.child.pid ?? 0
  }

  async ask<Answer>(request: TalkersRequest): Promise<Answer> {
    const answer = once(this.child, 'message')
    this.child.send(request)
    const [message] = await Promise.race([answer, this.ended])
    return message as Answer // as busTalkers.ts answers this type of request
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit')
    this.child.disconnect()
    await ended
  }
}
