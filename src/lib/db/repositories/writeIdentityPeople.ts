import { createHash } from 'node:crypto'
import type { Role } from '@/contracts/permissions'
import { systemActor } from '@/services/audit/ports'
import { IDENTITY_DOMAIN } from '@/services/users/identityDomain'
import type { Queries } from '../database'
import { Prisma } from '../generated/client'
import { insertAudit } from './auditLog'

/** Somebody of the app that Tandem is part of, as the table keeps them. */
export interface IdentityRow {
  id: string
  name: string
  avatarImage: string | null
}

/**
 * In the place of an address: no mail reaches it, no account of ours can have it, and whoever has it came from the app. Ids
 * may differ in their case alone, addresses may not.
 */
export const addressOf = (id: string): string =>
  `${createHash('sha256').update(id).digest('hex').slice(0, 40)}@${IDENTITY_DOMAIN}`

/** Of somebody whose id is no account's of Tandem's own sign-in. */
export interface KeptRow {
  id: string
  disabled: boolean
}

interface RoleChange {
  id: string
  before: string
  after: string
}

/**
 * Writes down who they are, as far as it changed. A role that is undefined stays. Resolves to those of them who are kept.
 */
export async function writePeople(
  queries: Pick<Queries, '$queryRaw' | '$executeRaw'>,
  people: readonly IdentityRow[],
  role: Role | undefined,
): Promise<{ kept: KeptRow[]; roles: RoleChange[] }> {
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
  const changed = await queries.$queryRaw<RoleChange[]>`
    UPDATE users u SET name = now.name, avatar_image = now.avatar_image, role = now.role
    FROM (
      SELECT said.id, said.name, said.avatar_image, locked.role AS before, coalesce(${role ?? null}::text, locked.role) AS role
      FROM (${said}) said JOIN users locked ON locked.id = said.id AND locked.email = said.email
      WHERE (locked.name, locked.avatar_image, locked.role)
        IS DISTINCT FROM (said.name, said.avatar_image, coalesce(${role ?? null}::text, locked.role))
      ORDER BY locked.id FOR NO KEY UPDATE OF locked
    ) now
    WHERE u.id = now.id
    RETURNING u.id, now.before, u.role AS after`
  const kept = await queries.$queryRaw<KeptRow[]>`
    SELECT u.id, u.disabled_at IS NOT NULL AS disabled
    FROM (${said}) said JOIN users u ON u.id = said.id AND u.email = said.email`
  return { kept, roles: changed.filter(({ before, after }) => before !== after) }
}

/** The audit log tells of a role that the app gave or took, in the same transaction. */
export async function insertRoles(queries: Queries, changes: readonly RoleChange[]): Promise<void> {
  for (const { id: target, before, after } of changes) {
    const entry = { action: 'user.role', target, details: { before, after } } as const
    await insertAudit(queries, { ...systemActor, name: 'identity' }, entry)
  }
}
