import type { Database } from './database'
import { Prisma } from './generated/client'

/** Any number; whoever holds this lock deletes. */
const LOCK = 72_707_370
/** Rows of one table that one statement deletes: a process that is killed loses one of them. */
const ROWS_AT_ONCE = 2_000

/**
 * Deletes some of what has expired: sessions, sign-ins that nobody finished, old counts of wrong codes, idempotency keys,
 * used tickets that nobody would accept any more, what is noted of rooms that people left and of changes of messages, and entries of the audit log past their retention. Of processes that try
 * at the same moment one does it. Resolves to how many rows went.
 */
export async function deleteExpired(
  db: Pick<Database, 'rows'>,
  { auditRetentionDays }: { auditRetentionDays: number },
): Promise<number> {
  const isMyTurn = Prisma.sql`(SELECT is_mine FROM turn)`
  const [row] = await db.rows<{ gone: number }>(Prisma.sql`
    WITH turn AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(${LOCK}) AS is_mine),
    sessions AS (
      DELETE FROM sessions WHERE id IN (
        SELECT id FROM sessions WHERE ${isMyTurn} AND expires_at <= now() LIMIT ${ROWS_AT_ONCE})
      RETURNING 1
    ), steps AS (
      DELETE FROM sign_in_steps WHERE id IN (
        SELECT id FROM sign_in_steps WHERE ${isMyTurn} AND expires_at <= now() LIMIT ${ROWS_AT_ONCE})
      RETURNING 1
    ), attempts AS (
      -- What made an address known is forgotten when it counts no more.
      DELETE FROM code_attempts WHERE ctid IN (
        SELECT ctid FROM code_attempts
        WHERE ${isMyTurn} AND since < now() - interval '30 days'
          AND (right_at IS NULL OR right_at < now() - interval '30 days')
        LIMIT ${ROWS_AT_ONCE})
      RETURNING 1
    ), keys AS (
      DELETE FROM idempotency_keys WHERE key IN (
        SELECT key FROM idempotency_keys WHERE ${isMyTurn} AND created_at < now() - interval '1 day' LIMIT ${ROWS_AT_ONCE})
      RETURNING 1
    ), tickets AS (
      -- Their ends are told by the clocks of our processes, which may be ahead of the database's or behind it.
      DELETE FROM used_tickets WHERE id IN (
        SELECT id FROM used_tickets WHERE ${isMyTurn} AND dead_at < now() - interval '10 minutes' LIMIT ${ROWS_AT_ONCE})
      RETURNING 1
    ), departures AS (
      -- A session lives 90 days: no page that missed it longer ago is still there to ask.
      DELETE FROM room_departures WHERE ctid IN (
        SELECT ctid FROM room_departures WHERE ${isMyTurn} AND left_at < now() - interval '100 days' LIMIT ${ROWS_AT_ONCE})
      RETURNING 1
    ), writes AS (
      DELETE FROM message_writes WHERE ctid IN (
        SELECT ctid FROM message_writes WHERE ${isMyTurn} AND created_at < now() - interval '100 days' LIMIT ${ROWS_AT_ONCE})
      RETURNING 1
    ), gone AS (
      SELECT 1 FROM sessions UNION ALL SELECT 1 FROM steps UNION ALL SELECT 1 FROM attempts UNION ALL SELECT 1 FROM keys
      UNION ALL SELECT 1 FROM tickets UNION ALL SELECT 1 FROM departures UNION ALL SELECT 1 FROM writes
    )
    -- The application's own role may not delete entries of the audit log; the function runs as their owner.
    SELECT (SELECT count(*)::int FROM gone)
      + CASE WHEN ${isMyTurn} THEN purge_audit_log(${auditRetentionDays}::int, ${ROWS_AT_ONCE}::int) ELSE 0 END AS gone`)
  return row?.gone ?? 0
}
