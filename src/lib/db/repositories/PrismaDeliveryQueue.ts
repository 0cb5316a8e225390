import type { Permission } from '@/contracts/permissions'
import type { Presence } from '@/contracts/presence'
import { systemActor } from '@/services/audit/ports'
import type { Attempt, Delivery, DeliveryQueue, Endpoint, Fate } from '@/services/webhooks/ports'
import type { Database } from '../database'
import { Prisma } from '../generated/client'
import { auditInsertion } from './auditLog'
import { webhookBody } from './webhookBody'

const MANAGE: Permission = 'admin:manage-webhooks'

/** Past Prisma, which takes more of the process's time than all the rest. */
export class PrismaDeliveryQueue implements DeliveryQueue {
  constructor(private readonly db: Pick<Database, 'rows'>) {}

  async waiting(): Promise<string[]> {
    const rows = await this.db.rows<{ id: string }>(Prisma.sql`SELECT * FROM webhooks_waiting() AS id`)
    return rows.map(({ id }) => id)
  }

  async lanes(endpointId: string, after: string, most: number): Promise<{ lane: string; isDue: boolean }[]> {
    return this.db.rows(Prisma.sql`
      SELECT l.lane, l.is_due AS "isDue"
      FROM webhook_endpoints e CROSS JOIN LATERAL webhook_lanes(e.id, ${after}, ${most}::int) l
      WHERE e.id = ${endpointId} AND e.enabled`)
  }

  async next(endpointId: string, lane: string, after: string): Promise<Delivery | null> {
    const [row] = await this.db.rows<{
      id: string
      event_id: string
      type: string
      subject: unknown
      created_at: Date
      attempts: number
      waited: number
      url: string
      secrets: string[]
      failing_for: number | null
    }>(Prisma.sql`
      SELECT d.id::text, d.event_id, d.type, d.subject, d.created_at,
        CASE WHEN d.tried_at < e.resumed_at THEN 0 ELSE d.attempts END AS attempts,
        extract(epoch FROM now() - greatest(d.waits_since, e.resumed_at))::float8 * 1000 AS waited, e.url,
        CASE WHEN e.old_secret_until > now() THEN ARRAY[e.secret, e.old_secret] ELSE ARRAY[e.secret] END AS secrets,
        extract(epoch FROM now() - e.failing_since)::float8 * 1000 AS failing_for
      FROM webhook_endpoints e CROSS JOIN LATERAL webhook_head(e.id, ${lane}, ${after}::bigint) d
      WHERE e.id = ${endpointId} AND e.enabled`)
    if (!row) return null
    return {
      id: row.id,
      eventId: row.event_id,
      endpoint: { id: endpointId, url: row.url, secrets: row.secrets, failingForMs: row.failing_for },
      body: () => webhookBody(row.type, row.subject, row.created_at),
      attempts: row.attempts,
      waitedMs: row.waited,
    }
  }

  async succeeded(endpointId: string, deliveryId: string, attempt: Attempt): Promise<void> {
    await this.db.rows(Prisma.sql`
      WITH known AS (
        UPDATE webhook_endpoints SET failing_since = NULL WHERE id = ${endpointId} AND failing_since IS NOT NULL
      )
      UPDATE webhook_deliveries SET status = 'succeeded', ${tried(endpointId, attempt)} WHERE id = ${deliveryId}::bigint AND status = 'pending'`)
  }

  async failed(endpointId: string, deliveryId: string, attempt: Attempt, fate: Fate): Promise<void> {
    const becomes =
      fate === 'dead'
        ? Prisma.sql`status = 'dead'`
        : Prisma.sql`due_at = clock_timestamp() + ${fate.retryInMs} * interval '1 millisecond'`
    await this.db.rows(Prisma.sql`
      WITH known AS (
        UPDATE webhook_endpoints SET failing_since = clock_timestamp() WHERE id = ${endpointId} AND failing_since IS NULL
      )
      UPDATE webhook_deliveries SET ${becomes}, ${tried(endpointId, attempt)} WHERE id = ${deliveryId}::bigint AND status = 'pending'`)
  }

  async disable({ id, url }: Pick<Endpoint, 'id' | 'url'>): Promise<boolean> {
    const details = { host: new URL(url).host, enabled: false }
    const entry = { action: 'webhook.change', target: id, details, actor: systemActor, at: new Date() }
    const noted = await this.db.rows(Prisma.sql`
      WITH off AS (
        UPDATE webhook_endpoints SET enabled = false WHERE id = ${id} AND url = ${url} AND enabled RETURNING id
      )
      ${auditInsertion([entry])} WHERE EXISTS (SELECT FROM off) RETURNING id::text`)
    return noted.length > 0
  }

  async wantsPresence(): Promise<boolean> {
    const rows = await this.db.rows(Prisma.sql`
      SELECT FROM webhook_endpoints WHERE enabled AND events && ARRAY['user.online', 'user.offline'] LIMIT 1`)
    return rows.length > 0
  }

  async notePresence(userId: string, { isOnline, lastSeen }: Pick<Presence, 'isOnline' | 'lastSeen'>): Promise<void> {
    await this.db.rows(Prisma.sql`SELECT note_presence(${userId}, ${isOnline}, ${lastSeen}::timestamptz)::text`)
  }

  async managers(): Promise<string[]> {
    const rows = await this.db.rows<{ id: string }>(Prisma.sql`
      SELECT id FROM users WHERE ${MANAGE} = ANY (permissions) AND disabled_at IS NULL ORDER BY id LIMIT 100`)
    return rows.map(({ id }) => id)
  }
}

/** Attempts are counted anew once the webhook was resumed. */
const tried = (endpointId: string, attempt: Attempt): Prisma.Sql => {
  const { status, body, error } = { status: null, body: null, error: null, ...attempt }
  return Prisma.sql`
    attempts = 1 + CASE
      WHEN tried_at < (SELECT resumed_at FROM webhook_endpoints WHERE id = ${endpointId}) THEN 0 ELSE attempts
    END,
    tried_at = clock_timestamp(),
    answer_status = ${status}::int, answer = ${body}::text, error = ${error}::text`
}
