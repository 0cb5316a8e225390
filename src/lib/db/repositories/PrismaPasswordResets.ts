import type { Actor } from '@/services/audit/ports'
import type { PasswordResets } from '@/services/mail/ports'
import type { RandomSecrets } from '@/services/users/ports'
import type { Announcing } from '../Announcing'
import type { Database } from '../database'
import { Prisma } from '../generated/client'
import { insertAudit } from './auditLog'
import type { PrismaMailQueue } from './PrismaMailQueue'
import { endSessionsIn } from './sessions'

/** Among the sign-ins that take several requests: another password, and with it the end of those, ends these as well. */
const KIND = 'password-reset'
/** Kept until it expires: a mail that is tried again does not make it good again. */
const USED = 'password-reset-used'

export class PrismaPasswordResets implements PasswordResets {
  constructor(
    private readonly db: Database,
    private readonly announcing: Announcing,
    private readonly secrets: Pick<RandomSecrets, 'hash'>,
    private readonly mails: Pick<PrismaMailQueue, 'addIn'>,
  ) {}

  async begin(userId: string, secret: string, expiresAt: Date): Promise<boolean> {
    const id = this.secrets.hash(secret)
    const [, begun] = await this.db.prisma.$transaction([
      this.db.prisma.signInStep.deleteMany({
        where: { userId, kind: KIND, id: { not: id }, expiresAt: { lte: expiresAt } },
      }),
      this.db.prisma.$executeRaw`
        INSERT INTO sign_in_steps AS s (id, kind, user_id, expires_at)
        SELECT ${id}::text, ${KIND}::text, u.id, ${expiresAt}::timestamptz FROM users u
        WHERE u.id = ${userId} AND u.disabled_at IS NULL AND NOT u.is_demo AND ${expiresAt}::timestamptz > now()
          AND NOT EXISTS (
            SELECT FROM sign_in_steps newer
            WHERE newer.user_id = u.id AND newer.kind IN (${KIND}, ${USED}) AND newer.expires_at > ${expiresAt}::timestamptz
          )
        ON CONFLICT (id) DO UPDATE SET expires_at = excluded.expires_at WHERE s.kind = ${KIND}`,
    ])
    return begun > 0
  }

  async ownerOf(secret: string): Promise<{ email: string; name: string } | null> {
    const [row] = await this.db.prisma.$queryRaw<{ email: string; name: string }[]>`
      SELECT u.email, u.name FROM sign_in_steps s JOIN users u ON u.id = s.user_id
      WHERE ${this.good(secret)} AND u.disabled_at IS NULL`
    return row ?? null
  }

  finish(secret: string, passwordHash: string, actor: Actor): Promise<boolean> {
    return this.announcing.transaction((name) =>
      this.db.prisma.$transaction(async (transaction) => {
        // The person first and then the step, as whoever changes a password in a session: neither waits for the other in a circle.
        const [owner] = await transaction.$queryRaw<{ id: string; email: string }[]>`
          SELECT u.id, u.email FROM users u JOIN sign_in_steps s ON s.user_id = u.id
          WHERE ${this.good(secret)} AND u.disabled_at IS NULL FOR NO KEY UPDATE OF u`
        if (!owner) return false
        const { id: userId, email } = owner
        const used = await transaction.$executeRaw`UPDATE sign_in_steps s SET kind = ${USED} WHERE ${this.good(secret)}`
        if (used === 0) return false
        await transaction.user.update({ where: { id: userId }, data: { passwordHash } })
        await transaction.$executeRaw`SELECT prove_email(${userId}, ${email})` // the link was read there
        await endSessionsIn(transaction, { userId, except: null }, name)
        await transaction.signInStep.deleteMany({ where: { userId, kind: { not: USED } } })
        await insertAudit(transaction, actor, { action: 'password.reset', target: userId })
        await this.mails.addIn(transaction, { kind: 'password-changed', userId })
        return true
      }),
    )
  }

  private good(secret: string): Prisma.Sql {
    return Prisma.sql`s.id = ${this.secrets.hash(secret)} AND s.kind = ${KIND} AND s.expires_at > now()`
  }
}
