import type { Client } from 'pg'
import { grantToApplication } from '@/lib/db/grants'
import { migrate } from '@/lib/db/migrate'
import { isErrno } from '@/lib/env/isErrno'
import { migrateJobs } from '@/lib/jobs/migrateJobs'
import { withDatabase } from './connectDatabase'
import { inTandem } from './project'
import { ScriptError } from './ScriptError'

export interface MigrateDatabaseOptions {
  /** DATABASE_URL: as the application itself connects. */
  url: string
  /** DATABASE_MIGRATION_URL: by the role that owns the tables; undefined: the application's does. */
  migrationUrl: string | undefined
  onProgress: (line: string) => void
}

/**
 * Brings the database to this version's tables, those of the job queue as well, and lets the application's role use them where they belong to another
 * role. @throws ScriptError with a sentence when the database cannot be used.
 */
export async function migrateDatabase(options: MigrateDatabaseOptions): Promise<{ applied: string[] }> {
  const { url, migrationUrl, onProgress } = options
  const ownerUrl = migrationUrl ?? url
  // Asked first for the sake of its errors, which are for people.
  await withDatabase(ownerUrl, async () => {}, migrationUrl ? 'DATABASE_MIGRATION_URL' : 'DATABASE_URL')
  const result = await migrate({
    databaseUrl: ownerUrl,
    migrationsDir: inTandem('prisma', 'migrations'),
    onApply: (name) => onProgress(`Applying migration ${name}`),
    onWarning: onProgress,
  })
  await migrateJobs(ownerUrl)
  const role = roleOf(url)
  if (role !== roleOf(ownerUrl)) {
    const grant = (client: Client) => grantToApplication(client, role)
    const stayed = await withDatabase(ownerUrl, grant).catch((error: unknown) => {
      if (!isErrno(error, '42704')) throw error
      throw new ScriptError(`There is no role "${role}", which DATABASE_URL names. Make it: CREATE ROLE … LOGIN.`)
    })
    onProgress(`The role ${role} may use the tables`)
    for (const sentence of stayed) onProgress(sentence)
  }
  return result
}

const roleOf = (url: string): string => decodeURIComponent(new URL(url).username)
