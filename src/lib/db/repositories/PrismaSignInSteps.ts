import { z } from 'zod'
import type { RandomSecrets, SignInStep, SignInStepKind, SignInSteps } from '@/services/users/ports'
import type { Database } from '../database'

const Data = z.record(z.string(), z.string())

interface Row {
  user_id: string | null
  data: unknown
}

export class PrismaSignInSteps implements SignInSteps {
  constructor(
    private readonly db: Database,
    private readonly secrets: RandomSecrets,
  ) {}

  async begin(kind: SignInStepKind, { userId, data }: SignInStep, lifeMs: number): Promise<string> {
    const secret = this.secrets.create()
    await this.db.prisma.signInStep.create({
      data: { id: this.secrets.hash(secret), kind, userId, data, expiresAt: new Date(Date.now() + lifeMs) },
    })
    return secret
  }

  async guess(kind: SignInStepKind, secret: string, mostGuesses: number): Promise<SignInStep | null> {
    const [row] = await this.db.prisma.$queryRaw<Row[]>`
      UPDATE sign_in_steps SET guesses = guesses + 1
      WHERE id = ${this.secrets.hash(secret)} AND kind = ${kind} AND expires_at > now() AND guesses < ${mostGuesses}
      RETURNING user_id, data`
    return toStep(row)
  }

  async take(kind: SignInStepKind, secret: string): Promise<SignInStep | null> {
    const [row] = await this.db.prisma.$queryRaw<Row[]>`
      DELETE FROM sign_in_steps WHERE id = ${this.secrets.hash(secret)} AND kind = ${kind} AND expires_at > now()
      RETURNING user_id, data`
    return toStep(row)
  }
}

const toStep = (row: Row | undefined): SignInStep | null =>
  row ? { userId: row.user_id, data: Data.parse(row.data) } : null
