import type { Actor } from '@/services/audit/ports'
import type { CodeLimits, CodeOrigin, SecondFactor, SecondFactorRepository } from '@/services/users/ports'
import type { Database } from '../database'
import { Prisma } from '../generated/client'
import { insertAudit } from './auditLog'

/** For intervals: `ms(900_000)`. */
const ms = (milliseconds: number) => Prisma.sql`(${milliseconds}::float8 * interval '1 millisecond')`

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

  confirm(
    actor: Actor,
    userId: string,
    { step, codeHashes, sessionSecretHash }: Parameters<SecondFactorRepository['confirm']>[2],
  ): Promise<boolean> {
    return this.db.prisma.$transaction(async (transaction) => {
      const confirmed = await transaction.$executeRaw`
        UPDATE second_factors SET confirmed_at = now(), last_step = ${step}
        WHERE user_id = ${userId} AND confirmed_at IS NULL`
      if (confirmed === 0) return false
      await transaction.recoveryCode.deleteMany({ where: { userId } })
      await transaction.recoveryCode.createMany({ data: codeHashes.map((hash) => ({ userId, hash })) })
      await transaction.session.updateMany({
        where: { userId, publicId: actor.sessionId ?? '' },
        data: { secondFactor: true, id: sessionSecretHash },
      })
      await insertAudit(transaction, actor, { action: 'second-factor.set', target: userId })
      return true
    })
  }

  async attempt(
    userId: string,
    { kind, address }: CodeOrigin,
    { here, elsewhere, knownMs }: CodeLimits,
  ): ReturnType<SecondFactorRepository['attempt']> {
    // One statement, whose row locks have attempts made at once count one after the other. A window begins with its first.
    const [row] = await this.db.prisma.$queryRaw<{ allowed: boolean; reset_ms: number }[]>`
      WITH here AS (
        INSERT INTO code_attempts AS a (user_id, address, kind, wrong)
        SELECT user_id, ${address}, ${kind}, 1 FROM second_factors WHERE user_id = ${userId}
        ON CONFLICT (user_id, address, kind) DO UPDATE SET
          wrong = CASE WHEN a.wrong = 0 OR a.since < now() - ${ms(here.ms)} THEN 1 ELSE a.wrong + 1 END,
          since = CASE WHEN a.wrong = 0 OR a.since < now() - ${ms(here.ms)} THEN now() ELSE a.since END
        RETURNING wrong <= ${here.most} AS allowed, since + ${ms(here.ms)} - now() AS reset
      ), elsewhere AS (
        UPDATE second_factors f SET
          failures = CASE WHEN failures = 0 OR failing_since < now() - ${ms(elsewhere.ms)} THEN 1 ELSE failures + 1 END,
          failing_since = CASE WHEN failures = 0 OR failing_since < now() - ${ms(elsewhere.ms)}
            THEN now() ELSE failing_since END
        FROM here
        WHERE f.user_id = ${userId} AND here.allowed AND ${kind} = 'app' AND NOT ${isKnown(userId, address, knownMs)}
        RETURNING failures <= ${elsewhere.most} AS allowed, failing_since + ${ms(elsewhere.ms)} - now() AS reset
      )
      SELECT bool_and(allowed) AS allowed,
        ceil(extract(epoch FROM max(reset) FILTER (WHERE NOT allowed)) * 1000)::int AS reset_ms
      FROM (SELECT * FROM here UNION ALL SELECT * FROM elsewhere) counted`
    return row?.allowed === false ? { allowed: false, resetMs: Math.max(0, row.reset_ms) } : { allowed: true }
  }

  async forgive(userId: string, address: string, { knownMs }: CodeLimits): Promise<void> {
    await this.db.prisma.$executeRaw`
      WITH before AS (
        SELECT coalesce(sum(wrong) FILTER (WHERE kind = 'app'), 0)::int AS wrong
        FROM code_attempts WHERE user_id = ${userId} AND address = ${address}
      ), forgiven AS (
        UPDATE code_attempts SET wrong = 0, right_at = now() WHERE user_id = ${userId} AND address = ${address}
      )
      UPDATE second_factors SET failures = greatest(failures - before.wrong, 0) FROM before
      WHERE user_id = ${userId} AND before.wrong > 0 AND NOT ${isKnown(userId, address, knownMs)}`
  }

  async takeStep(userId: string, step: number): Promise<boolean> {
    const taken = await this.db.prisma.$executeRaw`
      UPDATE second_factors SET last_step = ${step}
      WHERE user_id = ${userId} AND confirmed_at IS NOT NULL AND last_step < ${step}`
    return taken === 1
  }

  async takeCode(userId: string, hash: string): Promise<boolean> {
    const { count } = await this.db.prisma.recoveryCode.deleteMany({ where: { userId, hash } })
    return count === 1
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

/** Whether a right code of this account came from this address lately. */
const isKnown = (userId: string, address: string, knownMs: number) => Prisma.sql`EXISTS (
  SELECT 1 FROM code_attempts
  WHERE user_id = ${userId} AND address = ${address} AND right_at > now() - ${ms(knownMs)})`
