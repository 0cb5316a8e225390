import type { Permission } from '@/contracts/permissions'
import type { Actor } from '@/services/audit/ports'
import type { InviteRepository } from '@/services/users/ports'
import type { Database } from '../database'
import { Prisma } from '../generated/client'
import { insertAudit } from './auditLog'

export class PrismaInvites implements InviteRepository {
  constructor(private readonly db: Database) {}

  async create(
    actor: Actor,
    { hash, email, lifeMs }: { hash: string; email: string | null; lifeMs: number },
  ): Promise<void> {
    await this.db.prisma.$transaction(async (transaction) => {
      await transaction.invite.create({
        data: { id: hash, email, madeBy: actor.userId, expiresAt: new Date(Date.now() + lifeMs) },
      })
      await insertAudit(transaction, actor, { action: 'invite.create', details: { forAddress: email !== null } })
    })
  }

  async find(hash: string): Promise<{ email: string | null } | null> {
    const [row] = await this.db.prisma.$queryRaw<{ email: string | null }[]>`
      SELECT email FROM invites WHERE id = ${hash} AND ${isGood}`
    return row ?? null
  }
}

const MANAGE: Permission = 'admin:manage-users'

/** Whether an invite can still be used: also not, when whoever made it may make none any more. */
export const isGood = Prisma.sql`used_by IS NULL AND expires_at > now() AND (made_by IS NULL OR EXISTS (
  SELECT 1 FROM users maker WHERE maker.id = made_by AND maker.disabled_at IS NULL AND ${MANAGE} = ANY (maker.permissions)))`
