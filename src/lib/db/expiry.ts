import type { Database } from './database'

/** Any number; whoever holds this lock deletes. */
const LOCK = 72_707_370
/** Rows of one table that one run deletes: what is left waits for the next. */
const ROWS_AT_ONCE = 2_000

/**
 * Deletes what has expired: sessions, sign-ins that nobody finished, old counts of wrong codes, idempotency keys. Of
 * processes that try at the same moment one does it. Resolves to how many rows went.
 */
export const deleteExpired = (db: Database): Promise<number> =>
  db.prisma.$transaction(async (transaction) => {
    const [turn] = await transaction.$queryRaw<{ mine: boolean }[]>`SELECT pg_try_advisory_xact_lock(${LOCK}) AS mine`
    if (!turn?.mine) return 0
    const sessions = await transaction.$executeRaw`
      DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at <= now() LIMIT ${ROWS_AT_ONCE})`
    const steps = await transaction.$executeRaw`
      DELETE FROM sign_in_steps WHERE id IN (SELECT id FROM sign_in_steps WHERE expires_at <= now() LIMIT ${ROWS_AT_ONCE})`
    // What made an address known is forgotten when it counts no more.
    const attempts = await transaction.$executeRaw`
      DELETE FROM code_attempts WHERE ctid IN (
        SELECT ctid FROM code_attempts
        WHERE since < now() - interval '30 days' AND (right_at IS NULL OR right_at < now() - interval '30 days')
        LIMIT ${ROWS_AT_ONCE})`
    const keys = await transaction.$executeRaw`
      DELETE FROM idempotency_keys WHERE key IN (
        SELECT key FROM idempotency_keys WHERE created_at < now() - interval '1 day' LIMIT ${ROWS_AT_ONCE})`
    return sessions + steps + attempts + keys
  })
