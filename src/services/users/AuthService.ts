import { AppError } from '@/contracts/errors'
import type { CurrentUser } from '@/contracts/users'
import type {
  KnownUser,
  PasswordHasher,
  PasswordPolicy,
  SessionStore,
  StartedSession,
  UserRepository,
  Visit,
} from './ports'
import { requireStrongPassword } from './requireStrongPassword'

export interface AuthServiceDeps {
  users: UserRepository
  passwords: PasswordHasher
  policy: PasswordPolicy
  sessions: SessionStore
  /** False: nobody enters without a password, whatever the database says. */
  hasDemo: boolean
}

export interface SignedIn {
  user: CurrentUser
  session: StartedSession
}

/** Registering, signing in and out. */
export class AuthService {
  private decoyHash: Promise<string> | undefined

  constructor(private readonly deps: AuthServiceDeps) {}

  /** @throws AppError CONFLICT (the address is taken), BAD_REQUEST (a password that is easily guessed). */
  async register(input: { email: string; password: string; name: string }, visit: Visit): Promise<SignedIn> {
    await requireStrongPassword(this.deps.policy, input.password, [input.email, input.name], 'password')
    const passwordHash = await this.deps.passwords.hash(input.password)
    const user = await this.deps.users.create({ email: input.email, name: input.name, passwordHash })
    if (!user) {
      throw new AppError('CONFLICT', {
        message: 'There is an account with this e-mail address already. Sign in instead.',
        issues: [{ path: 'email', message: 'This address has an account already.' }],
      })
    }
    return this.enter(user, visit)
  }

  /**
   * Always a new session: whoever planted a cookie before gains nothing. An unknown address and a wrong password get the
   * same answer after the same work; that an account is disabled is told to whoever knows its password.
   * @throws AppError UNAUTHENTICATED, FORBIDDEN (disabled).
   */
  async login(input: { email: string; password: string }, visit: Visit): Promise<SignedIn> {
    const user = await this.withPassword(input)
    return this.enter(user, visit)
  }

  /** Whose e-mail address and password these are. @throws like `login`. */
  async withPassword(input: { email: string; password: string }): Promise<CurrentUser> {
    const found = await this.deps.users.byEmail(input.email)
    const hash = found?.passwordHash ?? (await this.decoy())
    const matches = await this.deps.passwords.verify(hash, input.password)
    if (!found?.passwordHash || !matches) {
      throw new AppError('UNAUTHENTICATED', { message: 'E-mail address or password is not right.' })
    }
    return requireEnabled(found)
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
    return this.enter(user, visit)
  }

  /** Ends the session; its live sockets close within seconds on every instance. */
  async logout(secretId: string): Promise<void> {
    await this.deps.sessions.end(secretId)
  }

  /** Lets in somebody who has proved who they are. */
  async enter(user: CurrentUser, { previous, ...from }: Visit, secondFactor = false): Promise<SignedIn> {
    if (previous !== undefined) await this.deps.sessions.end(previous)
    return { user, session: await this.deps.sessions.start(user.id, { ...from, secondFactor }) }
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
  throw new AppError('FORBIDDEN', { message: 'This account is disabled. An administrator can open it again.' })
}
