import { createHash } from 'node:crypto'
import { knownPermissions, type Permission, Role } from '@/contracts/permissions'
import type { Database, Queries } from '../database'
import { Prisma } from '../generated/client'

/** Somebody of the app that Tandem is part of, as the table keeps them. */
export interface IdentityRow {
  id: string
  name: string
  avatarImage: string | null
}

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

/**
 * In the place of an address: no mail reaches it, no account of ours can have it, and whoever has it came from the app. Ids
 * may differ in their case alone, addresses may not.
 */
export const addressOf = (id: string): string =>
  `${createHash('sha256').update(id).digest('hex').slice(0, 40)}@identity.invalid`

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
   * @throws IdTaken.
   */
  async visit(visit: IdentityVisit): Promise<IdentityVisitor | null> {
    const before = await this.find(visit)
    if (before?.disabled) return null
    if (before && isAsSaid(before, visit)) return toVisitor(before)
    await this.db.prisma.$transaction(async (transaction) => {
      const [kept] = await writePeople(transaction, [visit], visit.role)
      if (!kept) throw taken(visit.id)
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

  /** Writes down who they are. @throws IdTaken. */
  async write(people: readonly IdentityRow[]): Promise<void> {
    const kept = new Set((await writePeople(this.db.prisma, people, undefined)).map(({ id }) => id))
    const foreign = people.find(({ id }) => !kept.has(id))
    if (foreign) throw taken(foreign.id)
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

interface KeptRow {
  id: string
  name: string
  avatar_image: string | null
  disabled: boolean
}

/** Resolves to those of them who are written down now; of the others an account of ours has the id. */
async function writePeople(
  queries: Pick<Queries, '$queryRaw' | '$executeRaw'>,
  people: readonly IdentityRow[],
  role: Role | undefined,
): Promise<KeptRow[]> {
  const said = Prisma.sql`
    SELECT * FROM unnest(
      ${people.map(({ id }) => id)}::text[], ${people.map(({ id }) => addressOf(id))}::text[],
      ${people.map(({ name }) => name)}::text[], ${people.map(({ avatarImage }) => avatarImage)}::text[]
    ) said (id, email, name, avatar_image)`
  // Both in one order, so that two requests never wait for each other's people in a circle. Another request may be first at
  // either unique index, with the same person.
  await queries.$executeRaw`
    INSERT INTO users (id, email, name, avatar_image)
    SELECT id, email, name, avatar_image FROM (${said}) said ORDER BY id ON CONFLICT DO NOTHING`
  // Rows that are as said are not locked: a search says fifty with every letter.
  await queries.$executeRaw`
    UPDATE users u SET name = now.name, avatar_image = now.avatar_image, role = now.role
    FROM (
      SELECT said.id, said.name, said.avatar_image, coalesce(${role ?? null}::text, locked.role) AS role
      FROM (${said}) said JOIN users locked ON locked.id = said.id AND locked.email = said.email
      WHERE (locked.name, locked.avatar_image, locked.role)
        IS DISTINCT FROM (said.name, said.avatar_image, coalesce(${role ?? null}::text, locked.role))
      ORDER BY locked.id FOR NO KEY UPDATE OF locked
    ) now
    WHERE u.id = now.id`
  return queries.$queryRaw<KeptRow[]>`
    SELECT u.id, u.name, u.avatar_image, u.disabled_at IS NOT NULL AS disabled
    FROM (${said}) said JOIN users u ON u.id = said.id AND u.email = said.email`
}

const toVisitor = (row: SessionRow): IdentityVisitor => ({
  name: row.name,
  role: Role.parse(row.role),
  permissions: knownPermissions(row.permissions),
  avatarImage: row.avatar_image,
  publicId: row.public_id,
  secondFactor: row.second_factor,
})
