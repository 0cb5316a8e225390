import type { CurrentUser, Person } from '@/contracts/users'
import type { SessionUser } from '@/services/shared/SessionUser'

export interface NewUser {
  /** Lower case. */
  email: string
  name: string
  passwordHash: string
}

export interface UserRepository {
  /** Null when the address is taken. */
  create(user: NewUser): Promise<CurrentUser | null>
  byEmail(email: string): Promise<{ user: CurrentUser; passwordHash: string | null } | null>
  /** Whether an administrator closed this account. */
  isDisabled(userId: string): Promise<boolean>
  /** The accounts of the demo that are open, by name. */
  demoAccounts(): Promise<CurrentUser[]>
  /**
   * People whose name contains the text (one or two characters: begins with it, or a word of it does), or whose address is
   * it; at most a page. Those whose name begins with it come first.
   */
  search(query: string, exceptId: string): Promise<Person[]>
}

export interface PasswordHasher {
  hash(password: string): Promise<string>
  verify(hash: string, password: string): Promise<boolean>
}

export type LiveSession = SessionUser

export interface SessionReader {
  /** Of these public ids, the sessions that are neither ended nor expired, each with its user. */
  live(sessionIds: readonly string[]): Promise<LiveSession[]>
}

export interface Ticket {
  /** Nobody else's, ever. */
  id: string
  /** From when on it is accepted nowhere, so that it may be forgotten that it was used. */
  deadAt: Date
  /** The public id of the session it was made for. */
  sessionId: string
}

export interface TicketRegister {
  /** Uses the ticket up, in whichever process. Undefined: its session is over. `isFirstUse` is true once for each ticket. */
  redeem(ticket: Ticket): Promise<{ session: LiveSession; isFirstUse: boolean } | undefined>
  /** Forgets what is dead. */
  purge(): Promise<void>
}

export interface StartedSession {
  /** The cookie's secret. */
  secretId: string
}

export interface SessionStore {
  start(userId: string): Promise<StartedSession>
  /** Rejects when it could not be ended. An unknown id is not an error. */
  end(secretId: string): Promise<void>
}
