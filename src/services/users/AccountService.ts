import type { OwnSession } from '@/contracts/account'
import { AppError } from '@/contracts/errors'
import type { CurrentUser } from '@/contracts/users'
import type { Actor } from '@/services/audit/ports'
import type { SessionUser } from '@/services/shared/SessionUser'
import type { KnownUser, PasswordHasher, PasswordPolicy, SessionStore, UserRepository } from './ports'
import { requireStrongPassword } from './requireStrongPassword'

export interface AccountServiceDeps {
  users: UserRepository
  passwords: PasswordHasher
  policy: PasswordPolicy
  sessions: SessionStore
}

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
   * All other sessions end.
   * @throws AppError UNAUTHENTICATED (not the current password), BAD_REQUEST (one that is easily guessed).
   */
  async changePassword(
    actor: Actor,
    user: SessionUser,
    { current, next }: { current: string; next: string },
  ): Promise<void> {
    const known = await this.confirm(user, current)
    await requireStrongPassword(this.deps.policy, next, [known.user.email, known.user.name], 'next')
    await this.deps.users.setPassword(user.id, await this.deps.passwords.hash(next), user.sessionId, actor)
  }

  /** What is left out stays as it is; a picture of null goes. */
  update(
    user: SessionUser,
    profile: { name?: string | undefined; avatarImage?: string | null | undefined },
  ): Promise<CurrentUser> {
    return this.deps.users.update(user.id, profile)
  }

  /** Ends all sessions. Only an administrator can open the account again. @throws AppError UNAUTHENTICATED. */
  async disable(actor: Actor, user: SessionUser, password: string | undefined): Promise<void> {
    await this.confirm(user, password)
    await this.deps.users.disable(user.id, actor)
  }

  async hasPassword(user: SessionUser): Promise<boolean> {
    return (await this.deps.users.byId(user.id))?.passwordHash != null
  }

  /**
   * Who this is, if the password is theirs; whoever has none needs none.
   * @throws AppError UNAUTHENTICATED, SESSION_EXPIRED.
   */
  async confirm(user: SessionUser, password: string | undefined): Promise<KnownUser> {
    const known = await this.deps.users.byId(user.id)
    if (!known || known.isDisabled) throw new AppError('SESSION_EXPIRED')
    const { passwordHash } = known
    if (passwordHash === null) return known
    if (password !== undefined && (await this.deps.passwords.verify(passwordHash, password))) return known
    throw new AppError('UNAUTHENTICATED', { message: 'This is not your password.' })
  }
}
