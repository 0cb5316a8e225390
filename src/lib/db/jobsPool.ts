import pg from 'pg'
import type { Logger } from '@/services/shared/Logger'

/** At most: one listens for new jobs, the others fetch and finish them. What jobs themselves ask goes by the process's own pool. */
export const CONNECTIONS = 4
const CONNECT_TIMEOUT_MS = 5_000
const QUERY_TIMEOUT_MS = 20_000

/** What the listening connection of a worker is called in `pg_stat_activity`: while it is there, the worker lives. */
export const workerName = (id: string): string => `tandem-jobs ${id}`

export type JobsPool = pg.Pool

/** The connections of the job queue. They open when something is asked; whoever makes it ends it. */
export function createJobsPool(databaseUrl: string, logger: Pick<Logger, 'warn'>): JobsPool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: CONNECTIONS,
    application_name: 'tandem-jobs',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    keepAlive: true,
  })
  // An event that nobody listens to would end the process; the queue itself connects again.
  pool.on('error', (error) => logger.warn('an idle database connection of the jobs was lost', { error }))
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}
