import type { Actor } from '@/services/audit/ports'
import type { InviteRepository } from '@/services/users/ports'
import type { Database } from '../database'
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

  find(hash: string): Promise<{ email: string | null } | null> {
    return this.db.prisma.invite.findFirst({
      where: { id: hash, usedBy: null, expiresAt: { gt: new Date() } },
      select: { email: true },
    })
  }
}
