import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { io, type Socket } from 'socket.io-client'
import { onlyKey } from '@/lib/auth/keyRing'
import { createSessionTokens } from '@/lib/auth/sessionToken'
import { freeLocalPort } from '../../scripts/support/ports'
import { Postgres } from '../support/processes/Postgres'
import { SocketProcess } from '../support/processes/SocketProcess'
import { insertDirectRoom, insertPeople } from '../support/workload/people'

/** `pnpm bench:presence [PEOPLE]`: how many statements the database sees while so many people are connected and ping. */
const people = Number(process.argv[2] ?? 5_000)
/** Each pings once in this time, as pages do; in milliseconds. */
const roundMs = 25_000
const connectingAtOnce = 100

const say = (text: string): void => void process.stdout.write(`${text}\n`)

/** The statements that the socket server sent, the most frequent first. */
async function statements(db: pg.Pool): Promise<{ query: string; calls: number; rows: number; ms: number }[]> {
  const { rows } = await db.query(
    `SELECT regexp_replace(query, '\\s+', ' ', 'g') AS query, calls::int, rows::int, total_exec_time AS ms
     FROM pg_stat_statements WHERE query NOT LIKE '%pg_stat_statements%' ORDER BY calls DESC`,
  )
  return rows
}

/** PostgreSQL with its own count of statements, which has to be loaded when it starts. */
async function startCountingPostgres(): Promise<Postgres> {
  const postgres = await Postgres.start()
  const db = new pg.Client({ connectionString: postgres.url })
  await db.connect()
  await db.query(`ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'`)
  await db.end()
  await postgres.restartImmediately()
  return postgres
}

async function connectAll(url: string, secret: string, sessions: { user_id: string; public_id: string }[]) {
  const tokens = createSessionTokens(onlyKey(secret))
  const sockets: Socket[] = []
  for (let i = 0; i < sessions.length; i += connectingAtOnce) {
    const batch = sessions.slice(i, i + connectingAtOnce).map(async ({ user_id, public_id }) => {
      const { token } = await tokens.issue({ userId: user_id, sessionId: public_id }, '/notifications')
      const socket = io(`${url}/notifications`, {
        auth: { token },
        transports: ['websocket'],
        forceNew: true,
        reconnection: false,
      })
      await new Promise<void>((resolve, reject) => {
        socket.once('connect', resolve)
        socket.once('connect_error', reject)
      })
      sockets.push(socket)
    })
    await Promise.all(batch)
  }
  return sockets
}

/** Everybody once, evenly spread; resolves with how long each answer took, in milliseconds. */
async function pingAll(sockets: readonly Socket[]): Promise<number[]> {
  const everyMs = roundMs / sockets.length
  const begun = performance.now()
  const answers: Promise<number>[] = []
  for (const [i, socket] of sockets.entries()) {
    const waitMs = begun + i * everyMs - performance.now()
    if (waitMs > 1) await delay(waitMs)
    const sentAt = performance.now()
    answers.push(
      socket
        .timeout(30_000)
        .emitWithAck('ping', { away: false })
        .then(() => performance.now() - sentAt),
    )
  }
  return Promise.all(answers)
}

async function main(): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'tandem-load-'))
  const postgres = await startCountingPostgres()
  const db = new pg.Pool({ connectionString: postgres.url, max: 4 })
  const secret = randomBytes(32).toString('hex')
  const port = await freeLocalPort(undefined)
  let server: SocketProcess | undefined
  let sockets: Socket[] = []
  try {
    await db.query('CREATE EXTENSION pg_stat_statements')
    const names = Array.from({ length: people }, (_, i) => `Person ${i}`)
    const persons = await insertPeople(db, names)
    for (let i = 0; i + 1 < persons.length; i += 2) {
      const [one, other] = [persons[i], persons[i + 1]]
      if (one && other) await insertDirectRoom(db, one, other)
    }
    server = await SocketProcess.start(port, {
      PATH: process.env.PATH ?? '',
      APP_ENV: 'test',
      DATA_DIR: dir,
      LOG_DIR: join(dir, 'logs'),
      LOG_LEVEL: 'warn',
      DATABASE_URL: postgres.url,
      SESSION_TOKEN_SECRET: secret,
      MAX_CONNECTIONS_PER_ADDRESS: 'off', // all come from this machine
      SERVICE_KEY: randomBytes(32).toString('hex'),
    })
    const { rows: sessions } = await db.query('SELECT user_id, public_id FROM sessions')
    const connecting = performance.now()
    sockets = await connectAll(`http://127.0.0.1:${port}`, secret, sessions)
    say(`${sockets.length} people connected in ${((performance.now() - connecting) / 1_000).toFixed(1)} s`)
    await delay(5_000) // what connecting caused is written
    await db.query('SELECT pg_stat_statements_reset()')
    const begun = performance.now()
    const took = (await pingAll(sockets)).sort((a, b) => a - b)
    const seconds = (performance.now() - begun) / 1_000
    const counted = await statements(db)
    const isLastSeen = ({ query }: { query: string }) => query.startsWith('UPDATE users u SET last_seen')
    const lastSeen = counted.filter(isLastSeen)
    const calls = lastSeen.reduce((sum, { calls: some }) => sum + some, 0)
    say(`${took.length} pings in ${seconds.toFixed(1)} s; answer median ${at(took, 0.5)} ms, p99 ${at(took, 0.99)} ms`)
    say(`lastSeen: ${calls} statements, ${(calls / seconds).toFixed(2)} a second, for ${took.length} pings`)
    for (const { query, calls: some, rows, ms } of counted.slice(0, 8)) {
      say(
        `  ${String(some).padStart(6)} × ${(ms / some).toFixed(2)} ms, ${(some / seconds).toFixed(1)}/s, ${rows} rows: ${query.slice(0, 90)}`,
      )
    }
  } finally {
    for (const socket of sockets) socket.disconnect()
    await server?.stop()
    await db.end().catch(() => {})
    await postgres.stop()
    await rm(dir, { recursive: true, force: true })
  }
}

const at = (sorted: readonly number[], share: number) => Math.round(sorted[Math.floor(sorted.length * share)] ?? 0)

await main()
process.exit(0)
