import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import pg from 'pg'
import { onlyKey, type SessionTokenKeys } from '@/lib/auth/keyRing'
import { buildForNode } from '../../../scripts/support/build'
import { freeLocalPort } from '../../../scripts/support/ports'
import { inProject } from '../../../scripts/support/project'
import { startGuarded } from '../../support/guardedProcess'
import { databaseUrl } from '../../support/postgres/databaseUrl'
import { Postgres } from '../../support/processes/Postgres'
import { SocketProcess } from '../../support/processes/SocketProcess'
import { RedisServer } from '../../support/redis/RedisServer'
import { limitVariables } from '../../support/servers/rateLimits'
import { parentOf } from '../cpuTime'
import { GeneratorPool } from '../generator/GeneratorPool'
import type { Peer, PeerName, PeerReady } from './Peer'
import { WebProcess } from './WebProcess'

const inLoad = (...parts: string[]) => inProject('tests', 'load', ...parts)

interface Stoppable {
  stop(): Promise<unknown>
}

export interface TandemOptions {
  /** 1 unless given. */
  instances?: number
  hasRedis?: boolean
  /** Beside what all of them are told. */
  env?: Record<string, string>
}

/**
 * What the bench measures with: one PostgreSQL, load generators, and peers that a scenario starts, each with an empty
 * database of its own. All of it on 127.0.0.1, in processes that end with this one.
 */
export class Testbed {
  private readonly ofScenario: Stoppable[] = []
  private databases = 0
  private tellDeath: (reason: Error) => void = () => {}
  /** Rejects when something that is measured, or measures, ends by itself: nobody waits for what does not come. */
  readonly died = new Promise<never>((_, reject) => {
    this.tellDeath = reject
  })

  private constructor(
    private readonly dir: string,
    private readonly postgres: Postgres,
    readonly postmaster: number,
    readonly generators: GeneratorPool,
    private readonly scripts: Record<'bare' | 'before', URL>,
    private readonly secret: string,
    readonly serviceKey: string,
  ) {
    this.died.catch(() => {}) // said to whoever waits for something
    generators.died.catch(this.tellDeath)
  }

  static async start(generators: number): Promise<Testbed> {
    const secret = randomBytes(32).toString('hex')
    // What is not stopped here hears that its channel closes, and ends with this process.
    const starting = Postgres.start()
    starting.catch(() => {}) // said below
    const bare = await bundle(inLoad('peers', 'bare.ts'))
    const before = await bundle(inLoad('peers', 'before.ts'))
    const script = await bundle(inLoad('generator', 'generator.ts'))
    const [postgres, pool] = await Promise.all([starting, GeneratorPool.start(script, generators, secret)])
    const postmaster = await postmasterOf(postgres.url)
    const dir = await mkdtemp(join(tmpdir(), 'tandem-bench-'))
    return new Testbed(dir, postgres, postmaster, pool, { bare, before }, secret, randomBytes(32).toString('hex'))
  }

  /** Those that sign a person in with Tandem. */
  get sessionTokenKeys(): SessionTokenKeys {
    return onlyKey(this.secret)
  }

  peer(name: PeerName): Promise<Peer> {
    return name === 'tandem' ? this.tandem() : this.other(name)
  }

  /** The real process, built and run as production does, everything on but the limits on what one person sends. */
  async tandem({ instances = 1, hasRedis = false, env: more = {} }: TandemOptions = {}): Promise<Peer> {
    const url = await this.makeDatabase()
    const redis = hasRedis ? await this.startRedis() : undefined
    const sockets: SocketProcess[] = []
    for (let i = 0; i < instances; i += 1) {
      const env = { ...this.environment(url, redis), ...more }
      const port = await freeLocalPort(undefined)
      const socket = await SocketProcess.start(port, env, inLoad('peers', 'tellMemory.ts'))
      socket.onDeath = this.tellDeath
      sockets.push(socket)
      this.ofScenario.push({ stop: async () => sockets[i]?.stop() })
    }
    return {
      ...{ name: 'tandem', id: `tandem-${url}`, databaseUrl: url },
      urls: sockets.map(({ port }) => `http://127.0.0.1:${port}`),
      pids: sockets.map(({ pid }) => pid),
      ...(redis && { redisPid: redis.pid }),
      heldBytes: async () => sum(await Promise.all(sockets.map((socket) => socket.ask<number>('memory')))),
      stop: async () => {
        for (const socket of sockets) await socket.stop()
      },
    }
  }

