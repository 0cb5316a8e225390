import * as z from 'zod/mini'
import { command, commandTable } from './command'
import { Cursor, pageLimit, Timestamp, text } from './primitives'

/** What is written into the log beside commands: what they changed, and connections. */
export const auditActions = [
  'account.disable',
  'connection.close',
  'connection.open',
  'connection.refused',
  'google.begin',
  'google.link',
  'google.signIn',
  'google.unlink',
  'invite.create',
  'password.change',
  'password.reset',
  'second-factor.remove',
  'second-factor.set',
  'session.end',
  'user.disable',
  'user.enable',
  'user.permissions',
  'user.role',
  'webhook.change',
  'webhook.create',
  'webhook.delete',
  'webhook.replay',
  'webhook.secret',
] as const
export type AuditAction = (typeof auditActions)[number]

/** One line of the audit log: who did what, when and from where. */
export const AuditRecord = z.object({
  id: z.string(),
  at: Timestamp,
  /** What was done: a command's name, or dotted words like `connection.open`. */
  action: z.string(),
  /** `ok` or an error's code. */
  outcome: z.string(),
  /** The person; null for services, jobs and nobody. */
  actorId: z.nullable(z.string()),
  /** In words: a person's name at that time, that of a service's key, `nobody`, `system`. */
  actor: z.string(),
  /** Whom or what it concerns. */
  target: z.nullable(z.string()),
  /** What changed: small, plain values. */
  details: z.record(z.string(), z.unknown()),
  transport: z.string(),
  address: z.nullable(z.string()),
  origin: z.nullable(z.string()),
  /** The session's public id. */
  sessionId: z.nullable(z.string()),
  correlationId: z.nullable(z.string()),
})
export type AuditRecord = z.infer<typeof AuditRecord>

/** PostgreSQL has no year 0. */
const Moment = Timestamp.check(z.refine((time) => !time.startsWith('0000'), 'There was no year 0.'))

const filter = {
  /** A person's id, or how a name begins. */
  actor: z.optional(text('actor').check(z.trim(), z.maxLength(120))),
  /** A whole action, or how it begins: `connection` has all of connections. */
  action: z.optional(text('action').check(z.trim(), z.maxLength(120))),
  from: z.optional(Moment),
  /** Not itself included. */
  to: z.optional(Moment),
}
/** Which entries: of the actor, the action and the span of time that are given; all of none. */
export const AuditFilter = z.object(filter)
export type AuditFilter = z.infer<typeof AuditFilter>

export const AuditQuery = z.object({ ...filter, cursor: z.optional(Cursor), limit: pageLimit(200, 50) })
/** Newest first. `nextCursor`: there are older ones; null: there are none. */
export const AuditPage = z.object({ entries: z.array(AuditRecord), nextCursor: z.nullable(Cursor) })
export type AuditPage = z.infer<typeof AuditPage>

/** The audit log, for those who may read it; over HTTP only. */
export const auditQueries = commandTable(null, {
  /** Newest first. */
  listAudit: command({
    input: AuditQuery,
    data: AuditPage,
    http: 'GET /api/admin/audit',
    permission: 'admin:view-audit',
    limit: 'admin',
  }),
  /** The same as CSV, newest first, without pages; a bounded number of rows, of which the last line says so. */
  exportAudit: command({
    input: AuditFilter,
    data: z.custom<ReadableStream<Uint8Array>>((value) => value instanceof ReadableStream),
    http: 'GET /api/admin/audit/export',
    permission: 'admin:view-audit',
    limit: 'admin',
    audit: true,
  }),
})
