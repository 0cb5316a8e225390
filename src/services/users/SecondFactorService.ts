import type { TotpSetup } from '@/contracts/account'
import { AppError } from '@/contracts/errors'
import type { Actor } from '@/services/audit/ports'
import type { OneTimeCodes, RandomSecrets, SecondFactorRepository, SecretBox, SignInSteps } from './ports'

export interface SecondFactorDeps {
  factors: SecondFactorRepository
  steps: SignInSteps
  codes: OneTimeCodes
  box: SecretBox
  secrets: RandomSecrets
}

/** How long a password waits for its code, and how many are tried for it. */
const CHALLENGE_MS = 5 * 60_000
const MOST_GUESSES = 5
/** Codes tried for one account, wherever they come from: a guesser who knows the password has one chance in 300 a day. */
const MOST_ATTEMPTS = 10
const ATTEMPTS_MS = 15 * 60_000
const RECOVERY_CODES = 10

/** The authenticator app beside the password. */
export class SecondFactorService {
  constructor(private readonly deps: SecondFactorDeps) {}

  /** `codesLeft`: recovery codes that were not used yet. */
  async state(userId: string): Promise<{ on: boolean; codesLeft: number }> {
    const [factor, codesLeft] = await Promise.all([this.deps.factors.find(userId), this.deps.factors.codesLeft(userId)])
    return { on: factor?.isConfirmed ?? false, codesLeft }
  }

  /** What an app needs to make codes; until one was given back (`confirm`) nothing changes. @throws AppError CONFLICT. */
  async start(user: { id: string; email: string }): Promise<TotpSetup> {
    const secret = this.deps.codes.newSecret()
    if (!(await this.deps.factors.begin(user.id, this.deps.box.seal(secret)))) {
      throw new AppError('CONFLICT', { message: 'A second factor is set already. Remove it first.' })
    }
    return { secret, uri: this.deps.codes.uri(secret, user.email) }
  }

  /** Resolves to the recovery codes, which nobody can read later. @throws AppError BAD_REQUEST, CONFLICT, RATE_LIMITED. */
  async confirm(actor: Actor, userId: string, code: string): Promise<string[]> {
    const factor = await this.deps.factors.find(userId)
    if (!factor || factor.isConfirmed) {
      throw new AppError('CONFLICT', { message: 'There is no second factor to be confirmed. Begin again.' })
    }
    await this.limit(userId)
    const step = this.deps.codes.stepOf(this.deps.box.open(factor.sealed), code)
    if (step === null) throw wrongCode('BAD_REQUEST')
    const recoveryCodes = Array.from({ length: RECOVERY_CODES }, () => this.deps.secrets.recoveryCode())
    const hashes = recoveryCodes.map((recoveryCode) => this.deps.secrets.hash(recoveryCode))
    if (!(await this.deps.factors.confirm(actor, userId, step, hashes))) throw new AppError('CONFLICT')
    return recoveryCodes
  }

  /** @param code - of the app, or a recovery code. @throws AppError BAD_REQUEST, RATE_LIMITED. */
  async remove(actor: Actor, userId: string, code: string): Promise<void> {
    if (!(await this.accepts(userId, code))) throw wrongCode('BAD_REQUEST')
    await this.deps.factors.remove(actor, userId)
  }

  /** For somebody whose password was right: what they come back with, and a code. Null when no code is needed. */
  async challenge(userId: string): Promise<string | null> {
    const factor = await this.deps.factors.find(userId)
    if (!factor?.isConfirmed) return null
    return this.deps.steps.begin('second-factor', { userId, data: {} }, CHALLENGE_MS)
  }

  /** Who this is. A challenge is good for five codes, and for one sign-in. @throws AppError UNAUTHENTICATED, RATE_LIMITED. */
  async pass({ challenge, code }: { challenge: string; code: string }): Promise<string> {
    const step = await this.deps.steps.guess('second-factor', challenge, MOST_GUESSES)
    if (!step?.userId) {
      throw new AppError('UNAUTHENTICATED', { message: 'This took too long, or too many codes. Please sign in again.' })
    }
    if (!(await this.accepts(step.userId, code))) throw wrongCode('UNAUTHENTICATED')
    if (!(await this.deps.steps.take('second-factor', challenge))) throw new AppError('UNAUTHENTICATED')
    return step.userId
  }

  /** Each code once. @throws AppError RATE_LIMITED. */
  private async accepts(userId: string, code: string): Promise<boolean> {
    const factor = await this.deps.factors.find(userId)
    if (!factor?.isConfirmed) return false
    await this.limit(userId)
    if (!/^\d{6}$/.test(code)) return this.deps.factors.takeCode(userId, this.deps.secrets.hash(code))
    const step = this.deps.codes.stepOf(this.deps.box.open(factor.sealed), code)
    return step !== null && this.deps.factors.takeStep(userId, step)
  }

  /** Counted before the code is looked at, so that guesses made at once do not slip through together. */
  private async limit(userId: string): Promise<void> {
    const { attempts, resetMs } = await this.deps.factors.attempt(userId, ATTEMPTS_MS)
    if (attempts <= MOST_ATTEMPTS) return
    const minutes = Math.max(1, Math.ceil(resetMs / 60_000))
    throw new AppError('RATE_LIMITED', {
      message: `Too many wrong codes. Please try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`,
      retryAfterMs: resetMs,
    })
  }
}

function wrongCode(code: 'BAD_REQUEST' | 'UNAUTHENTICATED'): AppError {
  const message = 'This code is not right. Each code works once: wait for the next one.'
  return new AppError(code, { message, issues: [{ path: 'code', message }] })
}
