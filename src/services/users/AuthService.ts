import { AppError } from '@/contracts/errors'
import { signInProblems } from '@/contracts/signInProblems'
import type { CurrentUser } from '@/contracts/users'
import type { Actor } from '../audit/ports'
import type {
  KnownUser,
  PasswordHasher,
  PasswordPolicy,
  SessionStore,
  StartedSession,
  UserRepository,
  Visit,
} from './ports'
import type { Registration } from './Registration'
import { requireStrongPassword } from './requireStrongPassword'
import type { SecondFactorService } from './SecondFactorService'

export interface AuthServiceDeps {
  users: UserRepository
  passwords: PasswordHasher
  policy: PasswordPolicy
  sessions: SessionStore
  /** False: nobody enters without a password, whatever the database says. */
  hasDemo: boolean
  registration: Registration
  secondFactor: SecondFactorService
}

/** Somebody who is in, with their new session. */
export interface SignedIn {
  user: CurrentUser
  session: StartedSession
}

/** Whoever has a second factor is not in yet: they come back with this challenge and a code. */
export type Entered = SignedIn | { challenge: string }

/** Registering, signing in and out. */
export class AuthService {
  private decoyHash: Promise<string> | undefined

  constructor(private readonly deps: AuthServiceDeps) {}

  /** @throws AppError CONFLICT (the address is taken), BAD_REQUEST (a password that is easily guessed), FORBIDDEN. */
  async register(
    input: { email: string; password: string; name: string; invite?: string | undefined },
    visit: Visit,
  ): Promise<SignedIn> {
    const { email, password, name, invite } = input
    await this.deps.registration.requireOpen(invite, email)
    await requireStrongPassword(this.deps.policy, password, [email, name], 'password')
    const passwordHash = await this.deps.passwords.hash(password)
    const user = await this.deps.registration.create({ email, name, passwordHash, invite })
    return this.startSession(user, visit)
  }

  /**
   * Always a new session: whoever planted a cookie before gains nothing. An unknown address and a wrong password get the
   * same answer after the same work, except that hashes which came from another app take their own time; that an account is
   * disabled is told to whoever knows its password.
   * @throws AppError UNAUTHENTICATED, FORBIDDEN (disabled).
   */
  async login(input: { email: string; password: string }, visit: Visit): Promise<Entered> {
    const found = await this.deps.users.byEmail(input.email)
    const hash = found?.passwordHash ?? (await this.decoy())
    const matches = await this.deps.passwords.verify(hash, input.password)
    if (!found?.passwordHash || !matches) {
      throw new AppError('UNAUTHENTICATED', { message: 'E-mail address or password is not right.' })
    }
    const user = requireEnabled(found)
    if (!this.deps.passwords.shouldRehash(hash, input.password)) return this.enter(user, visit, hash)
    const newHash = await this.deps.passwords.hash(input.password)
    if (await this.deps.users.rehashPassword(user.id, hash, newHash)) return this.enter(user, visit, newHash)
    // Somebody was faster, here or with another password: what is there now counts.
    return this.login(input, visit)
  }

  /** The second half of `login`. @throws AppError UNAUTHENTICATED, FORBIDDEN (disabled), RATE_LIMITED. */
  async passSecondFactor(input: { challenge: string; code: string }, visit: Visit): Promise<SignedIn> {
    const userId = await this.deps.secondFactor.challenged(input.challenge)
    // Read before the challenge ends, which another password would have ended: what is read is what was asked for.
    const known = await this.deps.users.byId(userId)
    if (!known) throw new AppError('UNAUTHENTICATED')
    await this.deps.secondFactor.pass(userId, input, visit.address)
    return this.startSession(requireEnabled(known), visit, { secondFactor: true, passwordHash: known.passwordHash })
  }

  /** Whom one may enter as without a password, by name; nobody where there is no demo. */
  async demoAccounts(): Promise<CurrentUser[]> {
    return this.deps.hasDemo ? this.deps.users.demoAccounts() : []
  }

  /**
   * Like `login`, as somebody of the demo.
   * @throws AppError NOT_FOUND.
   */
  async enterDemo(input: { email: string }, visit: Visit): Promise<SignedIn> {
    const user = (await this.demoAccounts()).find(({ email }) => email === input.email)
    if (!user) throw new AppError('NOT_FOUND', { message: 'There is no such demo account.' })
    return this.startSession(user, visit)
  }

  /** Ends the session; its live sockets close within seconds on every instance. */
  async logout(secretId: string, actor: Actor): Promise<void> {
    await this.deps.sessions.signOut(secretId, actor)
  }

  /**
   * Lets in somebody who has proved who they are, unless a code is needed as well.
   * @param passwordHash - what their password was compared with; left out where none was asked for.
   * @throws AppError UNAUTHENTICATED: the account was changed at this moment.
   */
  async enter(user: CurrentUser, visit: Visit, passwordHash?: string): Promise<Entered> {
    const challenge = await this.deps.secondFactor.challenge(user.id)
    return challenge === null ? this.startSession(user, visit, { passwordHash }) : { challenge }
  }

  private async startSession(
    user: CurrentUser,
    visit: Visit,
    { secondFactor = false, passwordHash }: { secondFactor?: boolean; passwordHash?: string | null | undefined } = {},
  ): Promise<SignedIn> {
    const session = await this.deps.sessions.start({ ...visit, userId: user.id, secondFactor, passwordHash })
    if (session) return { user, session }
    throw new AppError('UNAUTHENTICATED', { message: 'This account was changed just now. Please sign in again.' })
  }

  private decoy(): Promise<string> {
    this.decoyHash ??= this.deps.passwords.hash('a password nobody has').catch((error: unknown) => {
      this.decoyHash = undefined
      throw error
    })
    return this.decoyHash
  }
}

/** @throws AppError FORBIDDEN. */
export function requireEnabled({ user, isDisabled }: Pick<KnownUser, 'user' | 'isDisabled'>): CurrentUser {
  if (!isDisabled) return user
  throw new AppError('FORBIDDEN', { message: signInProblems.disabled })
}
