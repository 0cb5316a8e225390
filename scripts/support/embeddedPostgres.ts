import { randomBytes, randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { type DatabaseRecord, databaseUrlOf, readDatabaseRecord, writeDatabaseRecord } from '@/lib/env/databaseRecord'
import { DATA_DIR_MODE } from '@/lib/env/secrets'
import { belongsTo, chooseClusterPlace, isCluster } from './clusterPlace'
import { createCluster } from './createCluster'
import { withFileLock } from './fileLock'
import { freeLocalPort } from './ports'
import { clearStalePid, findPostmaster, stopPostmaster } from './postmaster'
import { isAlive, ownStamp } from './processes'
import { answers, createDatabase, PortTakenError, startServer } from './runServer'

export interface EmbeddedPostgresOptions {
  /** Absolute; made when missing. Remembers address and password, and usually holds the database itself. */
  dataDir: string
  onProgress?: (line: string) => void
}

/** A real PostgreSQL from npm that runs on this machine, for 127.0.0.1 only. */
export interface EmbeddedPostgres {
  /** With the password, as owner and superuser `tandem`. */
  url: string
  port: number
  /** Where the database's files are. */
  clusterDir: string
  /** False when it ran already: for another process, or left behind by one that was killed. */
  startedHere: boolean
  isRunning(): boolean
  /** Starts it again after it died, at the same address if that is still free; true when the address is the same. */
  revive(): Promise<boolean>
  /** Gives it back. It is shut down, and this waits for that, unless another living process still uses it. */
  stop(): Promise<void>
}

type Lease = DatabaseRecord['leases'][number]

/**
 * Makes the database of `dataDir` the first time, starts it unless it runs, and holds it for this process. It runs
 * detached, so that Ctrl-C and the death of its starter leave it whole; whoever asks next takes it over. Any number of
 * processes may ask at once.
 */
export async function ensureEmbeddedPostgres({
  dataDir,
  onProgress = () => {},
}: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  await mkdir(dataDir, { recursive: true, mode: DATA_DIR_MODE })
  const lock = path.join(dataDir, 'database.lock')
  const lease: Lease = { id: randomUUID(), ...ownStamp() }
  const bringUp = () => withFileLock(lock, () => ensureServer(dataDir, lease, onProgress))
  const { record, startedHere } = await bringUp()
  return {
    url: databaseUrlOf(record),
    port: record.port,
    clusterDir: record.clusterDir,
    startedHere,
    isRunning: () => findPostmaster(record.clusterDir) !== undefined,
    revive: async () => (await bringUp()).record.port === record.port,
    stop: () => withFileLock(lock, () => giveBack(dataDir, lease)),
  }
}

interface Running {
  record: DatabaseRecord
  startedHere: boolean
}

async function ensureServer(dataDir: string, lease: Lease, onProgress: (line: string) => void): Promise<Running> {
  const found = await readDatabaseRecord(dataDir)
  const recorded = found && (await belongsTo(dataDir, found.clusterDir)) ? found : undefined
  const leases = [...(recorded?.leases ?? []).filter((other) => other.id !== lease.id && isAlive(other)), lease]
  if (recorded && (await answers(recorded))) {
    const record = { ...recorded, leases }
    await writeDatabaseRecord(dataDir, record)
    return { record, startedHere: false }
  }
  const place = await chooseClusterPlace({ dataDir, recorded: recorded?.clusterDir, onProgress })
  const password = found?.password ?? randomBytes(24).toString('base64url')
  const record: DatabaseRecord = { port: found?.port ?? 0, password, clusterDir: place.clusterDir, leases }
  if (!isCluster(place.clusterDir)) {
    onProgress('Making a database')
    await writeDatabaseRecord(dataDir, record)
    await createCluster(place, password)
  }
  // One that runs but does not answer hangs, or listens where nobody remembers.
  await stopPostmaster(place.clusterDir)
  await clearStalePid(place.clusterDir)
  const logFile = path.join(dataDir, 'postgres.log')
  for (let attempt = 1; ; attempt += 1) {
    record.port = await freeLocalPort(attempt === 1 && found ? found.port : undefined)
    await writeDatabaseRecord(dataDir, record)
    try {
      await startServer(place, record, logFile)
      break
    } catch (error) {
      if (!(error instanceof PortTakenError) || attempt === 5) throw error
    }
  }
  await createDatabase(record)
  return { record, startedHere: true }
}

async function giveBack(dataDir: string, lease: Lease): Promise<void> {
  const record = await readDatabaseRecord(dataDir)
  if (!record) return
  const leases = record.leases.filter((other) => other.id !== lease.id && isAlive(other))
  await writeDatabaseRecord(dataDir, { ...record, leases })
  if (leases.length === 0) await stopPostmaster(record.clusterDir)
}
