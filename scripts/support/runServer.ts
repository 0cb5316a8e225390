import { spawn } from 'node:child_process'
import { open, readFile, rename, stat } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Client } from 'pg'
import { type DatabaseRecord, databaseUrlOf } from '@/lib/env/databaseRecord'
import { isErrno } from '@/lib/env/isErrno'
import type { ClusterPlace } from './clusterPlace'
import { asServer } from './createCluster'
import { ScriptError } from './ScriptError'

/** Most bytes of the server's own log before it is set aside as `postgres.log.1`. */
const LOG_BYTES = 5_000_000
/** After a crash the server may have to replay a lot before it answers. */
const READY_MS = 120_000
/** `cannot_connect_now`: the server is starting up or shutting down. */
const NOT_NOW = '57P03'

export type ServerAddress = Pick<DatabaseRecord, 'port' | 'password' | 'clusterDir'>

/** The port was taken between choosing it and listening on it. */
export class PortTakenError extends ScriptError {}

/** Whether the server of exactly that cluster answers at that address; waits while it is starting up or shutting down. */
export async function answers(address: ServerAddress): Promise<boolean> {
  const deadline = Date.now() + READY_MS
  for (;;) {
    try {
      return (await dataDirectoryOf(address)) === address.clusterDir
    } catch (error) {
      if (!isErrno(error, NOT_NOW) || Date.now() > deadline) return false
      await delay(50)
    }
  }
}

async function dataDirectoryOf(address: ServerAddress): Promise<string | undefined> {
  return withClient(address, async (client) => {
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory')
    return rows[0]?.data_directory
  })
}

async function withClient<T>(address: ServerAddress, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: databaseUrlOf(address, 'postgres'), connectionTimeoutMillis: 5_000 })
  // The query in flight is rejected when the connection dies; unheard, the event beside it would end the process.
  client.on('error', () => {})
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}

/**
 * Starts the server detached, for 127.0.0.1 only, and waits until it answers. What it says goes to `logFile`; what was
 * said is part of the error when it ends instead.
 */
export async function startServer(place: ClusterPlace, address: ServerAddress, logFile: string): Promise<void> {
  const before = await rotate(logFile)
  const log = await open(logFile, 'a', 0o600)
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=100', 'timezone=UTC']
  const child = spawn(
    path.join(place.binDir, 'postgres'),
    ['-D', place.clusterDir, '-p', String(address.port), ...settings.flatMap((setting) => ['-c', setting])],
    { ...asServer(place), stdio: ['ignore', log.fd, log.fd] },
  )
  const ended = new Promise<never>((_, reject) => {
    child.once('error', reject)
    child.once('exit', async () => {
      const said = (await readFile(logFile, 'utf8')).slice(before)
      const reason = said.split('\n').filter((line) => /FATAL|ERROR|HINT|DETAIL|PANIC|could not/.test(line))
      const text = `The embedded database did not start (see ${logFile}):\n${reason.slice(-5).join('\n')}`
      reject(said.includes('Address already in use') ? new PortTakenError(text) : new ScriptError(text))
    })
  })
  try {
    await Promise.race([untilReady(address), ended])
  } finally {
    ended.catch(() => {}) // when it ends later, that is for the supervisor to notice
    child.unref()
    await log.close()
  }
}

async function untilReady(address: ServerAddress): Promise<void> {
  const deadline = Date.now() + READY_MS
  while (!(await answers(address))) {
    if (Date.now() > deadline)
      throw new ScriptError(`The embedded database did not answer within ${READY_MS / 1000} s.`)
    await delay(30)
  }
}

/** Makes the product's own database the first time. */
export async function createDatabase(address: ServerAddress): Promise<void> {
  await withClient(address, async (client) => {
    const { rowCount } = await client.query(`SELECT FROM pg_database WHERE datname = 'tandem'`)
    if (rowCount === 0) await client.query('CREATE DATABASE tandem')
  })
}

/** The length of the log before the server writes to it, in characters of its present file. */
async function rotate(logFile: string): Promise<number> {
  try {
    if ((await stat(logFile)).size < LOG_BYTES) return (await readFile(logFile, 'utf8')).length
    await rename(logFile, `${logFile}.1`)
    return 0
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return 0
    throw error
  }
}
