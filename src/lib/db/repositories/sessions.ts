import { knownPermissions, type Permission, Role } from '@/contracts/permissions'
import type { Actor, ChangeEntry } from '@/services/audit/ports'
import type { LiveSession, NewSession, OwnSession, SessionKeeper } from '@/services/users/ports'
import type { Announcing } from '../Announcing'
import type { Database, Queries } from '../database'
import { Prisma } from '../generated/client'
import { insertAudit } from './auditLog'

/** Most sessions that one check says were seen: a process that has just started does not write all of them at once. */
const TOUCHED_AT_ONCE = 500

export interface LiveSessionRow {
  session_id: string
  second_factor: boolean
  id: string
  name: string
  role: string
  permissions: string[]
}

/** Without one an administrator's session may do what any person may, and no more. */
export interface SecondFactorRule {
  secondFactorForAdmins: boolean
}

/** Of these public ids, the sessions that are neither ended nor expired, of people whose account is not disabled. */
export const liveSessions = (sessionIds: readonly string[]) => Prisma.sql`
  SELECT s.public_id AS session_id, s.second_factor, u.id, u.name, u.role, u.permissions
  FROM sessions s JOIN users u ON u.id = s.user_id
  WHERE s.public_id = ANY (${[...sessionIds]}::text[]) AND s.expires_at > now() AND u.disabled_at IS NULL`

export const toLiveSession = (row: LiveSessionRow, { secondFactorForAdmins }: SecondFactorRule): LiveSession => ({
  sessionId: row.session_id,
  id: row.id,
  name: row.name,
  role: Role.parse(row.role),
  permissions: withheld(knownPermissions(row.permissions), row.second_factor, secondFactorForAdmins),
})

/** What a session holds of a person's permissions: without the second factor that is asked for, none of an administrator's. */
export const withheld = (permissions: Permission[], secondFactor: boolean, isRequired: boolean): Permission[] =>
  isRequired && !secondFactor ? permissions.filter((permission) => !permission.startsWith('admin:')) : permissions

/** Reads sessions by their public id and never extends them: only a visit to Next does that. */
export class PrismaSessionReader implements SessionKeeper {
  constructor(
    private readonly db: Database,
    private readonly rule: SecondFactorRule,
  ) {}

  async live(sessionIds: readonly string[]): Promise<LiveSession[]> {
    const rows = await this.db.rows<LiveSessionRow>(liveSessions(sessionIds))
    return rows.map((row) => toLiveSession(row, this.rule))
  }

  async seen(sessionIds: readonly string[]): Promise<void> {
    await this.db.rows(Prisma.sql`
      UPDATE sessions SET last_seen = now() WHERE id IN (
        SELECT id FROM sessions WHERE public_id = ANY (${[...sessionIds]}::text[]) AND last_seen < now() - interval '1 minute'
        ORDER BY id LIMIT ${TOUCHED_AT_ONCE} FOR UPDATE SKIP LOCKED)`)
  }
}

export interface StartedSessionRow extends Omit<NewSession, 'previous'> {
  /** Of its secret. */
  hash: string
  publicId: string
  expiresAt: Date
  /** The hash of another one's secret, which ends. */
  ends: string | undefined
}

/**
 * Begins a session, unless its person's account was disabled or got another password meanwhile. Their row is locked until
 * it is committed: whoever disables the account or changes its password waits and ends this session with the others, or was
 * first, and there is none. False: there is none.
 */
