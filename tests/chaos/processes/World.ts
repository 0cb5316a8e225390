import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { freeLocalPort } from '../../../scripts/support/ports'
import { type GuardedProcess, startGuarded } from '../../support/guardedProcess'
import { TcpProxy } from '../proxy/TcpProxy'
import { Postgres } from './Postgres'
import { SocketProcess } from './SocketProcess'
import type { WebReady } from './serveWeb'

/** The whole system in processes of its own, with a fault proxy on every way between them. */
export interface World {
  postgres: Postgres
  socket: SocketProcess
  /** A pool past all proxies, for looking at tables. */
  db: pg.Pool
  proxies: {
    /** Before the socket server: what session tokens name. */
    socket: TcpProxy
    /** Before the HTTP API. */
    web: TcpProxy
    /** Before PostgreSQL, as the socket server and as the HTTP API see it. */
    socketDatabase: TcpProxy
    webDatabase: TcpProxy
  }
  /** Where the HTTP API listens itself, for proxies of a client's own. */
  webPort: number
  serviceKey: string
  /** No faults, everything running; for the next scenario. */
  mend(): Promise<void>
  stop(): Promise<void>
}

const localUrl = (port: number): string => `http://127.0.0.1:${port}`

/** Starts everything on 127.0.0.1, at ports that are free. What was started is stopped again when something fails. */
export async function startWorld(): Promise<World> {
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
    undo.push(() => rm(dir, { recursive: true, force: true }))
    const postgres = keep(await Postgres.start())
    const db = new pg.Pool({ connectionString: postgres.url, max: 4 })
    db.on('error', () => {}) // PostgreSQL is restarted under its connections
    undo.push(() => db.end())
    const socketDatabase = keep(await TcpProxy.start(postgres.port))
    const webDatabase = keep(await TcpProxy.start(postgres.port))
    const socketPort = await freeLocalPort(undefined)
    const socketProxy = keep(await TcpProxy.start(socketPort))
    const serviceKey = randomBytes(32).toString('hex')
    const env = environment(dir, localUrl(socketProxy.port), serviceKey)
    const socket = keep(
      await SocketProcess.start(socketPort, { ...env, DATABASE_URL: through(postgres, socketDatabase) }),
    )
    const web: GuardedProcess<WebReady> = keep(
      await startGuarded<WebReady>(new URL('./serveWeb.ts', import.meta.url), {
        ...env,
        LOG_LEVEL: 'error', // it shares our terminal
        DATABASE_URL: through(postgres, webDatabase),
      }),
    )
    const proxies = {
      socket: socketProxy,
      web: keep(await TcpProxy.start(web.ready.port)),
      socketDatabase,
      webDatabase,
    }
    return {
      postgres,
      socket,
      db,
      proxies,
      webPort: web.ready.port,
      serviceKey,
      async mend() {
        postgres.thaw()
        for (const proxy of Object.values(proxies)) proxy.calm()
        if (!socket.isRunning) await socket.start()
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

function environment(dir: string, socketUrl: string, serviceKey: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    APP_ENV: 'chaos',
    DATA_DIR: dir,
    LOG_DIR: join(dir, 'logs'),
    LOG_LEVEL: 'info', // who comes and goes, and why
    SESSION_TOKEN_SECRET: randomBytes(32).toString('hex'),
    SERVICE_KEY: serviceKey,
    SOCKET_PUBLIC_URL: socketUrl,
    // What is sent here is far more than a person types.
    RATE_LIMIT_CHAT_MESSAGES: 'off',
    RATE_LIMIT_AUTH: 'off',
  }
}

function through(postgres: Postgres, proxy: TcpProxy): string {
  const url = new URL(postgres.url)
  url.port = String(proxy.port)
  return url.href
}
