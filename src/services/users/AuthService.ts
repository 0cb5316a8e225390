import { AppError } from '@/contracts/errors'
import type { CurrentUser } from '@/contracts/users'
import type { PasswordHasher, SessionStore, StartedSession, UserRepository } from './ports'

export interface AuthServiceDeps {
  users: UserRepository
  passwords: PasswordHasher
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

  /** @throws AppError CONFLICT (the address is taken). */
  async register(input: { email: string; password: string; name: string }, previous?: string): Promise<SignedIn> {
    const passwordHash = await this.deps.passwords.hash(input.password)
    const user = await this.deps.users.create({ email: input.email, name: input.name, passwordHash })
    if (!user) {
      throw new AppError('CONFLICT', {
        message: 'There is an account with this e-mail address already. Sign in instead.',
        issues: [{ path: 'email', message: 'This address has an account already.' }],
      })
    }
    return this.startSession(user, previous)
  }

  /**
   * Always a new session: whoever planted a cookie before gains nothing. An unknown address and a wrong password get the
   * same answer after the same work.
   * @param previous - the secret id of the session this browser held; it ends.
   * @throws AppError UNAUTHENTICATED, FORBIDDEN (the account was disabled).
   */
  async login(input: { email: string; password: string }, previous?: string): Promise<SignedIn> {
    const found = await this.deps.users.byEmail(input.email)
    const hash = found?.passwordHash ?? (await this.decoy())
    const matches = await this.deps.passwords.verify(hash, input.password)
    if (!found?.passwordHash || !matches) {
      throw new AppError('UNAUTHENTICATED', { message: 'E-mail address or password is not right.' })
    }
    return this.startSession(found.user, previous)
  }

  /** Whom one may enter as without a password, by name; nobody where there is no demo. */
  async demoAccounts(): Promise<CurrentUser[]> {
    return this.deps.hasDemo ? this.deps.users.demoAccounts() : []
  }

  /**
   * Like `login`, as somebody of the demo.
   * @throws AppError NOT_FOUND.
   */
  async enterDemo(input: { email: string }, previous?: string): Promise<SignedIn> {
    const user = (await this.demoAccounts()).find(({ email }) => email === input.email)
    if (!user) throw new AppError('NOT_FOUND', { message: 'There is no such demo account.' })
    return this.startSession(user, previous)
  }

  /** Ends the session; its live sockets close within seconds on every instance. */
  async logout(secretId: string): Promise<void> {
    await this.deps.sessions.end(secretId)
  }

  /** @throws AppError FORBIDDEN (the account was disabled). */
  private async startSession(user: CurrentUser, previous: string | undefined): Promise<SignedIn> {
    if (await this.deps.users.isDisabled(user.id)) {
      throw new AppError('FORBIDDEN', { message: 'This account was disabled by an administrator.' })
    }
    if (previous !== undefined) await this.deps.sessions.end(previous)
    return { user, session: await this.deps.sessions.start(user.id) }
  }

  private decoy(): Promise<string> {
    this.decoyHash ??= this.deps.passwords.hash('a password nobody has').catch((error: unknown) => {
      this.decoyHash = undefined
      throw error
    })
    return this.decoyHash
  }
}
