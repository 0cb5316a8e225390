import { knownPermissions, type Permission, Role } from '@/contracts/permissions'
import type { Database } from '../database'
import { Prisma } from '../generated/client'
import { addressOf, type IdentityRow, insertRoles, type KeptRow, writePeople } from './writeIdentityPeople'

export interface IdentityVisit extends IdentityRow {
  /** Undefined: as it is. */
  role: Role | undefined
  /** Of the secret that the session goes by. */
  hash: string
  /** What it is called if it begins now. */
  publicId: string
  expiresAt: Date
  /** A session that ends before this is prolonged. */
  prolongBefore: Date
  secondFactor: boolean
}

export interface IdentityVisitor {
  name: string
  role: Role
  permissions: Permission[]
  avatarImage: string | null
  publicId: string
  secondFactor: boolean
}

/** The id is an account's of Tandem's own sign-in, whose conversations must not become somebody else's. */
export class IdTaken extends Error {}

interface Row {
  email: string
  name: string
  role: string
  permissions: string[]
  avatar_image: string | null
  disabled: boolean
  public_id: string | null
  expires_at: Date | null
  second_factor: boolean | null
}

/** People and sessions of the app that Tandem is part of, written down as rows of ours when they come. */
export class IdentityPeople {
  constructor(private readonly db: Database) {}

  /**
   * Whoever comes is as the app says, and has a session. Usually nothing is to be written. Null: the account is disabled.
   * @param beginning - is waited for before a session begins; when it rejects, nothing is written.
   * @throws IdTaken.
   */
  async visit(visit: IdentityVisit, beginning: () => Promise<void>): Promise<IdentityVisitor | null> {
    const before = await this.find(visit)
    if (before?.disabled) return null
    if (before && isAsSaid(before, visit)) return toVisitor(before)
    if (!before || !hasSession(before)) await beginning()
    await this.db.prisma.$transaction(async (transaction) => {
      const { kept, roles } = await writePeople(transaction, [visit], visit.role)
      if (kept.length === 0) throw taken(visit.id)
      await insertRoles(transaction, roles)
      // As with Lucia's: their row is locked, so that whoever disables the account ends this session too, or was first.
      await transaction.$executeRaw`
        WITH owner AS (
          SELECT id FROM users WHERE id = ${visit.id} AND email = ${addressOf(visit.id)} AND disabled_at IS NULL FOR SHARE
        )
        INSERT INTO sessions (id, public_id, user_id, expires_at, second_factor)
        SELECT ${visit.hash}, ${visit.publicId}, id, ${visit.expiresAt}::timestamptz, ${visit.secondFactor}::boolean FROM owner
        ON CONFLICT (id) DO UPDATE SET expires_at = excluded.expires_at, second_factor = excluded.second_factor`
    })
    const now = await this.find(visit)
    return now && hasSession(now) ? toVisitor(now) : null
  }

  /** Those of these ids that have no row. */
  async unknown(ids: readonly string[]): Promise<string[]> {
    const rows = await this.db.rows<{ id: string }>(Prisma.sql`
      SELECT asked.id FROM unnest(${[...ids]}::text[]) asked (id)
      WHERE NOT EXISTS (SELECT FROM users u WHERE u.id = asked.id)`)
    return rows.map(({ id }) => id)
  }

  /** Writes down who they are. Resolves to those of them whose id is no account's of Tandem's own sign-in. */
  async write(people: readonly IdentityRow[]): Promise<KeptRow[]> {
    return (await writePeople(this.db.prisma, people, undefined)).kept
  }

  private async find({ id, hash }: IdentityVisit): Promise<Row | undefined> {
    const [row] = await this.db.rows<Row>(Prisma.sql`
      SELECT u.email, u.name, u.role, u.permissions, u.avatar_image, u.disabled_at IS NOT NULL AS disabled,
        s.public_id, s.expires_at, s.second_factor
      FROM users u LEFT JOIN sessions s ON s.id = ${hash} AND s.user_id = u.id AND s.expires_at > now()
      WHERE u.id = ${id}`)
    if (row && row.email !== addressOf(id)) throw taken(id)
    return row
  }
}

const taken = (id: string) =>
  new IdTaken(`The id "${id}" is that of an account of Tandem's own sign-in. Give people of the app other ids.`)

type SessionRow = Row & { public_id: string; expires_at: Date; second_factor: boolean }

const hasSession = (row: Row): row is SessionRow => row.public_id !== null && !row.disabled

const isAsSaid = (row: Row, said: IdentityVisit): row is SessionRow =>
  hasSession(row) &&
  // Also where the sign-in ends sooner than was known.
  row.expires_at >= said.prolongBefore &&
  row.expires_at <= said.expiresAt &&
  row.second_factor === said.secondFactor &&
  row.name === said.name &&
  row.avatar_image === said.avatarImage &&
  (said.role === undefined || row.role === said.role)

const toVisitor = (row: SessionRow): IdentityVisitor => ({
  name: row.name,
  role: Role.parse(row.role),
  permissions: knownPermissions(row.permissions),
  avatarImage: row.avatar_image,
  publicId: row.public_id,
  secondFactor: row.second_factor,
})
