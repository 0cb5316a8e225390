import type { Database } from './database'
import { Prisma } from './generated/client'

/** Rows of one table that one statement deletes: a process that is killed loses one of them. */
const ROWS_AT_ONCE = 2_000

/**
 * Deletes some of what has expired: sessions, sign-ins that nobody finished, old counts of wrong codes, idempotency keys,
 * used tickets that nobody would accept any more, what is noted of rooms that people left and of changes of messages,
 * webhooks that were delivered, pushes that nobody sends, jobs that were given up, and entries of the audit log past their retention. Resolves to how many rows went; 0: nothing is left.
 */
export async function deleteExpired(
  db: Pick<Database, 'rows'>,
  { auditRetentionDays }: { auditRetentionDays: number },
): Promise<number> {
  const [row] = await db.rows<{ gone: number }>(Prisma.sql`
    WITH sessions AS (
      DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at <= now() LIMIT ${ROWS_AT_ONCE})
      RETURNING 1
    ), steps AS (
      DELETE FROM sign_in_steps WHERE id IN (SELECT id FROM sign_in_steps WHERE expires_at <= now() LIMIT ${ROWS_AT_ONCE})
      RETURNING 1
    ), attempts AS (
      -- What made an address known is forgotten when it counts no more.
      DELETE FROM code_attempts WHERE ctid IN (
        SELECT ctid FROM code_attempts
        WHERE since < now() - interval '30 days' AND (right_at IS NULL OR right_at < now() - interval '30 days')
        LIMIT ${ROWS_AT_ONCE})
      RETURNING 1
    ), keys AS (
      DELETE FROM idempotency_keys WHERE key IN (
        SELECT key FROM idempotency_keys WHERE created_at < now() - interval '1 day' LIMIT ${ROWS_AT_ONCE})
      RETURNING 1
    ), tickets AS (
      -- Their ends are told by the clocks of our processes, which may be ahead of the database's or behind it.
      DELETE FROM used_tickets WHERE id IN (
        SELECT id FROM used_tickets WHERE dead_at < now() - interval '10 minutes' LIMIT ${ROWS_AT_ONCE})
      RETURNING 1
    ), departures AS (
      -- A session lives 90 days: no page that missed it longer ago is still there to ask.
      DELETE FROM room_departures WHERE ctid IN (
        SELECT ctid FROM room_departures WHERE left_at < now() - interval '100 days' LIMIT ${ROWS_AT_ONCE})
      RETURNING 1
    ), writes AS (
      DELETE FROM message_writes WHERE ctid IN (
        SELECT ctid FROM message_writes WHERE created_at < now() - interval '100 days' LIMIT ${ROWS_AT_ONCE})
      RETURNING 1
    ), deliveries AS (
      -- Also those that nobody will ever send: their webhook is gone, or switched off.
      DELETE FROM webhook_deliveries WHERE id IN (
        SELECT d.id FROM webhook_deliveries d
        WHERE d.created_at < now() - interval '7 days' AND (d.status <> 'pending'
          OR NOT EXISTS (SELECT FROM webhook_endpoints e WHERE e.id = d.endpoint_id AND e.enabled))
        LIMIT ${ROWS_AT_ONCE})
      RETURNING 1
    ), news AS (
      -- Nobody sends pushes any more.
      DELETE FROM push_news WHERE ctid IN (
        SELECT ctid FROM push_news WHERE happened_at < now() - interval '1 day' ORDER BY happened_at LIMIT ${ROWS_AT_ONCE})
      RETURNING 1
    ), pushes AS (
      DELETE FROM push_waiting WHERE ctid IN (
        SELECT ctid FROM push_waiting WHERE due_at < now() - interval '1 day' LIMIT ${ROWS_AT_ONCE})
      RETURNING 1
    ), jobs AS (
      -- Those that were given up, after a week in which somebody could look at them.
      SELECT 1 FROM graphile_worker.complete_jobs(ARRAY(
        SELECT id FROM graphile_worker.jobs
        WHERE attempts >= max_attempts AND locked_at IS NULL AND updated_at < now() - interval '7 days' LIMIT ${ROWS_AT_ONCE}))
    ), gone AS (
      SELECT 1 FROM sessions UNION ALL SELECT 1 FROM steps UNION ALL SELECT 1 FROM attempts UNION ALL SELECT 1 FROM keys
      UNION ALL SELECT 1 FROM tickets UNION ALL SELECT 1 FROM departures UNION ALL SELECT 1 FROM writes
      UNION ALL SELECT 1 FROM deliveries UNION ALL SELECT 1 FROM news UNION ALL SELECT 1 FROM pushes
      UNION ALL SELECT 1 FROM jobs
    )
    -- The application's own role may not delete entries of the audit log; the function runs as their owner.
    SELECT (SELECT count(*)::int FROM gone) + purge_audit_log(${auditRetentionDays}::int, ${ROWS_AT_ONCE}::int) AS gone`)
  return row?.gone ?? 0
}
