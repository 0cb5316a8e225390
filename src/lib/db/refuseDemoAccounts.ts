import { setTimeout as delay } from 'node:timers/promises'
import { Client, DatabaseError } from 'pg'
import type { Logger } from '@/services/shared/Logger'
import { isStrict } from '../env/appEnv'
import { ConfigError } from '../env/ConfigError'
import type { RuntimeConfig } from '../env/config'

/** How long to wait for a database that does not answer, in milliseconds. */
const ASK_AGAIN_MS = 1_000
/** Undefined table, undefined column: a database before its migrations. */
const NOT_MIGRATED = new Set(['42P01', '42703'])

/**
 * Anybody may use the accounts of the demo, so where people rely on an installation there must be none: one that was
 * first tried out and then put into production would keep its admin.
 * @throws ConfigError in a strict process whose database has some, or cannot be asked.
 */
export async function refuseDemoAccounts({
  appEnv,
  databaseUrl,
}: Pick<RuntimeConfig, 'appEnv' | 'databaseUrl'>): Promise<void> {
  if (!isStrict(appEnv)) return
  const emails = await demoEmails(databaseUrl).catch((error: unknown) => {
    throw new ConfigError([{ variable: 'DATABASE_URL', problem: reasonOf(error) }])
  })
  if (emails.length === 0) return
  const problem =
    `With APP_ENV=${appEnv} there must be no demo accounts, and this database has ${emails.join(', ')}. ` +
    'Remove them with: pnpm db:remove-demo (in the container image: node dist/scripts/db-remove-demo.mjs).'
  throw new ConfigError([{ variable: 'APP_ENV', problem }])
}

/**
 * The same, for a process that is to serve as soon as its database answers: until then it asks again every second.
 * @throws ConfigError when there are some, or the database was not migrated.
 */
export async function refuseDemoAccountsOnceAnswered(
  config: Pick<RuntimeConfig, 'appEnv' | 'databaseUrl'>,
  logger: Logger,
): Promise<void> {
  for (let attempt = 1; isStrict(config.appEnv); attempt++) {
    try {
      await demoEmails(config.databaseUrl)
      break
    } catch (error) {
      if (error instanceof DatabaseError && NOT_MIGRATED.has(error.code ?? '')) break
      if (attempt === 1) logger.warn('the database does not answer; serving nobody until it does', { error })
      await delay(ASK_AGAIN_MS)
    }
  }
  await refuseDemoAccounts(config)
}

async function demoEmails(databaseUrl: string): Promise<string[]> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000, query_timeout: 10_000 })
  // The query in flight is rejected when the connection dies; unheard, the event beside it would end the process.
  client.on('error', () => {})
  try {
    await client.connect()
    const { rows } = await client.query<{ email: string }>('SELECT email FROM users WHERE is_demo ORDER BY email')
    return rows.map(({ email }) => email)
  } finally {
    await client.end().catch(() => {})
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof DatabaseError && NOT_MIGRATED.has(error.code ?? '')) {
    return 'The database does not have the tables of this version yet. Run pnpm db:migrate first.'
  }
  const reason = error instanceof Error ? error.message || error.name : String(error)
  return `The database cannot be asked whether it has demo accounts (${reason}).`
}
