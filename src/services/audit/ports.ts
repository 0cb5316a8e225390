import type { AuditAction, AuditFilter, AuditPage } from '@/contracts/audit'
import type { ErrorCode } from '@/contracts/errors'

/** Who does something, and from where; handlers get it with every call. */
export interface Actor {
  /** The person; null: another service, or nobody who is signed in. */
  userId: string | null
  /** In words: a person's name, that of a service's key, `nobody`, `system`. */
  name: string
  transport: 'socket' | 'http' | 'graphql' | 'system'
  /** In full; null where there is none. */
  address: string | null
  /** The page's, as the browser says it. */
  origin: string | null
  /** The session's public id. */
  sessionId: string | null
  correlationId: string | null
}

/** Something done by nobody's wish: a job, a script, the start of a process. */
export const systemActor: Actor = {
  userId: null,
  name: 'system',
  transport: 'system',
  address: null,
  origin: null,
  sessionId: null,
  correlationId: null,
}

/** One line of the audit log. Never holds secrets, passwords, tokens or what people wrote. */
export interface AuditEntry {
  /** What was done, in dotted words: `user.role`, `session.end`, or the name of a command. */
  action: string
  /** Absent: `ok`. */
  outcome?: ErrorCode | 'ok' | undefined
  /** Whom or what it concerns: an id. */
  target?: string | undefined
  /** What changed: small, plain values. */
  details?: Record<string, string | number | boolean | null | readonly string[]> | undefined
}

/** What is written in the transaction of what it tells of. */
export interface ChangeEntry extends AuditEntry {
  action: AuditAction
}

/** Takes an entry for the audit log; never throws and never waits. */
export type NoteAudit = (actor: Actor, entry: AuditEntry) => void

/** An entry with who made it. */
export interface AuditRow extends AuditEntry {
  actor: Actor
  at: Date
}

/** Where entries of the audit log are kept. */
export interface AuditStore {
  append(rows: readonly AuditRow[]): Promise<void>
  /** Newest first. */
  page(query: AuditFilter & { cursor?: string | undefined; limit: number }): Promise<AuditPage>
}
