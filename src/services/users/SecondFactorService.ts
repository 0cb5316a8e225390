import type { TotpSetup } from '@/contracts/account'
import { AppError } from '@/contracts/errors'
import type { Actor } from '@/services/audit/ports'
import type {
  CodeLimits,
  CodeOrigin,
  OneTimeCodes,
  RandomSecrets,
  SecondFactorRepository,
  SecretBox,
  SignInSteps,
} from './ports'

/** What second factors need: where they are kept, sealed and made. */
export interface SecondFactorDeps {
  factors: SecondFactorRepository
  steps: SignInSteps
  codes: OneTimeCodes
  box: SecretBox
  secrets: RandomSecrets
}

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** How long a password waits for its code, and how many are tried for it. */
const CHALLENGE_MS = 5 * MINUTE_MS
const MOST_GUESSES = 5
const RECOVERY_CODES = 10

/**
 * Wrong codes count, right ones do not. They count for account and address, so that whoever guesses locks out themselves;
 * codes of the app, of which a guesser meets one in 300,000, for the account as well, but only where they come from
 * addresses that gave no right code lately: where its owner uses to sign in, a guesser locks nobody out. That one chance in
 * 6,000 a day is all that somebody has who knows the password. Recovery codes (120 bits) nobody guesses: they are counted
 * apart, so that they open the account whatever is done with the app's.
 *
 * So does the field: NIST SP 800-63B-4 (3.2.2) lets less than 100 wrong ones in a row through, forgets those of an address
 * after a right one, and takes addresses that somebody signed in from before as a way to keep owners from being locked out;
 * OWASP ASVS 5 (6.1.1, 6.3.1) asks that what limits guessing cannot be used to that end.
 */
const LIMITS: CodeLimits = {
  here: { most: 10, ms: 15 * MINUTE_MS },
  elsewhere: { most: 50, ms: DAY_MS },
  knownMs: 30 * DAY_MS,
}

/** The authenticator app beside the password. `address` is where a code comes from, as limits count it. */
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

  /**
   * Resolves to the recovery codes, which nobody can read later, and to what is the session's secret from now on: it may do
   * more than before, and a copy of its cookie from before must not.
   * @throws AppError BAD_REQUEST, CONFLICT, RATE_LIMITED.
   */
  async confirm(
    actor: Actor,
    userId: string,
    code: string,
    address: string,
  ): Promise<{ recoveryCodes: string[]; secretId: string }> {
    const factor = await this.deps.factors.find(userId)
    if (!factor || factor.isConfirmed) {
      throw new AppError('CONFLICT', { message: 'There is no second factor to be confirmed. Begin again.' })
    }
    await this.limit(userId, { kind: 'app', address })
    const step = this.stepOf(factor.sealed, code)
    if (step === null) throw wrongCode('BAD_REQUEST')
    const recoveryCodes = Array.from({ length: RECOVERY_CODES }, () => this.deps.secrets.recoveryCode())
    const codeHashes = recoveryCodes.map((recoveryCode) => this.deps.secrets.recoveryHash(recoveryCode))
    const secretId = this.deps.secrets.create()
    const set = { step, codeHashes, sessionSecretHash: this.deps.secrets.hash(secretId) }
    if (!(await this.deps.factors.confirm(actor, userId, set))) throw new AppError('CONFLICT')
    await this.deps.factors.forgive(userId, address, LIMITS)
    return { recoveryCodes, secretId }
  }

  /** @param code - of the app, or a recovery code. @throws AppError BAD_REQUEST, RATE_LIMITED. */
  async remove(actor: Actor, userId: string, code: string, address: string): Promise<void> {
    if (!(await this.accepts(userId, code, address))) throw wrongCode('BAD_REQUEST')
    await this.deps.factors.remove(actor, userId)
  }

  /** For somebody whose password was right: what they come back with, and a code. Null when no code is needed. */
  async challenge(userId: string): Promise<string | null> {
    const factor = await this.deps.factors.find(userId)
    if (!factor?.isConfirmed) return null
    return this.deps.steps.begin('second-factor', { userId, data: {} }, CHALLENGE_MS)
  }

  /**
   * Whose challenge this is; `pass` ends it. It is good for five codes, and for one sign-in.
   * @throws AppError UNAUTHENTICATED.
   */
  async challenged(challenge: string): Promise<string> {
    const step = await this.deps.steps.guess('second-factor', challenge, MOST_GUESSES)
    if (step?.userId) return step.userId
    throw new AppError('UNAUTHENTICATED', { message: 'This took too long, or too many codes. Please sign in again.' })
  }

  /** @throws AppError UNAUTHENTICATED (a wrong code, or the challenge is over by now), RATE_LIMITED. */
  async pass(userId: string, { challenge, code }: { challenge: string; code: string }, address: string): Promise<void> {
    if (!(await this.accepts(userId, code, address))) throw wrongCode('UNAUTHENTICATED')
    if (!(await this.deps.steps.take('second-factor', challenge))) throw new AppError('UNAUTHENTICATED')
  }

  /** Each code once. @throws AppError RATE_LIMITED. */
  private async accepts(userId: string, code: string, address: string): Promise<boolean> {
    const factor = await this.deps.factors.find(userId)
    if (!factor?.isConfirmed) return false
    const kind = /^\d{6}$/.test(code) ? 'app' : 'recovery'
    await this.limit(userId, { kind, address })
    const isRight =
      kind === 'app' ? await this.takes(userId, factor.sealed, code) : await this.takesRecovery(userId, code)
    if (isRight) await this.deps.factors.forgive(userId, address, LIMITS)
    return isRight
  }

  private async takes(userId: string, sealed: string, code: string): Promise<boolean> {
    const step = this.stepOf(sealed, code)
    return step !== null && this.deps.factors.takeStep(userId, step)
  }

  private takesRecovery(userId: string, code: string): Promise<boolean> {
    return this.deps.factors.takeCode(userId, this.deps.secrets.recoveryHash(code))
  }

  private stepOf(sealed: string, code: string): number | null {
    const secret = this.deps.box.open(sealed)
    if (secret !== undefined) return this.deps.codes.stepOf(secret, code)
    throw new AppError('FORBIDDEN', {
      message: 'Codes of your app cannot be checked any more: the server’s key for them was lost. Use a recovery code.',
    })
  }

  /** Counted before the code is looked at, so that guesses made at once do not slip through together. */
  private async limit(userId: string, from: CodeOrigin): Promise<void> {
    const attempt = await this.deps.factors.attempt(userId, from, LIMITS)
    if (attempt.allowed) return
    const instead = from.kind === 'app' ? 'Use a recovery code, or try again' : 'Please try again'
    throw new AppError('RATE_LIMITED', {
      message: `Too many wrong codes. ${instead} in ${inWords(attempt.resetMs)}.`,
      retryAfterMs: attempt.resetMs,
    })
  }
}

function inWords(ms: number): string {
  const minutes = Math.max(1, Math.ceil(ms / MINUTE_MS))
  if (minutes >= 120) return `${Math.ceil(minutes / 60)} hours`
  return minutes === 1 ? '1 minute' : `${minutes} minutes`
}

function wrongCode(code: 'BAD_REQUEST' | 'UNAUTHENTICATED'): AppError {
  const message = 'This code is not right. Each code works once: wait for the next one.'
  return new AppError(code, { message, issues: [{ path: 'code', message }] })
}
