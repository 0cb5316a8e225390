import { knownPermissions, Role } from '@/contracts/permissions'
import type { LiveSession, SessionReader } from '@/services/users/ports'
import type { Announcing } from '../Announcing'
import type { Database } from '../database'
import { Prisma } from '../generated/client'

export interface LiveSessionRow {
  session_id: string
  id: string
  name: string
  role: string
  permissions: string[]
}

/** Of these public ids, the sessions that are neither ended nor expired, of people whose account is not disabled. */
export const liveSessions = (sessionIds: readonly string[]) => Prisma.sql`
  SELECT s.public_id AS session_id, u.id, u.name, u.role, u.permissions
  FROM sessions s JOIN users u ON u.id = s.user_id
  WHERE s.public_id = ANY (${[...sessionIds]}::text[]) AND s.expires_at > now() AND u.disabled_at IS NULL`

export const toLiveSession = (row: LiveSessionRow): LiveSession => ({
  sessionId: row.session_id,
  id: row.id,
  name: row.name,
  role: Role.parse(row.role),
  permissions: knownPermissions(row.permissions),
})

/** Reads sessions by their public id and never extends them: only a visit to Next does that. */
export class PrismaSessionReader implements SessionReader {
  constructor(private readonly db: Database) {}

  async live(sessionIds: readonly string[]): Promise<LiveSession[]> {
    const rows = await this.db.prisma.$queryRaw<LiveSessionRow[]>(liveSessions(sessionIds))
    return rows.map(toLiveSession)
  }
}

/**
 * Ends a session and announces it in the same transaction, so that every socket process closes its sockets at once.
 * Lucia's own adapter would swallow a failure here, and the session would live on.
 */
export async function endSession(db: Database, secretId: string, announcing: Announcing): Promise<void> {
  await announcing.transaction(
    (name) => db.prisma.$queryRaw`
      WITH ended AS (DELETE FROM sessions WHERE id = ${secretId} RETURNING public_id)
      SELECT announce(jsonb_build_object('type', 'session', 'sessionId', public_id), ${name})::text FROM ended`,
  )
}
