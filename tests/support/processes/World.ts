import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { freeLocalPort } from '../../../scripts/support/ports'
import { waitUntil } from '../../../scripts/support/processes'
import { TcpProxy } from '../proxy/TcpProxy'
import { RedisServer } from '../redis/RedisServer'
import { limitVariables } from '../servers/rateLimits'
import { refuseSecretsInFiles } from '../servers/secrets'
import { Postgres } from './Postgres'
import { SocketProcess } from './SocketProcess'
import { WebProcess } from './WebProcess'

/** How many socket servers there are, and whether Redis links them. */
export type WorldKind = 'single' | 'linked' | 'unlinked'

const plans: Record<WorldKind, { instances: number; hasRedis: boolean }> = {
  single: { instances: 1, hasRedis: false },
  linked: { instances: 2, hasRedis: true },
  unlinked: { instances: 2, hasRedis: false },
}

/** The whole system in processes of its own, with a fault proxy on every way between them. */
export interface World {
  kind: WorldKind
  postgres: Postgres
  /** The only instance, or the first. */
  socket: SocketProcess
  /** All instances. */
  sockets: readonly SocketProcess[]
  redis: RedisServer | undefined
  /** A pool past all proxies, for looking at tables. */
  db: pg.Pool
  proxies: {
    /** Before the socket server: what session tokens name. Shares connections out where there are several instances. */
    socket: TcpProxy
    /** Before the HTTP API. */
    web: TcpProxy
    /** Before PostgreSQL, as the socket server and as the HTTP API see it. */
    socketDatabase: TcpProxy
    webDatabase: TcpProxy
    /** Before Redis, as all instances see it. */
    redis: TcpProxy | undefined
  }
  /** The HTTP API. */
  web: WebProcess
  serviceKey: string
  /** No faults, everything running; for the next scenario. */
  mend(): Promise<void>
  stop(): Promise<void>
}

const localUrl = (port: number): string => `http://127.0.0.1:${port}`

/** Starts everything on 127.0.0.1, at ports that are free. What was started is stopped again when something fails. */
export async function startWorld(kind: WorldKind): Promise<World> {
  const plan = plans[kind]
  const undo: (() => Promise<unknown> | unknown)[] = []
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step()
  }
  const keep = <T extends { stop(): Promise<unknown> }>(part: T): T => {
    undo.push(() => part.stop())
    return part
  }
  try {
    const dir = await mkdtemp(join(tmpdir(), 'tandem-chaos-run-'))
    const logDir = join(dir, 'logs')
    undo.push(() => refuseSecretsInFiles(logDir).finally(() => rm(dir, { recursive: true, force: true })))
    const postgres = keep(await Postgres.start())
    const db = new pg.Pool({ connectionString: postgres.url, max: 4 })
    db.on('error', () => {}) // PostgreSQL is restarted under its connections
    undo.push(() => db.end())
    const socketDatabase = keep(await TcpProxy.start(postgres.port))
    const webDatabase = keep(await TcpProxy.start(postgres.port))
    const redis = plan.hasRedis ? await RedisServer.start() : undefined
    if (redis) undo.push(() => redis.kill())
    const redisProxy = redis && keep(await TcpProxy.start(redis.port))
    const ports: [number, ...number[]] = [await freeLocalPort(undefined)]
    while (ports.length < plan.instances) ports.push(await freeLocalPort(undefined))
    const socketProxy = keep(await TcpProxy.start(...ports))
    const serviceKey = randomBytes(32).toString('hex')
    const env = environment(dir, logDir, localUrl(socketProxy.port), serviceKey)
    const startSocket = async (port: number): Promise<SocketProcess> =>
      keep(
        await SocketProcess.start(port, {
          ...env,
          LOG_DIR: join(dir, `logs-${port}`),
          DATABASE_URL: through(postgres, socketDatabase),
          ...(redisProxy && { REDIS_URL: `redis://127.0.0.1:${redisProxy.port}` }),
        }),
      )
    const socket = await startSocket(ports[0])
    const sockets = [socket]
    for (const port of ports.slice(1)) sockets.push(await startSocket(port))
    const web = keep(
      await WebProcess.start({
        ...env,
        LOG_LEVEL: 'error', // it shares our terminal
        DATABASE_URL: through(postgres, webDatabase),
      }),
    )
    const proxies = {
      socket: socketProxy,
      web: keep(await TcpProxy.start(web.port)),
      socketDatabase,
      webDatabase,
      redis: redisProxy,
    }
    return {
      kind,
      postgres,
      socket,
      sockets,
      redis,
      db,
      proxies,
      web,
      serviceKey,
      async mend() {
        postgres.thaw()
        redis?.thaw()
        if (redis && !redis.isRunning) await redis.start()
        for (const proxy of Object.values(proxies)) proxy?.calm()
        for (const instance of [...sockets, web]) if (!instance.isRunning) await instance.start()
        await waitUntil(
          async () => (await Promise.all(sockets.map((one) => one.status()))).every((is) => is === 'ok'),
          {
            timeoutMs: 20_000,
          },
        )
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

function environment(dir: string, logDir: string, socketUrl: string, serviceKey: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    APP_ENV: 'test',
    DATA_DIR: dir,
    LOG_DIR: logDir,
    LOG_LEVEL: 'info', // who comes and goes, and why
    SESSION_TOKEN_SECRET: randomBytes(32).toString('hex'),
    SERVICE_KEY: serviceKey,
    SOCKET_PUBLIC_URL: socketUrl,
    WEBHOOKS_ALLOW_PRIVATE: 'true', // those that hear of it listen here
    // What is sent here is far more than a person types.
    ...limitVariables({}),
  }
}

function through(postgres: Postgres, proxy: TcpProxy): string {
  const url = new URL(postgres.url)
  url.port = String(proxy.port)
  return url.href
}
