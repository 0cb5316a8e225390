import type { Actor, AuditEntry, AuditRow, AuditStore } from '@/services/audit/ports'
import type { Database, Queries } from '../database'

/** Writes entries in the transaction of what they tell of: both are kept, or neither. */
export function insertAudit(queries: Queries, actor: Actor, ...entries: AuditEntry[]): Promise<void> {
  const at = new Date()
  return append(
    queries,
    entries.map((entry) => ({ ...entry, actor, at })),
  )
}

/** The audit log in PostgreSQL. */
export class PrismaAuditStore implements AuditStore {
  constructor(private readonly db: Database) {}

  append(rows: readonly AuditRow[]): Promise<void> {
    return append(this.db.prisma, rows)
  }
}

async function append(queries: Pick<Queries, 'auditRecord'>, rows: readonly AuditRow[]): Promise<void> {
  await queries.auditRecord.createMany({
    data: rows.map(({ action, outcome = 'ok', target, details = {}, actor, at }) => ({
      at,
      action,
      outcome,
      target: target ?? null,
      details,
      actorId: actor.userId,
      actor: actor.name,
      transport: actor.transport,
      address: actor.address,
      origin: actor.origin,
      sessionId: actor.sessionId,
      correlationId: actor.correlationId,
    })),
  })
}
