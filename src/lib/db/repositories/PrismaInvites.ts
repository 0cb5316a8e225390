import type { Permission } from '@/contracts/permissions'
import type { Actor } from '@/services/audit/ports'
import type { Mail } from '@/services/mail/ports'
import type { InviteRepository } from '@/services/users/ports'
import type { Database } from '../database'
import { Prisma } from '../generated/client'
import { insertAudit } from './auditLog'
import type { PrismaMailQueue } from './PrismaMailQueue'

export class PrismaInvites implements InviteRepository {
  /** @param mails - left out where none are sent. */
  constructor(
    private readonly db: Database,
    private readonly mails?: Pick<PrismaMailQueue, 'addIn'>,
  ) {}

  async create(
    actor: Actor,
    { hash, email, lifeMs, mail }: { hash: string; email: string | null; lifeMs: number; mail?: Mail | undefined },
  ): Promise<void> {
    await this.db.prisma.$transaction(async (transaction) => {
      await transaction.invite.create({
        data: {
          ...{ id: hash, email, madeBy: actor.userId, expiresAt: new Date(Date.now() + lifeMs) },
          mailed: mail !== undefined,
        },
      })
      if (mail) await this.mails?.addIn(transaction, mail)
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
