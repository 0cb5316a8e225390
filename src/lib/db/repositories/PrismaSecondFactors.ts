import type { Actor } from '@/services/audit/ports'
import type { SecondFactor, SecondFactorRepository } from '@/services/users/ports'
import type { Database } from '../database'
import { insertAudit } from './auditLog'

export class PrismaSecondFactors implements SecondFactorRepository {
  constructor(private readonly db: Database) {}

  async find(userId: string): Promise<SecondFactor | null> {
    const row = await this.db.prisma.secondFactor.findUnique({ where: { userId } })
    return row && { sealed: row.secret, isConfirmed: row.confirmedAt !== null }
  }

  codesLeft(userId: string): Promise<number> {
    return this.db.prisma.recoveryCode.count({ where: { userId } })
  }

  async begin(userId: string, sealed: string): Promise<boolean> {
    const written = await this.db.prisma.$executeRaw`
      INSERT INTO second_factors (user_id, secret) VALUES (${userId}, ${sealed})
      ON CONFLICT (user_id) DO UPDATE SET secret = excluded.secret WHERE second_factors.confirmed_at IS NULL`
    return written === 1
  }

  confirm(actor: Actor, userId: string, step: number, codeHashes: readonly string[]): Promise<boolean> {
    return this.db.prisma.$transaction(async (transaction) => {
      const confirmed = await transaction.$executeRaw`
        UPDATE second_factors SET confirmed_at = now(), last_step = ${step}, failures = 0
        WHERE user_id = ${userId} AND confirmed_at IS NULL`
      if (confirmed === 0) return false
      await transaction.recoveryCode.deleteMany({ where: { userId } })
      await transaction.recoveryCode.createMany({ data: codeHashes.map((hash) => ({ userId, hash })) })
      await transaction.session.updateMany({
        where: { userId, publicId: actor.sessionId ?? '' },
        data: { secondFactor: true },
      })
      await insertAudit(transaction, actor, { action: 'second-factor.set', target: userId })
      return true
    })
  }

  async attempt(userId: string, windowMs: number): Promise<{ attempts: number; resetMs: number }> {
    const [row] = await this.db.prisma.$queryRaw<{ failures: number; reset_ms: number }[]>`
      UPDATE second_factors SET
        failures = CASE WHEN failing_since < now() - ${windowMs} * interval '1 millisecond' THEN 1 ELSE failures + 1 END,
        failing_since = CASE WHEN failures = 0 OR failing_since < now() - ${windowMs} * interval '1 millisecond'
          THEN now() ELSE failing_since END
      WHERE user_id = ${userId}
      RETURNING failures, (${windowMs} - extract(epoch FROM now() - failing_since) * 1000)::int AS reset_ms`
    return { attempts: row?.failures ?? 0, resetMs: Math.max(0, row?.reset_ms ?? 0) }
  }

  async takeStep(userId: string, step: number): Promise<boolean> {
    const taken = await this.db.prisma.$executeRaw`
      UPDATE second_factors SET last_step = ${step}, failures = 0
      WHERE user_id = ${userId} AND confirmed_at IS NOT NULL AND last_step < ${step}`
    return taken === 1
  }

  async takeCode(userId: string, hash: string): Promise<boolean> {
    const taken = await this.db.prisma.$executeRaw`
      WITH used AS (DELETE FROM recovery_codes WHERE user_id = ${userId} AND hash = ${hash} RETURNING user_id)
      UPDATE second_factors f SET failures = 0 FROM used WHERE f.user_id = used.user_id`
    return taken === 1
  }

  async remove(actor: Actor, userId: string): Promise<void> {
    await this.db.prisma.$transaction(async (transaction) => {
      await transaction.secondFactor.deleteMany({ where: { userId } })
      await transaction.recoveryCode.deleteMany({ where: { userId } })
      await transaction.session.updateMany({ where: { userId }, data: { secondFactor: false } })
      await insertAudit(transaction, actor, { action: 'second-factor.remove', target: userId })
    })
  }
}
