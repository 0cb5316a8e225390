import { loadRuntimeConfig } from '@/lib/env/runtime'
import { migrateDatabase } from './support/migrateDatabase'
import { say, sayStep } from './support/output'
import { projectRoot, readEnvironment } from './support/project'
import { runScript } from './support/runScript'

/**
 * `pnpm db:migrate`: brings the database of DATABASE_URL, or the embedded one that runs, to this version's tables. With
 * DATABASE_MIGRATION_URL that role does it, and DATABASE_URL's may use what it makes.
 */
await runScript(async () => {
  const { databaseUrl, databaseMigrationUrl } = await loadRuntimeConfig(readEnvironment(), projectRoot)
  const { applied } = await migrateDatabase({
    url: databaseUrl,
    migrationUrl: databaseMigrationUrl,
    onProgress: sayStep,
  })
  say(applied.length === 0 ? 'Nothing to do: the database is up to date.' : `Applied ${applied.length}.`)
  return 0
})