export const startSession = (
  db: Database,
  { userId, passwordHash, hash, publicId, expiresAt, device, address, secondFactor, ends }: StartedSessionRow,
  announcing: Announcing,
): Promise<boolean> =>
  announcing.transaction((name) =>
    db.prisma.$transaction(async (transaction) => {
      const begun = await transaction.$executeRaw`
        WITH owner AS (
          SELECT id FROM users
          WHERE id = ${userId} AND disabled_at IS NULL
            AND (${passwordHash === undefined}::boolean OR password_hash IS NOT DISTINCT FROM ${passwordHash ?? null}::text)
          FOR SHARE
        )
        INSERT INTO sessions (id, public_id, user_id, expires_at, device, address, second_factor)
        SELECT ${hash}, ${publicId}, id, ${expiresAt}::timestamptz, ${device}, ${address}, ${secondFactor}::boolean FROM owner`
      if (begun === 0) return false
      if (ends !== undefined) await endSessionsIn(transaction, { hash: ends }, name)
      return true
    }),
  )

/** Whether this session began in the last `ms` milliseconds. */
export async function isFresh(db: Database, sessionId: string, ms: number): Promise<boolean> {
  const rows = await db.prisma.$queryRaw<unknown[]>`
    SELECT 1 FROM sessions
    WHERE public_id = ${sessionId} AND created_at > now() - ${ms}::float8 * interval '1 millisecond'`
  return rows.length > 0
}

/** Which sessions: by the hash of the cookie's secret, or one person's (one of them, or all but one). */
export type EndedSessions =
  | { hash: string }
  | { userId: string; only: string }
  | { userId: string; except: string | null }

/**
 * Ends sessions as somebody's act, which the audit log keeps in the same transaction: a line for each. Resolves to their
 * public ids.
 */
export const endOwnSessions = (
  db: Database,
  which: EndedSessions,
  announcing: Announcing,
  actor: Actor,
): Promise<string[]> =>
  announcing.transaction((name) =>
    db.prisma.$transaction(async (transaction) => {
      const ended = await endSessionsIn(transaction, which, name)
      if (ended.length > 0) {
        await insertAudit(
          transaction,
          actor,
          ...ended.map((target): ChangeEntry => ({ action: 'session.end', target })),
        )
      }
      return ended
    }),
  )

/**
 * Ends sessions inside a transaction of the caller's that has this name, and announces each in it, so that every socket
 * process closes their sockets at once. Lucia's own adapter would swallow a failure here, and the session would live on.
 */
export async function endSessionsIn(queries: Queries, which: EndedSessions, name: string): Promise<string[]> {
  const rows = await queries.$queryRaw<{ public_id: string }[]>`
    WITH ended AS (DELETE FROM sessions WHERE ${condition(which)} RETURNING public_id)
    SELECT public_id, announce(jsonb_build_object('type', 'session', 'sessionId', public_id), ${name})::text FROM ended`
  return rows.map((row) => row.public_id)
}

function condition(which: EndedSessions): Prisma.Sql {
  if ('hash' in which) return Prisma.sql`id = ${which.hash}`
  if ('only' in which) return Prisma.sql`user_id = ${which.userId} AND public_id = ${which.only}`
  if (which.except === null) return Prisma.sql`user_id = ${which.userId}`
  return Prisma.sql`user_id = ${which.userId} AND public_id <> ${which.except}`
}

/** Whose session it is, by the hash of the cookie's secret; null: nobody's. */
export async function ownerOf(
  db: Database,
  hash: string,
): Promise<Pick<Actor, 'userId' | 'name' | 'sessionId'> | null> {
  const row = await db.prisma.session.findUnique({
    where: { id: hash },
    select: { publicId: true, user: { select: { id: true, name: true } } },
  })
  return row && { userId: row.user.id, name: row.user.name, sessionId: row.publicId }
}

/** Somebody's sessions that are not over, the newest visit first. */
export async function listSessions(db: Database, userId: string): Promise<OwnSession[]> {
  const rows = await db.prisma.session.findMany({
    where: { userId, expiresAt: { gt: new Date() } },
    orderBy: [{ lastSeen: 'desc' }, { publicId: 'asc' }],
    take: 100,
  })
  return rows.map(({ publicId, createdAt, lastSeen, device, address }) => ({
    id: publicId,
    createdAt: createdAt.toISOString(),
    lastSeen: lastSeen.toISOString(),
    device,
    address,
  }))
}
