import type { OwnSession } from '@/contracts/account'
import { AppError } from '@/contracts/errors'
import type { CurrentUser } from '@/contracts/users'
import type { Actor } from '@/services/audit/ports'
import type { SessionUser } from '@/services/shared/SessionUser'
import { keepsAnAdmin } from './PeopleService'
import type { PeopleRepository } from './peoplePorts'
import type { KnownUser, PasswordHasher, PasswordPolicy, RandomSecrets, SessionStore, UserRepository } from './ports'
import { requireStrongPassword } from './requireStrongPassword'

export interface AccountServiceDeps {
  users: UserRepository
  passwords: PasswordHasher
  policy: PasswordPolicy
  sessions: SessionStore
  people: PeopleRepository
  secrets: RandomSecrets
}

/** How long a sign-in stands in for the password of somebody who has none. */
const FRESH_MS = 10 * 60_000

/** What people do with their own account. */
export class AccountService {
  constructor(private readonly deps: AccountServiceDeps) {}

  async sessions(user: SessionUser): Promise<OwnSession[]> {
    const sessions = await this.deps.sessions.list(user.id)
    return sessions.map((session) => ({ ...session, current: session.id === user.sessionId }))
  }

  /** @throws AppError NOT_FOUND: this person has no such session. */
  async endSession(actor: Actor, user: SessionUser, sessionId: string): Promise<void> {
    if (await this.deps.sessions.endOne(user.id, sessionId, actor)) return
    throw new AppError('NOT_FOUND', { message: 'This session has ended already.' })
  }

  async endOtherSessions(actor: Actor, user: SessionUser): Promise<void> {
    await this.deps.sessions.endOthers(user.id, user.sessionId, actor)
  }

  /**
   * Changes the password, or sets the first one. All other sessions end, and the one that asks goes on under another secret:
   * a copy of its cookie is worth nothing any more.
   * @returns that secret.
   * @throws AppError UNAUTHENTICATED (not the current password), FORBIDDEN (see `confirm`), BAD_REQUEST (one that is easily
   * guessed), CONFLICT (somebody else was faster).
   */
  async changePassword(
    actor: Actor,
    user: SessionUser,
    { current, next }: { current?: string | undefined; next: string },
  ): Promise<{ secretId: string }> {
    const { users, passwords, policy, secrets } = this.deps
    const known = await this.confirm(user, current)
    await requireStrongPassword(policy, next, [known.user.email, known.user.name], 'next')
    const secretId = secrets.create()
    const change = {
      from: known.passwordHash,
      to: await passwords.hash(next),
      session: { publicId: user.sessionId, secretHash: secrets.hash(secretId) },
    }
    if (await users.setPassword(user.id, change, actor)) return { secretId }
    throw new AppError('CONFLICT', { message: 'This account was changed elsewhere at this moment. Please look again.' })
  }

  /** What is left out stays as it is; a picture of null goes. */
  update(
    user: SessionUser,
    profile: { name?: string | undefined; avatarImage?: string | null | undefined },
  ): Promise<CurrentUser> {
    return this.deps.users.update(user.id, profile)
  }

  /**
   * Ends all sessions. Only an administrator can open the account again, which is why the last one's stays open.
   * @throws AppError UNAUTHENTICATED, FORBIDDEN.
   */
  async disable(actor: Actor, user: SessionUser, password: string | undefined): Promise<void> {
    await this.confirm(user, password)
    await this.deps.people.transaction(async (people) => {
      const hadAdmin = await people.hasAdmin()
      await people.write(user.id, { disabled: true })
      await people.endSessions(user.id)
      if (hadAdmin) await keepsAnAdmin(people)
      await people.record(actor, { action: 'account.disable', target: user.id })
    })
  }

  async hasPassword(user: SessionUser): Promise<boolean> {
    return (await this.deps.users.byId(user.id))?.passwordHash != null
  }

  /**
   * Who this is, if the password is theirs. Whoever has none, since they sign in elsewhere, must have done so a moment ago:
   * a session alone, which may have been left open or stolen, is not enough.
   * @throws AppError UNAUTHENTICATED, FORBIDDEN (sign in again first), SESSION_EXPIRED.
   */
  async confirm(user: SessionUser, password: string | undefined): Promise<KnownUser> {
    const known = await this.deps.users.byId(user.id)
    if (!known || known.isDisabled) throw new AppError('SESSION_EXPIRED')
    const { passwordHash } = known
    if (passwordHash === null) {
      if (await this.deps.sessions.isFresh(user.sessionId, FRESH_MS)) return known
      throw new AppError('FORBIDDEN', {
        message: 'For this, sign in with Google again: it must be less than ten minutes ago.',
      })
    }
    if (password !== undefined && (await this.deps.passwords.verify(passwordHash, password))) return known
    throw new AppError('UNAUTHENTICATED', { message: 'This is not your password.' })
  }
}
