import type { AuditFilter, AuditPage } from '@/contracts/audit'
import type { Actor, AuditRow, AuditStore, ChangeEntry } from '@/services/audit/ports'
import type { Database, Queries } from '../database'
import { Prisma } from '../generated/client'
import { decodeNumberCursor, encodeNumberCursor } from './cursor'

/** Writes entries in the transaction of what they tell of: both are kept, or neither. */
export async function insertAudit(queries: Queries, actor: Actor, ...entries: ChangeEntry[]): Promise<void> {
  const at = new Date()
  await queries.$executeRaw(auditInsertion(entries.map((entry) => ({ ...entry, actor, at }))))
}

/** The audit log in PostgreSQL. */
export class PrismaAuditStore implements AuditStore {
  constructor(private readonly db: Database) {}

  async append(rows: readonly AuditRow[]): Promise<void> {
    await this.db.rows(auditInsertion(rows))
  }

  async page({ cursor, limit, ...filter }: AuditFilter & { cursor?: string; limit: number }): Promise<AuditPage> {
    const ids = await this.ids(filter, cursor === undefined ? undefined : decodeNumberCursor(cursor), limit + 1)
    const rows = await this.db.prisma.auditRecord.findMany({
      where: { id: { in: ids.slice(0, limit) } },
      orderBy: { id: 'desc' },
    })
    const last = rows.at(-1)
    return {
      entries: rows.map(({ id, at, details, ...row }) => ({
        ...row,
        id: String(id),
        at: at.toISOString(),
        // Written below, from a record.
        details: details as Record<string, unknown>,
      })),
      nextCursor: last && ids.length > limit ? encodeNumberCursor(last.id) : null,
    }
  }

  /** The ids below `before`, newest first; each condition has an index. */
  private async ids(
    { actor, action, from, to }: AuditFilter,
    before: bigint | undefined,
    limit: number,
  ): Promise<bigint[]> {
    const rows = await this.db.prisma.$queryRaw<{ id: bigint }[]>`
      SELECT id FROM audit_log
      WHERE (${before ?? null}::bigint IS NULL OR id < ${before ?? null}::bigint)
        AND (${actor || null}::text IS NULL OR actor_id = ${actor || null}::text
          OR lower(actor) LIKE lower(${beginning(actor)}::text))
        AND (${action || null}::text IS NULL OR action LIKE ${beginning(action)}::text)
        AND (${from ?? null}::timestamptz IS NULL OR at >= ${from ?? null}::timestamptz)
        AND (${to ?? null}::timestamptz IS NULL OR at < ${to ?? null}::timestamptz)
      ORDER BY id DESC LIMIT ${limit}`
    return rows.map(({ id }) => id)
  }
}

/** A pattern for whatever begins like this. */
const beginning = (text = ''): string => `${text.replaceAll(/[\\%_]/g, '\\$&')}%`

const columns = Prisma.raw(
  'at, action, outcome, target, details, actor_id, actor, transport, address, origin, session_id, correlation_id',
)

/** As one JSON: a parameter of its own for each value of each entry would take most of the time of writing many. */
export function auditInsertion(rows: readonly AuditRow[]): Prisma.Sql {
  const values = rows.map(({ action, outcome = 'ok', target, details = {}, actor, at }) => ({
    at,
    action,
    outcome,
    target,
    details,
    actor_id: actor.userId,
    actor: actor.name,
    transport: actor.transport,
    address: actor.address,
    // A header: whoever sends it decides how long it is.
    origin: actor.origin?.slice(0, 255),
    session_id: actor.sessionId,
    correlation_id: actor.correlationId,
  }))
  return Prisma.sql`
    INSERT INTO audit_log (${columns})
    SELECT ${columns} FROM jsonb_populate_recordset(NULL::audit_log, ${JSON.stringify(values)}::jsonb)`
}
