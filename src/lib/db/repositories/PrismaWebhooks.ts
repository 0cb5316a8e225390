import { type DeliveriesInput, type Webhook, type WebhookDelivery, WebhookType } from '@/contracts/webhooks'
import type { Actor, ChangeEntry } from '@/services/audit/ports'
import type { NewWebhook, WebhookChange, WebhookRepository } from '@/services/webhooks/ports'
import type { Database, Queries } from '../database'
import { translateDatabaseError } from '../errors'
import { Prisma } from '../generated/client'
import { insertAudit } from './auditLog'
import { decodeCursor, encodeCursor } from './cursor'
import { webhookBody } from './webhookBody'

interface WebhookRow {
  id: string
  url: string
  description: string
  events: string[]
  enabled: boolean
  failing_since: Date | null
  old_secret_until: Date | null
  created_at: Date
}

interface DeliveryRow {
  id: bigint
  event_id: string
  type: string
  subject: unknown
  status: WebhookDelivery['status']
  attempts: number
  answer_status: number | null
  answer: string | null
  error: string | null
  created_at: Date
  tried_at: Date | null
  due_at: Date
}

const columns = Prisma.sql`id, url, description, events, enabled, failing_since, created_at,
  CASE WHEN old_secret_until > now() THEN old_secret_until END AS old_secret_until`

/** As if it had never been tried. */
const anew = Prisma.sql`status = 'pending', due_at = clock_timestamp(), waits_since = clock_timestamp(), attempts = 0, error = NULL`

/** Those who deliver listen; no process says it itself. */
const wake = Prisma.sql`SELECT announce('{"type": "webhooks"}', 'database')::text`

export class PrismaWebhooks implements WebhookRepository {
  constructor(private readonly db: Database) {}

  async list(): Promise<Webhook[]> {
    const rows = await this.db.prisma.$queryRaw<WebhookRow[]>`
      SELECT ${columns} FROM webhook_endpoints ORDER BY created_at, id`
    return rows.map(toWebhook)
  }

  async find(id: string): Promise<Webhook | null> {
    const [row] = await this.db.prisma.$queryRaw<WebhookRow[]>`
      SELECT ${columns} FROM webhook_endpoints WHERE id = ${id}`
    return row ? toWebhook(row) : null
  }