  /** The pages' process beside a Tandem that runs; built first if need be, which takes minutes. */
  async web({ databaseUrl: url = '' }: Peer): Promise<WebProcess> {
    const web = await WebProcess.start(this.environment(url, undefined))
    this.ofScenario.push(web)
    return web
  }

  /** What a scenario started is gone afterwards. */
  async clear(): Promise<void> {
    await this.generators.disconnectAll()
    for (const part of this.ofScenario.splice(0).reverse()) await part.stop()
  }

  async stop(): Promise<void> {
    await this.clear()
    await this.generators.stop()
    await this.postgres.stop()
    await rm(this.dir, { recursive: true, force: true })
  }

  private async other(name: 'bare' | 'before'): Promise<Peer> {
    const url = name === 'before' ? await this.makeDatabase() : undefined
    const script = await startGuarded<PeerReady>(this.scripts[name], {
      ...{ NODE_ENV: 'production', DATABASE_URL: url ?? '', SESSION_TOKEN_SECRET: this.secret },
    })
    script.died.catch(this.tellDeath)
    this.ofScenario.push(script)
    return {
      ...{ name, id: `${name}-${script.pid}`, databaseUrl: url, pids: [script.pid] },
      urls: [`http://127.0.0.1:${script.ready.port}`],
      heldBytes: () => script.ask('memory'),
      stop: () => script.stop(),
    }
  }

  private async makeDatabase(): Promise<string> {
    this.databases += 1
    const name = `bench_${this.databases}`
    const client = new pg.Client({ connectionString: databaseUrl(this.postgres.url, 'postgres') })
    await client.connect()
    // The cluster's own has the tables and nothing in them.
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${new URL(this.postgres.url).pathname.slice(1)}`)
    await client.end()
    return databaseUrl(this.postgres.url, name)
  }

  private async startRedis(): Promise<RedisServer> {
    const redis = await RedisServer.start()
    this.ofScenario.push({ stop: () => redis.kill() })
    return redis
  }

  private environment(url: string, redis: RedisServer | undefined): Record<string, string> {
    return {
      PATH: process.env.PATH ?? '',
      ...{ APP_ENV: 'test', HOST: '127.0.0.1', DATA_DIR: this.dir, LOG_DIR: join(this.dir, 'logs') },
      DATABASE_URL: url,
      SESSION_TOKEN_SECRET: this.secret,
      SERVICE_KEY: this.serviceKey,
      ...(redis && { REDIS_URL: redis.url }),
      // Nobody sends as much as a load generator, or from one address.
      ...limitVariables({}),
      ...{ MAX_CONNECTIONS: 'off', MAX_CONNECTIONS_PER_USER: 'off', MAX_CONNECTIONS_PER_ADDRESS: 'off' },
    }
  }
}

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)

/** Resolves with where the script is, bundled, so that it starts in little time and runs as plain Node. */
async function bundle(script: string): Promise<URL> {
  const name = script.slice(inLoad().length + 1).replaceAll(/[/\\]/g, '-')
  const outfile = inProject('node_modules', '.cache', 'tandem-bench', name.replace(/\.ts$/, '.mjs'))
  await buildForNode(script, outfile)
  return pathToFileURL(outfile)
}

async function postmasterOf(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  const postmaster = parentOf(rows[0]?.pid ?? 0) // while the connection's own process lives
  await client.end()
  return postmaster
}
