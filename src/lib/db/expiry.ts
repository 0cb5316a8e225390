import type { Database } from './database'

/** Any number; whoever holds this lock deletes. */
const LOCK = 72_707_370
/** Rows of one table that one transaction deletes: a process that is killed loses one of them. */
const ROWS_AT_ONCE = 2_000

/**
 * Deletes some of what has expired: sessions, sign-ins that nobody finished, old counts of wrong codes, idempotency keys,
 * used tickets that nobody would accept any more, what is noted of rooms that people left and of changes of messages, and entries of the audit log past their retention. Of processes that try
 * at the same moment one does it. Resolves to how many rows went.
 */
export const deleteExpired = (db: Database, { auditRetentionDays }: { auditRetentionDays: number }): Promise<number> =>
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
    // Their ends are told by the clocks of our processes, which may be ahead of the database's or behind it.
    const tickets = await transaction.$executeRaw`
      DELETE FROM used_tickets WHERE id IN (
        SELECT id FROM used_tickets WHERE dead_at < now() - interval '10 minutes' LIMIT ${ROWS_AT_ONCE})`
    // A session lives 90 days: no page that missed it longer ago is still there to ask.
    const departures = await transaction.$executeRaw`
      DELETE FROM room_departures WHERE ctid IN (
        SELECT ctid FROM room_departures WHERE left_at < now() - interval '100 days' LIMIT ${ROWS_AT_ONCE})`
    const writes = await transaction.$executeRaw`
      DELETE FROM message_writes WHERE ctid IN (
        SELECT ctid FROM message_writes WHERE created_at < now() - interval '100 days' LIMIT ${ROWS_AT_ONCE})`
    // The application's own role may not delete these; the function runs as their owner.
    const [audit] = await transaction.$queryRaw<{ purged: number }[]>`
      SELECT purge_audit_log(${auditRetentionDays}::int, ${ROWS_AT_ONCE}::int) AS purged`
    return sessions + steps + attempts + keys + tickets + departures + writes + (audit?.purged ?? 0)
  })
