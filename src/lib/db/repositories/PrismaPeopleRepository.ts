import { limits } from '@/contracts/limits'
import type { Account, AccountsPage } from '@/contracts/people'
import { knownPermissions, Role, roles } from '@/contracts/permissions'
import type { AccountChange, PeopleRepository, PeopleTransaction } from '@/services/users/peoplePorts'
import type { Database, Queries } from '../database'
import { translateDatabaseError } from '../errors'
import { Prisma } from '../generated/client'
import { insertAudit } from './auditLog'
import { decodeIdCursor, encodeIdCursor } from './cursor'
import { literal } from './like'

interface AccountRow {
  id: string
  name: string
  email: string
  avatar_image: string | null
  role: string
  is_disabled: boolean
  permissions: string[]
  added: string[]
  removed: string[]
  sessions: number
  last_seen: Date
}

/** The caller adds conditions on `u`. */
const accounts = Prisma.sql`
  SELECT u.id, u.name, u.email, u.avatar_image, u.role, u.disabled_at IS NOT NULL AS is_disabled, u.permissions, u.last_seen,
    ARRAY(SELECT permission FROM user_permissions WHERE user_id = u.id AND is_granted) AS added,
    ARRAY(SELECT permission FROM user_permissions WHERE user_id = u.id AND NOT is_granted) AS removed,
    (SELECT count(*)::int FROM sessions WHERE user_id = u.id AND expires_at > now()) AS sessions
  FROM users u`

/** No process says these itself, so no process passes them over. */
const ORIGIN = 'database'

export class PrismaPeopleRepository implements PeopleRepository {
  constructor(private readonly db: Database) {}

  async page(query: string, cursor: string | undefined): Promise<AccountsPage> {
    const after = cursor === undefined ? undefined : decodeIdCursor(cursor)
    const part = `%${literal(query)}%`
    const [rows, allowed] = await Promise.all([
      this.db.prisma.$queryRaw<AccountRow[]>`
        ${accounts}
        WHERE (u.name ILIKE ${part} OR u.email ILIKE ${part})
        ${after === undefined ? Prisma.empty : Prisma.sql`AND (lower(u.name), u.id) > (SELECT lower(name), id FROM users WHERE id = ${after})`}
        ORDER BY lower(u.name), u.id
        LIMIT ${limits.accountsPage + 1}`,
      this.db.prisma.rolePermission.findMany(),
    ])
    const users = rows.slice(0, limits.accountsPage).map(toAccount)
    const last = users.at(-1)
    const permissionsOf = (role: Role) =>
      knownPermissions(allowed.filter((row) => row.role === role).map(({ permission }) => permission))
    return {
      users,
      nextCursor: rows.length > users.length && last ? encodeIdCursor(last.id) : null,
      roles: Object.fromEntries(roles.map((role) => [role, permissionsOf(role)])) as AccountsPage['roles'], // each role once
    }
  }

  transaction<T>(work: (people: PeopleTransaction) => Promise<T>): Promise<T> {
    const done = this.db.prisma.$transaction(async (queries) => {
      await queries.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('tandem: people'))`
      return work(peopleIn(queries))
    })
    // What fails outside its statements (no connection in time, the commit itself) passes by the client's translation.
    return done.catch((error: unknown) => {
      throw translateDatabaseError(error)
    })
  }
}

const peopleIn = (queries: Queries): PeopleTransaction => ({
  async find(id) {
    const [row] = await queries.$queryRaw<AccountRow[]>`${accounts} WHERE u.id = ${id}`
    return row ? toAccount(row) : null
  },

  async write(id, change) {
    await writePermissions(queries, id, change.permissions)
    await queries.$executeRaw`
      UPDATE users SET
        role = coalesce(${change.role ?? null}::text, role),
        disabled_at = CASE ${change.disabled ?? null}::boolean
          WHEN true THEN coalesce(disabled_at, now()) WHEN false THEN NULL ELSE disabled_at END
      WHERE id = ${id}`
  },

  async endSessions(id) {
    // Announced one by one, in the same transaction: every socket process closes their sockets at once.
    const ended = await queries.$queryRaw<unknown[]>`
      WITH ended AS (DELETE FROM sessions WHERE user_id = ${id} RETURNING public_id)
      SELECT announce(jsonb_build_object('type', 'session', 'sessionId', public_id), ${ORIGIN})::text FROM ended`
    return ended.length
  },

  record: (actor, ...entries) => insertAudit(queries, actor, ...entries),

  async hasAdmin() {
    const found = await queries.$queryRaw<unknown[]>`
      SELECT 1 FROM users
      WHERE role = 'admin' AND disabled_at IS NULL AND 'admin:manage-users' = ANY (permissions) LIMIT 1`
    return found.length > 0
  },
})

async function writePermissions(queries: Queries, userId: string, list: AccountChange['permissions']): Promise<void> {
  if (!list) return
  await queries.userPermission.deleteMany({ where: { userId } })
  const rows = [
    ...list.added.map((permission) => ({ userId, permission, isGranted: true })),
    ...list.removed.map((permission) => ({ userId, permission, isGranted: false })),
  ]
  await queries.userPermission.createMany({ data: rows, skipDuplicates: true })
}

const toAccount = (row: AccountRow): Account => ({
  id: row.id,
  name: row.name,
  email: row.email,
  ...(row.avatar_image === null ? {} : { avatarImage: row.avatar_image }),
  role: Role.parse(row.role),
  disabled: row.is_disabled,
  permissions: {
    effective: knownPermissions(row.permissions),
    added: knownPermissions(row.added),
    removed: knownPermissions(row.removed),
  },
  sessions: row.sessions,
  lastSeen: row.last_seen.toISOString(),
})
