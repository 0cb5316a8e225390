import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Client, DatabaseError } from 'pg'

/** The advisory lock that Prisma's own engine takes while it migrates. */
const MIGRATION_LOCK = 72707369
/** How long to wait for another process that migrates the same database, or that holds a table. */
const PATIENCE_MS = 60_000
const TRY_AGAIN_MS = 250
/** What PostgreSQL says of a file whose `lock_timeout` has passed: nothing of it was done. */
const LOCK_NOT_AVAILABLE = '55P03'

/** Prisma's own bookkeeping, as its engine makes it. */
const createLedger = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id                      VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum                VARCHAR(64) NOT NULL,
    finished_at             TIMESTAMPTZ,
    migration_name          VARCHAR(255) NOT NULL,
    logs                    TEXT,
    rolled_back_at          TIMESTAMPTZ,
    started_at              TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count     INTEGER NOT NULL DEFAULT 0
)`

/** The database cannot be brought to this version; the message says why and what to do. */
export class MigrationError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'MigrationError'
  }
}

export interface MigrateOptions {
  databaseUrl: string
  /** Absolute; one folder a migration, in the order of their names, each with a `migration.sql`. */
  migrationsDir: string
  /** Called before a migration is applied. */
  onApply?: (name: string) => void
  /** Told what a migration warns of: it was applied, and something is to be done by hand. */
  onWarning?: (message: string) => void
}

interface Migration {
  name: string
  sql: string
  checksum: string
}

/**
 * Applies what is missing, as `prisma migrate deploy` would, on `pg` alone. Each sees the other's work as done. Processes
 * that migrate at the same time wait for one another. Throws a MigrationError for a migration that fails, that failed
 * before, or that was changed after it was applied; other errors are the driver's (no connection, wrong password).
 */
export async function migrate({
  databaseUrl,
  migrationsDir,
  onApply,
  onWarning,
}: MigrateOptions): Promise<{ applied: string[] }> {
  const migrations = await readMigrations(migrationsDir)
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 })
  // A connection that dies rejects the query in flight; the event beside it would end the process if nobody listened.
  client.on('error', () => {})
  client.on('notice', ({ severity, message }) => {
    if (severity === 'WARNING' && message !== undefined) onWarning?.(message)
  })
  await client.connect()
  try {
    await takeLock(client)
    if (!(await hasLedger(client))) await client.query(createLedger)
    const pending = await findPending(client, migrations)
    for (const migration of pending) {
      onApply?.(migration.name)
      await apply(client, migration)
    }
    return { applied: pending.map(({ name }) => name) }
  } finally {
    await client.end() // gives the lock back as well
  }
}

async function readMigrations(dir: string): Promise<Migration[]> {
  const folders = (await readdir(dir, { withFileTypes: true })).filter((entry) => entry.isDirectory())
  return Promise.all(
    folders
      .map(({ name }) => name)
      .sort()
      .map(async (name) => {
        const sql = await readFile(path.join(dir, name, 'migration.sql'), 'utf8')
        return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
      }),
  )
}

/** Asks again and again: whoever waits inside PostgreSQL has a snapshot, for whose end CREATE INDEX CONCURRENTLY waits. */
async function takeLock(client: Client): Promise<void> {
  const until = Date.now() + PATIENCE_MS
  const ask = 'SELECT pg_try_advisory_lock($1) AS taken'
  while (!(await client.query<{ taken: boolean }>(ask, [MIGRATION_LOCK])).rows[0]?.taken) {
    if (Date.now() > until) {
      const seconds = PATIENCE_MS / 1_000
      throw new MigrationError(`Another process has been migrating this database for ${seconds} s. Try again later.`)
    }
    await setTimeout(TRY_AGAIN_MS)
  }
}

/** Asked first, since `IF NOT EXISTS` alone still needs the right to create tables. */
async function hasLedger(client: Client): Promise<boolean> {
  const { rows } = await client.query<{ ledger: string | null }>(`SELECT to_regclass('_prisma_migrations') AS ledger`)
  return rows[0]?.ledger != null
}

async function findPending(client: Client, migrations: Migration[]): Promise<Migration[]> {
  const { rows } = await client.query<{ name: string; checksum: string; finished: boolean; logs: string | null }>(
    `SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished, logs
       FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at`,
  )
  const failed = rows.find(({ finished }) => !finished)
  if (failed) throw new MigrationError(failedBefore(failed.name, failed.logs))
  const applied = new Map(rows.map(({ name, checksum }) => [name, checksum]))
  for (const { name, checksum } of migrations) {
    const recorded = applied.get(name)
    if (recorded !== undefined && recorded !== checksum) {
      throw new MigrationError(
        `Migration ${name} was changed after it was applied to this database. ` +
          'Put its file back as it was, and make the change in a new migration.',
      )
    }
  }
  return migrations.filter(({ name }) => !applied.has(name))
}

/**
 * One simple query: PostgreSQL runs the whole file in one transaction, unless it says otherwise or is a single statement that
 * may not run in one. A file that says how long it may wait for a lock (`SET LOCAL lock_timeout`) is tried again.
 */
async function run(client: Client, sql: string): Promise<void> {
  const until = Date.now() + PATIENCE_MS
  for (;;) {
    try {
      await client.query(sql)
      return
    } catch (error) {
      const waited = error instanceof DatabaseError && error.code === LOCK_NOT_AVAILABLE
      if (!waited || Date.now() > until) throw error
      await client.query('ROLLBACK')
      await setTimeout(TRY_AGAIN_MS)
    }
  }
}

async function apply(client: Client, { name, sql, checksum }: Migration): Promise<void> {
  const id = randomUUID()
  await client.query('INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ($1, $2, $3)', [
    id,
    checksum,
    name,
  ])
  try {
    await run(client, sql)
  } catch (error) {
    const reason = reasonOf(error, sql)
    await client.query('ROLLBACK')
    await client.query('UPDATE _prisma_migrations SET logs = $2 WHERE id = $1', [id, reason])
    throw new MigrationError(`Migration ${name} failed: ${reason}\n${wayOut(name)}`, { cause: error })
  }
  await client.query(
    'UPDATE _prisma_migrations SET finished_at = now(), applied_steps_count = applied_steps_count + 1 WHERE id = $1',
    [id],
  )
}

function reasonOf(error: unknown, sql: string): string {
  if (!(error instanceof DatabaseError)) return error instanceof Error ? error.message : String(error)
  const line = error.position ? ` (line ${sql.slice(0, Number(error.position)).split('\n').length})` : ''
  const detail = error.detail ? ` ${error.detail}` : ''
  return `${error.message}${line}${detail} [${error.code}]`
}

const failedBefore = (name: string, logs: string | null): string =>
  `Migration ${name} failed earlier on this database${logs ? `: ${logs}` : ' or was cut off.'}\n${wayOut(name)}`

const wayOut = (name: string): string =>
  'Repair the cause, and undo by hand what the migration did outside a transaction, if anything. Then mark it as undone ' +
  `(prisma migrate resolve --rolled-back ${name}, or: UPDATE _prisma_migrations SET rolled_back_at = now() ` +
  `WHERE migration_name = '${name}' AND finished_at IS NULL) and start again.`
