import { migrate } from '@/lib/db/migrate'
import { loadRuntimeConfig } from '@/lib/env/runtime'
import { withDatabase } from './support/connectDatabase'
import { say, sayStep } from './support/output'
import { inProject, projectRoot, readEnvironment } from './support/project'
import { runScript } from './support/runScript'

/** `pnpm db:migrate`: brings the database of DATABASE_URL, or the embedded one that runs, to this version's tables. */
await runScript(async () => {
  const { databaseUrl } = await loadRuntimeConfig(readEnvironment(), projectRoot)
  await withDatabase(databaseUrl, async () => {})
  const { applied } = await migrate({
    databaseUrl,
    migrationsDir: inProject('prisma', 'migrations'),
    onApply: (name) => sayStep(`Applying migration ${name}`),
    onWarning: sayStep,
  })
  say(applied.length === 0 ? 'Nothing to do: the database is up to date.' : `Applied ${applied.length}.`)
  return 0
})
