import { randomUUID } from 'node:crypto'
import { AppError } from '@/contracts/errors'
import { limits } from '@/contracts/limits'
import { knownPermissions, Role } from '@/contracts/permissions'
import type { CurrentUser, Person } from '@/contracts/users'
import type { Actor } from '@/services/audit/ports'
import type { LastSeen, LastSeenRepository } from '@/services/presence/ports'
import type { KnownUser, NewUser, UserRepository } from '@/services/users/ports'
import type { Announcing } from '../Announcing'
import type { Database, Queries } from '../database'
import { isUniqueViolation } from '../errors'
import { GroupCommit } from '../GroupCommit'
import { Prisma } from '../generated/client'
import { insertAudit } from './auditLog'
import { isGood } from './PrismaInvites'
import { endSessionsIn } from './sessions'
import { blockedBy, blockersOf, maySeePresence, tellingRoom, toldPeople } from './tellingRoom'

/** People whose audiences are read by one statement; with each, hundreds may come. */
const AUDIENCES_AT_ONCE = 50
/** People who may wait for that: as many as come at once. */
const MOST_AUDIENCES = 10_000
/** Whoever waited longer is told of with their next sign of life, in milliseconds. */
const AUDIENCE_WAIT_MS = 10_000
/** How long those who come wait for others to be looked up with, in milliseconds. */
const AUDIENCES_LINGER_MS = 50

export class PrismaUserRepository implements UserRepository, LastSeenRepository {
  /** When many people come at the same moment, as after a restart, they are looked up together. */
  private readonly audiences: GroupCommit<string, string[]>

  constructor(
    private readonly db: Database,
    private readonly announcing: Announcing,
  ) {
    this.audiences = new GroupCommit({
      commit: (userIds) => this.audiencesOf(userIds),
      ...{ maxBatch: AUDIENCES_AT_ONCE, maxQueue: MOST_AUDIENCES },
      ...{ maxWaitMs: AUDIENCE_WAIT_MS, lingerMs: AUDIENCES_LINGER_MS },
    })
  }

  async create({ invite, account, ...user }: NewUser): Promise<CurrentUser | 'taken' | 'spent'> {
    const { avatarImage = null, ...columns } = user
    try {
      const row = await this.db.prisma.$transaction(async (transaction) => {
        const made = await transaction.user.create({ data: { id: randomUUID(), ...columns, avatarImage } })
        const isMailed = invite !== undefined && (await spendInvite(transaction, invite, made))
        if (account) await transaction.account.create({ data: { ...account, userId: made.id } })
        if (isMailed || account?.email === made.email) await proveEmailIn(transaction, made.id, made.email)
        return made
      })
      return toCurrentUser(row)
    } catch (error) {
      if (error instanceof SpentInvite) return 'spent'
      if (isUniqueViolation(error)) return 'taken'
      throw error
    }
  }

  async byEmail(email: string): Promise<KnownUser | null> {
    const row = await this.db.prisma.user.findUnique({ where: { email } })
    return row && toKnownUser(row)
  }

  async byId(id: string): Promise<KnownUser | null> {
    const row = await this.db.prisma.user.findUnique({ where: { id } })
    return row && toKnownUser(row)
  }

  proveEmail(userId: string, email: string): Promise<void> {
    return proveEmailIn(this.db.prisma, userId, email)
  }

  async update(
    userId: string,
    { name, avatarImage }: { name?: string | undefined; avatarImage?: string | null | undefined },
  ): Promise<CurrentUser> {
    const data = { ...(name === undefined ? {} : { name }), ...(avatarImage === undefined ? {} : { avatarImage }) }
    return toCurrentUser(await this.db.prisma.user.update({ where: { id: userId }, data }))
  }

  setPassword(
    userId: string,
    { from, to, session }: { from: string | null; to: string; session: { publicId: string; secretHash: string } },
    actor: Actor,
  ): Promise<boolean> {
    return this.announcing.transaction((name) =>
      this.db.prisma.$transaction(async (transaction) => {
        const changed = await transaction.$executeRaw`
          UPDATE users SET password_hash = ${to}
          WHERE id = ${userId} AND password_hash IS NOT DISTINCT FROM ${from}::text AND disabled_at IS NULL`
        if (changed === 0) return false
        await endSessionsIn(transaction, { userId, except: session.publicId }, name)
        const { count } = await transaction.session.updateMany({
          where: { userId, publicId: session.publicId },
          data: { id: session.secretHash },
        })
        // Whoever was signed out a moment ago changes nothing any more.
        if (count === 0) throw new AppError('SESSION_EXPIRED')
        await transaction.signInStep.deleteMany({ where: { userId } })
        await insertAudit(transaction, actor, { action: 'password.change', target: userId })
        return true
      }),
    )
  }

  async rehashPassword(userId: string, from: string, to: string): Promise<boolean> {
    const { count } = await this.db.prisma.user.updateMany({
      where: { id: userId, passwordHash: from },
      data: { passwordHash: to },
    })
    return count > 0
  }

  async demoAccounts(): Promise<CurrentUser[]> {
    const rows = await this.db.prisma.user.findMany({
      where: { isDemo: true, disabledAt: null },
      orderBy: { name: 'asc' },
    })
    return rows.map(toCurrentUser)
  }

  async search(query: string, exceptId: string): Promise<Person[]> {
    const rows = await this.db.prisma.$queryRaw<{ id: string; name: string; avatar_image: string | null }[]>`
      SELECT * FROM find_people(${query}, ${exceptId}, ${limits.usersPage}::int)`
    return rows.map(({ avatar_image, ...person }) => toPerson({ ...person, avatarImage: avatar_image }))
  }

