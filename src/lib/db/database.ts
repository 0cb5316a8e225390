import { PrismaPg } from '@prisma/adapter-pg'
import pTimeout from 'p-timeout'
import pg from 'pg'
import type { Logger } from '@/services/shared/Logger'
import { translateDatabaseError } from './errors'
import { type Prisma, PrismaClient } from './generated/client'

export interface DatabaseOptions {
  url: string
  /** Connections at most. */
  poolSize: number
  logger: Logger
  /** Shown by `pg_stat_activity`. */
  applicationName: string
}

/** How long a caller waits for a free connection, in milliseconds. */
const CONNECT_TIMEOUT_MS = 2_000
/** A statement is ended by the server after this, and given up by us a little later, should the server be frozen. */
const STATEMENT_TIMEOUT_MS = 4_000
const QUERY_TIMEOUT_MS = 5_000
/** How long a statement waits for a room's lock. */
const LOCK_TIMEOUT_MS = 1_000
const GOODBYE_MS = 1_000
/**
 * Before PostgreSQL 18 a function that forbids sequential scans has plans that look so dear that each is compiled first: of a
 * batch of messages that took 32 ms of 35 (PostgreSQL 15).
 */
const SETTINGS = '-c jit=off'

export type Connections = ReturnType<typeof createConnections>
export type Database = ReturnType<typeof createDatabase>

/** What a repository asks: of the pool, or inside a transaction. */
export type Queries = Parameters<Parameters<Database['prisma']['$transaction']>[0]>[0]

/** The connection pool. Every failure to reach the database leaves as AppError UNAVAILABLE. Connects at the first query. */
export function createConnections({ url, poolSize, logger, applicationName }: DatabaseOptions) {
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    application_name: applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: QUERY_TIMEOUT_MS,
    options: SETTINGS,
    keepAlive: true,
  })
  // Without a listener an idle connection that the server closes would end the process.
  pool.on('error', (error) => logger.warn('an idle database connection was lost', { error }))

  /**
   * As `prisma.$queryRaw`, without Prisma's part in it, which takes more of this process's time than all the rest: for what
   * is asked with every connection and ping, and by what runs all the time. Times arrive as `Date`, `bigint` as text.
   */
  async function rows<Row extends object>({ text, values }: Pick<Prisma.Sql, 'text' | 'values'>): Promise<Row[]> {
    try {
      return (await pool.query<Row>(text, values)).rows
    } catch (error) {
      throw translateDatabaseError(error)
    }
  }

  return {
    /** For Prisma. */
    pool,
    rows,
    /**
     * For a statement that is asked thousands of times a second, without Prisma's part in it: prepared once on each connection
     * under its name, rows as arrays. Fails as Prisma's do.
     */
    async prepared<Row extends unknown[]>(name: string, text: string, values: unknown[]): Promise<Row[]> {
      try {
        return (await pool.query<Row>({ name, text, values, rowMode: 'array' })).rows
      } catch (error) {
        throw translateDatabaseError(error)
      }
    },
    /** Rejects with AppError UNAVAILABLE when the database does not answer. */
    async ping(): Promise<void> {
      await rows({ text: 'SELECT 1', values: [] })
    },
    /** The pool's connections now. */
    use(): { open: number; idle: number; waiting: number; limit: number } {
      return { open: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount, limit: poolSize }
    },
    async close(): Promise<void> {
      // A frozen server never answers a goodbye; the process's end closes what is left.
      await pTimeout(pool.end(), { milliseconds: GOODBYE_MS, message: false })
    },
  }
}

/** The same with Prisma over it, each of whose clients takes some 5 MB. */
export function createDatabase(options: DatabaseOptions) {
  const connections = createConnections(options)
  const prisma = new PrismaClient({ adapter: new PrismaPg(connections.pool) }).$extends({
    query: {
      async $allOperations({ args, query }) {
        try {
          return await query(args)
        } catch (error) {
          throw translateDatabaseError(error)
        }
      },
    },
  })
  return {
    ...connections,
    prisma,
    async close(): Promise<void> {
      await pTimeout(prisma.$disconnect(), { milliseconds: GOODBYE_MS, message: false })
      await connections.close()
    },
  }
}
