import type { Actor } from '@/services/audit/ports'
import type { AccountRepository, KnownUser, LinkedAccount } from '@/services/users/ports'
import type { Database } from '../database'
import { isUniqueViolation } from '../errors'
import { insertAudit } from './auditLog'
import { toKnownUser } from './PrismaUserRepository'

export class PrismaAccounts implements AccountRepository {
  constructor(private readonly db: Database) {}

  async find({ provider, subject }: Pick<LinkedAccount, 'provider' | 'subject'>): Promise<KnownUser | null> {
    const row = await this.db.prisma.account.findUnique({
      where: { provider_subject: { provider, subject } },
      include: { user: true },
    })
    return row && toKnownUser(row.user)
  }

  ofUser(userId: string): Promise<{ email: string } | null> {
    return this.db.prisma.account.findFirst({ where: { userId }, select: { email: true } })
  }

  async link(userId: string, account: LinkedAccount, actor: Actor): Promise<boolean> {
    try {
      await this.db.prisma.$transaction(async (transaction) => {
        await transaction.account.create({ data: { ...account, userId } })
        await insertAudit(transaction, actor, { action: 'google.link', target: userId })
      })
      return true
    } catch (error) {
      if (isUniqueViolation(error)) return false
      throw error
    }
  }

  async unlink(userId: string, actor: Actor): Promise<void> {
    await this.db.prisma.$transaction(async (transaction) => {
      const { count } = await transaction.account.deleteMany({ where: { userId } })
      if (count > 0) await insertAudit(transaction, actor, { action: 'google.unlink', target: userId })
    })
  }
}
