import { migrate } from '@/lib/db/migrate'
import { isStrict } from '@/lib/env/appEnv'
import type { Config } from '@/lib/env/config'
import { demoAccounts } from '../../prisma/demoAccounts'
import { withDatabase } from './connectDatabase'
import { type EmbeddedPostgres, ensureEmbeddedPostgres } from './embeddedPostgres'
import { inProject } from './project'

export interface PreparedDatabase {
  url: string
  /** Undefined when DATABASE_URL names a database of one's own. */
  embedded: EmbeddedPostgres | undefined
  hasDemoAccounts: boolean
}

/** A database that is there, has this version's tables and, on the very first run, something to look at. */
export async function prepareDatabase(config: Config, onProgress: (line: string) => void): Promise<PreparedDatabase> {
  const embedded = config.databaseUrl
    ? undefined
    : await ensureEmbeddedPostgres({ dataDir: config.dataDir, onProgress })
  const url = embedded?.url ?? config.databaseUrl ?? ''
  try {
    // Asked first for the sake of its errors, which are for people.
    await withDatabase(url, async () => {})
    await migrate({
      databaseUrl: url,
      migrationsDir: inProject('prisma', 'migrations'),
      onApply: (name) => onProgress(`Applying migration ${name}`),
    })
    if (!isStrict(config.appEnv) && (await countUsers(url)) === 0) {
      onProgress('Adding demo accounts and a short conversation')
      const { seed } = await import('../../prisma/seed')
      await seed({ databaseUrl: url })
    }
    return { url, embedded, hasDemoAccounts: !isStrict(config.appEnv) && (await countUsers(url, true)) > 0 }
  } catch (error) {
    await embedded?.stop()
    throw error
  }
}

const countUsers = (url: string, demoOnly = false): Promise<number> =>
  withDatabase(url, async (client) => {
    const emails = demoOnly ? demoAccounts.map(({ email }) => email) : null
    const { rowCount } = await client.query('SELECT FROM users WHERE $1::text[] IS NULL OR email = ANY($1) LIMIT 1', [
      emails,
    ])
    return rowCount ?? 0
  })