  create(actor: Actor, { id, url, description, events, secret }: NewWebhook, most: number): Promise<boolean> {
    return inTransaction(this.db, async (queries) => {
      // One after the other, so that their number holds.
      await queries.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('tandem: webhooks'))`
      const made = await queries.$executeRaw`
        INSERT INTO webhook_endpoints (id, url, description, events, secret)
        SELECT ${id}, ${url}, ${description}, ${[...events]}::text[], ${secret}
        WHERE (SELECT count(*) FROM webhook_endpoints) < ${most}`
      if (made === 0) return false
      await note(queries, actor, { action: 'webhook.create', target: id, details: { host: hostOf(url), events } })
      await queries.$queryRaw(wake)
      return true
    })
  }

  change(actor: Actor, id: string, change: WebhookChange): Promise<Webhook | null> {
    return inTransaction(this.db, async (queries) => {
      const { url = null, description = null, events = null, enabled = null } = change
      // What waits has a day again, as has the webhook itself.
      const resumes = Prisma.sql`(${enabled}::boolean AND NOT enabled OR ${url}::text <> url)`
      const [row] = await queries.$queryRaw<WebhookRow[]>`
        UPDATE webhook_endpoints SET
          url = coalesce(${url}::text, url),
          description = coalesce(${description}::text, description),
          events = coalesce(${events && [...events]}::text[], events),
          failing_since = CASE WHEN ${resumes} THEN NULL ELSE failing_since END,
          resumed_at = CASE WHEN ${resumes} THEN clock_timestamp() ELSE resumed_at END,
          enabled = coalesce(${enabled}::boolean, enabled)
        WHERE id = ${id} RETURNING ${columns}`
      if (!row) return null
      const given = { host: url && hostOf(url), description, events, enabled }
      const details = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null))
      await note(queries, actor, { action: 'webhook.change', target: id, details })
      await queries.$queryRaw(wake)
      return toWebhook(row)
    })
  }

  delete(actor: Actor, id: string): Promise<boolean> {
    return inTransaction(this.db, async (queries) => {
      const gone = await queries.$executeRaw`DELETE FROM webhook_endpoints WHERE id = ${id}`
      if (gone > 0) await note(queries, actor, { action: 'webhook.delete', target: id })
      return gone > 0
    })
  }

  rotate(actor: Actor, id: string, secret: string, overlapMs: number): Promise<{ oldSecretUntil: string } | null> {
    return inTransaction(this.db, async (queries) => {
      const [row] = await queries.$queryRaw<{ until: Date }[]>`
        UPDATE webhook_endpoints SET
          old_secret = secret, old_secret_until = now() + ${overlapMs} * interval '1 millisecond', secret = ${secret}
        WHERE id = ${id} RETURNING old_secret_until AS until`
      if (!row) return null
      await note(queries, actor, { action: 'webhook.secret', target: id })
      return { oldSecretUntil: row.until.toISOString() }
    })
  }

  async deliveries({
    id,
    cursor,
    limit,
  }: DeliveriesInput): Promise<{ deliveries: WebhookDelivery[]; nextCursor: string | null }> {
    const before = cursor === undefined ? undefined : decodeCursor(cursor)
    const rows = await this.db.prisma.$queryRaw<DeliveryRow[]>`
      SELECT * FROM webhook_deliveries
      WHERE endpoint_id = ${id}
      ${before ? Prisma.sql`AND (created_at, id) < (${before.time}::timestamptz, ${deliveryIdOf(before.id) ?? 0n}::bigint)` : Prisma.empty}
      ORDER BY created_at DESC, id DESC LIMIT ${limit + 1}`
    const page = rows.slice(0, limit)
    const last = page.at(-1)
    return {
      deliveries: page.map(toDelivery),
      nextCursor: last && rows.length > limit ? encodeCursor(last.created_at, String(last.id)) : null,
    }
  }

  replay(actor: Actor, id: string, deliveryId: string): Promise<boolean> {
    const number = deliveryIdOf(deliveryId)
    if (number === undefined) return Promise.resolve(false)
    return inTransaction(this.db, async (queries) => {
      const found = await queries.$executeRaw`
        UPDATE webhook_deliveries SET ${anew} WHERE id = ${number} AND endpoint_id = ${id}`
      if (found === 0) return false
      await note(queries, actor, { action: 'webhook.replay', target: id, details: { delivery: deliveryId } })
      await queries.$queryRaw(wake)
      return true
    })
  }

  replaySpan(
    actor: Actor,
    id: string,
    { from, to }: { from: string; to: string },
    most: number,
  ): Promise<number | 'too many'> {
    return inTransaction(this.db, async (queries) => {
      const found = await queries.$queryRaw<{ id: bigint }[]>`
        SELECT id FROM webhook_deliveries
        WHERE endpoint_id = ${id} AND created_at >= ${from}::timestamptz AND created_at < ${to}::timestamptz
          AND status <> 'pending'
        ORDER BY created_at LIMIT ${most + 1}`
      if (found.length > most) return 'too many'
      const ids = found.map((row) => row.id)
      const count = await queries.$executeRaw`
        UPDATE webhook_deliveries SET ${anew} WHERE id = ANY (${ids}::bigint[]) AND status <> 'pending'`
      await note(queries, actor, { action: 'webhook.replay', target: id, details: { from, to, count } })
      await queries.$queryRaw(wake)
      return count
    })
  }
}

function inTransaction<T>(db: Database, work: (queries: Queries) => Promise<T>): Promise<T> {
  // What fails outside its statements (no connection in time, the commit itself) passes by the client's translation.
  return db.prisma.$transaction(work).catch((error: unknown) => {
    throw translateDatabaseError(error)
  })
}

/** Undefined: none has this id. */
const deliveryIdOf = (id: string): bigint | undefined => (/^[1-9]\d{0,17}$/.test(id) ? BigInt(id) : undefined)

const note = (queries: Queries, actor: Actor, entry: ChangeEntry): Promise<void> => insertAudit(queries, actor, entry)

/** Of an address what may be known: the rest can be a secret. */
const hostOf = (url: string): string => new URL(url).host

/** A later version may know others. */
const knownTypes = (events: readonly string[]): WebhookType[] =>
  events.flatMap((event) => WebhookType.safeParse(event).data ?? [])

const toWebhook = (row: WebhookRow): Webhook => ({
  id: row.id,
  url: row.url,
  description: row.description,
  events: knownTypes(row.events),
  enabled: row.enabled,
  failingSince: row.failing_since?.toISOString() ?? null,
  oldSecretUntil: row.old_secret_until?.toISOString() ?? null,
  createdAt: row.created_at.toISOString(),
})

const toDelivery = (row: DeliveryRow): WebhookDelivery => ({
  id: String(row.id),
  eventId: row.event_id,
  type: row.type,
  status: row.status,
  attempts: row.attempts,
  request: bodyOf(row),
  answer: row.answer_status === null ? null : { status: row.answer_status, body: row.answer ?? '' },
  error: row.error,
  createdAt: row.created_at.toISOString(),
  triedAt: row.tried_at?.toISOString() ?? null,
  dueAt: row.status === 'pending' ? row.due_at.toISOString() : null,
})

/** What this version cannot make is shown as nothing; why is in `error` once it was tried. */
function bodyOf({ type, subject, created_at }: DeliveryRow): string {
  try {
    return webhookBody(type, subject, created_at)
  } catch {
    return ''
  }
}
