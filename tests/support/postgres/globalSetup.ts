import { fileURLToPath } from 'node:url'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { migrate } from '../../../src/lib/db/migrate'
import { migrateJobs } from '../../../src/lib/jobs/migrateJobs'
import { startGuarded } from '../guardedProcess'
import type { PostgresReady } from '../processes/holdPostgres'
import { databaseUrl } from './databaseUrl'

declare module 'vitest' {
  interface ProvidedContext {
    /** The run's one cluster. */
    clusterUrl: string
    /** A migrated, empty database in it, to be copied. */
    templateDatabase: string
  }
}

const templateDatabase = 'tandem_template'

/** One PostgreSQL for the whole run, with one migrated database that every test file copies. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await startGuarded<PostgresReady>(new URL('../processes/holdPostgres.ts', import.meta.url))
  const clusterUrl = cluster.ready.url
  try {
    await prepare(clusterUrl)
  } catch (error) {
    await cluster.stop()
    throw error
  }
  project.provide('clusterUrl', clusterUrl)
  project.provide('templateDatabase', templateDatabase)
  return cluster.stop
}

async function prepare(clusterUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: clusterUrl })
  await client.connect()
  try {
    // Nothing of a test has to survive a power cut.
    await client.query('ALTER SYSTEM SET fsync = off')
    await client.query('SELECT pg_reload_conf()')
    await client.query(`CREATE DATABASE ${templateDatabase}`)
  } finally {
    await client.end()
  }
  const template = databaseUrl(clusterUrl, templateDatabase)
  await migrate({
    databaseUrl: template,
    migrationsDir: fileURLToPath(new URL('../../../prisma/migrations', import.meta.url)),
  })
  await migrateJobs(template)
}