  async touch(seen: ReadonlyMap<string, Date>): Promise<void> {
    // In one order of ids, so that two processes never wait for each other in a circle.
    const entries = [...seen].sort(([a], [b]) => (a < b ? -1 : 1))
    await this.db.rows(Prisma.sql`
      UPDATE users u SET last_seen = greatest(u.last_seen, s.seen)
      FROM (
        SELECT locked.id, x.seen
        FROM unnest(${entries.map(([id]) => id)}::text[], ${entries.map(([, at]) => at)}::timestamptz[]) AS x(id, seen)
        JOIN users locked ON locked.id = x.id
        ORDER BY locked.id
        FOR NO KEY UPDATE OF locked
      ) s
      WHERE u.id = s.id`)
  }

  async lastSeenOf(userIds: readonly string[]): Promise<LastSeen[]> {
    const rows = await this.db.prisma.$queryRaw<LastSeenRow[]>`
      SELECT id, last_seen FROM users WHERE id = ANY (${[...userIds]}::text[])`
    return rows.map(toLastSeen)
  }

  async peersOf(userId: string, limit: number, among?: readonly string[]): Promise<LastSeen[]> {
    const rows = await this.db.prisma.$queryRaw<LastSeenRow[]>`
      SELECT u.id, u.last_seen FROM users u
      WHERE u.id <> ${userId}
      ${among ? Prisma.sql`AND u.id = ANY (${[...among]}::text[])` : Prisma.empty}
      AND u.id IN (${toldPeople(Prisma.sql`${userId}`)})
      AND u.id NOT IN (${blockersOf(userId)})
      ORDER BY u.last_seen DESC LIMIT ${limit}`
    return rows.map(toLastSeen)
  }

  audienceOf(userId: string): Promise<string[]> {
    return this.audiences.add(userId)
  }

  async isTold(readerId: string, userId: string): Promise<boolean> {
    const rows = await this.db.prisma.$queryRaw<unknown[]>`
      SELECT 1 FROM users u
      WHERE u.id = ${readerId} AND ${maySeePresence('u')} AND EXISTS (${tellingRoom(userId, Prisma.sql`u.id`)})
        AND NOT EXISTS (SELECT FROM user_blocks WHERE blocker_id = ${userId} AND blocked_id = ${readerId})`
    return rows.length > 0
  }

  /** Of each, in their order. */
  private async audiencesOf(userIds: readonly string[]): Promise<string[][]> {
    const rows = await this.db.rows<{ ord: number; ids: string[] }>(Prisma.sql`
      SELECT asked.ord::int, told.ids
      FROM unnest(${[...userIds]}::text[]) WITH ORDINALITY AS asked(id, ord)
      CROSS JOIN LATERAL (
        SELECT array_agg(latest.id) AS ids FROM (
          SELECT u.id FROM (SELECT DISTINCT user_id FROM (${toldPeople(Prisma.sql`asked.id`)}) t) peer
          CROSS JOIN LATERAL (
            SELECT id, last_seen FROM users u WHERE u.id = peer.user_id AND ${maySeePresence('u')} LIMIT 1
          ) u
          WHERE u.id <> asked.id AND u.id <> ALL (ARRAY(${blockedBy(Prisma.sql`asked.id`)}))
          ORDER BY u.last_seen DESC LIMIT ${limits.presenceIds}
        ) latest
      ) told
      WHERE told.ids IS NOT NULL`)
    const found = new Map(rows.map(({ ord, ids }) => [ord, ids]))
    return userIds.map((_, index) => found.get(index + 1) ?? [])
  }
}

class SpentInvite extends Error {}

async function proveEmailIn(queries: Pick<Queries, '$executeRaw'>, userId: string, email: string): Promise<void> {
  await queries.$executeRaw`SELECT prove_email(${userId}, ${email})`
}

/**
 * In the transaction of who registers with it: of two who come at once, one does. Resolves to whether it was mailed to their
 * address. @throws SpentInvite.
 */
async function spendInvite(queries: Queries, hash: string, user: { id: string; email: string }): Promise<boolean> {
  const [used] = await queries.$queryRaw<{ mailed: boolean }[]>`
    UPDATE invites SET used_by = ${user.id}
    WHERE id = ${hash} AND ${isGood} AND (email IS NULL OR email = ${user.email}) RETURNING mailed`
  if (!used) throw new SpentInvite()
  return used.mailed
}

interface LastSeenRow {
  id: string
  last_seen: Date
}

const toLastSeen = (row: LastSeenRow): LastSeen => ({ id: row.id, lastSeen: row.last_seen.toISOString() })

interface UserColumns {
  id: string
  name: string
  email: string
  role: string
  permissions: string[]
  avatarImage: string | null
}

const toCurrentUser = (row: UserColumns): CurrentUser => ({
  ...toPerson(row),
  email: row.email,
  role: Role.parse(row.role),
  permissions: knownPermissions(row.permissions),
})

export const toKnownUser = (
  row: UserColumns & { passwordHash: string | null; disabledAt: Date | null },
): KnownUser => ({
  user: toCurrentUser(row),
  passwordHash: row.passwordHash,
  isDisabled: row.disabledAt !== null,
})

const toPerson = (row: Pick<UserColumns, 'id' | 'name' | 'avatarImage'>): Person => ({
  id: row.id,
  name: row.name,
  ...(row.avatarImage === null ? {} : { avatarImage: row.avatarImage }),
})
