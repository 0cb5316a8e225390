import { randomUUID } from 'node:crypto'
import { limits } from '@/contracts/limits'
import { knownPermissions, Role } from '@/contracts/permissions'
import type { CurrentUser, Person } from '@/contracts/users'
import type { LastSeen, LastSeenRepository } from '@/services/presence/ports'
import type { NewUser, UserRepository } from '@/services/users/ports'
import type { Database } from '../database'
import { sqlState } from '../errors'
import { Prisma } from '../generated/client'
import { toldPeople } from './tellingRoom'

export class PrismaUserRepository implements UserRepository, LastSeenRepository {
  constructor(private readonly db: Database) {}

  async create(user: NewUser): Promise<CurrentUser | null> {
    try {
      return toCurrentUser(await this.db.prisma.user.create({ data: { id: randomUUID(), ...user } }))
    } catch (error) {
      if (sqlState(error) === '23505' || isPrismaUniqueViolation(error)) return null
      throw error
    }
  }

  async byEmail(email: string): Promise<{ user: CurrentUser; passwordHash: string | null } | null> {
    const row = await this.db.prisma.user.findUnique({ where: { email } })
    return row ? { user: toCurrentUser(row), passwordHash: row.passwordHash } : null
  }

  async isDisabled(userId: string): Promise<boolean> {
    return (await this.db.prisma.user.count({ where: { id: userId, disabledAt: { not: null } } })) > 0
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
    await this.db.prisma.$executeRaw`
      UPDATE users u SET last_seen = greatest(u.last_seen, s.seen)
      FROM (
        SELECT locked.id, x.seen
        FROM unnest(${entries.map(([id]) => id)}::text[], ${entries.map(([, at]) => at)}::timestamptz[]) AS x(id, seen)
        JOIN users locked ON locked.id = x.id
        ORDER BY locked.id
        FOR NO KEY UPDATE OF locked
      ) s
      WHERE u.id = s.id`
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
      AND u.id IN (${toldPeople(userId)})
      ORDER BY u.last_seen DESC LIMIT ${limit}`
    return rows.map(toLastSeen)
  }
}

const isPrismaUniqueViolation = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'P2002'

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

const toPerson = (row: Pick<UserColumns, 'id' | 'name' | 'avatarImage'>): Person => ({
  id: row.id,
  name: row.name,
  ...(row.avatarImage === null ? {} : { avatarImage: row.avatarImage }),
})
