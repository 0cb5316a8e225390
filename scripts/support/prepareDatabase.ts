import { refuseDemoAccounts } from '@/lib/db/refuseDemoAccounts'
import { isStrict } from '@/lib/env/appEnv'
import type { Config } from '@/lib/env/config'
import { type EmbeddedPostgres, ensureEmbeddedPostgres } from './embeddedPostgres'
import { migrateDatabase } from './migrateDatabase'
import { isPartOfAnApp } from './project'
import { type Demo, seedDemo } from './seedDemo'

export interface PreparedDatabase {
  url: string
  /** Undefined when DATABASE_URL names a database of one's own. */
  embedded: EmbeddedPostgres | undefined
  /** Undefined when there is none. */
  demo: Demo | undefined
}

/** A database that is there, has this version's tables and, on the very first run, something to look at. */
export async function prepareDatabase(config: Config, onProgress: (line: string) => void): Promise<PreparedDatabase> {
  const embedded = config.databaseUrl
    ? undefined
    : await ensureEmbeddedPostgres({ dataDir: config.dataDir, onProgress })
  const url = embedded?.url ?? config.databaseUrl ?? ''
  try {
    await migrateDatabase({ url, migrationUrl: embedded ? undefined : config.databaseMigrationUrl, onProgress })
    await refuseDemoAccounts({ appEnv: config.appEnv, databaseUrl: url })
    const demo = isStrict(config.appEnv) || isPartOfAnApp ? undefined : await seedDemo(config, url, onProgress)
    return { url, embedded, demo }
  } catch (error) {
    await embedded?.stop()
    throw error
  }
}
