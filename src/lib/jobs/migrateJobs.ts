import { createJobsPool } from '@/lib/db/jobsPool'
import { silentLogger } from '@/services/shared/Logger'

/**
 * Brings the queue's own tables (schema `graphile_worker`) to the version of the package, as the role of this address.
 * Processes that do so at the same time see each other's work as done.
 */
export async function migrateJobs(databaseUrl: string): Promise<void> {
  const pool = createJobsPool(databaseUrl, silentLogger)
  try {
    const { Logger, runMigrations } = await import('graphile-worker')
    await runMigrations({ pgPool: pool, logger: new Logger(() => () => {}) })
  } finally {
    await pool.end()
  }
}
