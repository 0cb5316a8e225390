import { AppError } from '@/contracts/errors'
import { signInProblems } from '@/contracts/signInProblems'
import type { Actor } from '@/services/audit/ports'
import type { SessionUser } from '@/services/shared/SessionUser'
import { type AuthService, type Entered, requireEnabled } from './AuthService'
import type { AccountRepository, IdentityProvider, ProvidedIdentity, SignInSteps, UserRepository, Visit } from './ports'
import type { Registration } from './Registration'

export interface GoogleSignInDeps {
  provider: IdentityProvider
  accounts: AccountRepository
  users: UserRepository
  steps: SignInSteps
  registration: Registration
  auth: AuthService
}

/** How long a person may take at Google, in milliseconds. */
const VISIT_MS = 10 * 60_000

/** What a visit to Google is for: signing in (and registering, with an invite), or linking to this person's account. */
export type GooglePurpose = { next: string; invite: string | undefined } | { linkTo: SessionUser }

/** What came of it: an account here was linked, or somebody signed in and goes on to `next`. */
export type GoogleOutcome = { linked: true } | { entered: Entered; next: string }

/** Signing in with Google. Accounts are known by Google's own id of a person, never by an e-mail address. */
export class GoogleSignIn {
  constructor(private readonly deps: GoogleSignInDeps) {}

  /** @returns where to send the browser, and the secret with which it comes back. */
  async begin(purpose: GooglePurpose): Promise<{ url: string; secret: string }> {
    const { url, checks } = await this.deps.provider.begin()
    const isLink = 'linkTo' in purpose
    const secret = await this.deps.steps.begin(
      'google',
      {
        userId: isLink ? purpose.linkTo.id : null,
        data: { ...checks, ...(isLink ? {} : { next: purpose.next, invite: purpose.invite ?? '' }) },
      },
      VISIT_MS,
    )
    return { url, secret }
  }

  /**
   * @param who - whoever is signed in to this browser.
   * @param actor - the same for the audit log.
   * @throws AppError with a sentence for the person, or Error when what came back is not what was asked for.
   */
  async finish(
    callbackUrl: URL,
    secret: string | undefined,
    visit: Visit,
    who: SessionUser | undefined,
    actor: Actor,
  ): Promise<GoogleOutcome> {
    // Taken away first: what comes back a second time finds nothing.
    const step = secret === undefined ? null : await this.deps.steps.take('google', secret)
    if (!step) throw new AppError('FORBIDDEN', { message: signInProblems['google-late'] })
    const { next = '', invite = '', ...checks } = step.data
    const identity = await this.deps.provider.finish(callbackUrl, checks)
    if (step.userId !== null) return this.link(identity, step.userId, who, actor)
    return { entered: await this.enter(identity, invite === '' ? undefined : invite, visit), next }
  }

  /** This person's account at Google. */
  linked(userId: string): Promise<{ email: string } | null> {
    return this.deps.accounts.ofUser(userId)
  }

  /** @throws AppError CONFLICT: without a password there would be no way in. */
  async unlink(actor: Actor, user: SessionUser, hasPassword: boolean): Promise<void> {
    if (!hasPassword) {
      throw new AppError('CONFLICT', { message: 'Google is the only way into this account. Set a password first.' })
    }
    await this.deps.accounts.unlink(user.id, actor)
  }

  private async link(
    identity: ProvidedIdentity,
    userId: string,
    who: SessionUser | undefined,
    actor: Actor,
  ): Promise<GoogleOutcome> {
    if (who?.id !== userId) throw new AppError('FORBIDDEN', { message: signInProblems['google-somebody'] })
    const { subject, email, isEmailVerified } = identity
    if (await this.deps.accounts.link(userId, { provider: 'google', subject, email }, actor)) {
      if (isEmailVerified) await this.deps.users.proveEmail(userId, email)
      return { linked: true }
    }
    throw new AppError('CONFLICT', { message: signInProblems['google-linked'] })
  }

  private async enter(identity: ProvidedIdentity, invite: string | undefined, visit: Visit): Promise<Entered> {
    const { subject, email, isEmailVerified, name, picture } = identity
    const known = await this.deps.accounts.find({ provider: 'google', subject })
    if (known) {
      const user = requireEnabled(known)
      if (isEmailVerified) await this.deps.users.proveEmail(user.id, email)
      return this.deps.auth.enter(user, visit)
    }
    if (!isEmailVerified) {
      throw new AppError('FORBIDDEN', { message: signInProblems['google-unverified'] })
    }
    // Whoever has that address there need not be who has it here: they show that they are by signing in here.
    if (await this.deps.users.byEmail(email)) {
      throw new AppError('CONFLICT', { message: signInProblems['google-existing'] })
    }
    const account = { provider: 'google', subject, email } as const
    const fresh = { email, name: name ?? email.split('@')[0]?.slice(0, 80) ?? email, avatarImage: picture ?? undefined }
    const user = await this.deps.registration.create({ ...fresh, passwordHash: null, invite, account })
    return this.deps.auth.enter(user, visit)
  }
}
