import type { CurrentUser, Person } from '@/contracts/users'
import type { SessionUser } from '@/services/shared/SessionUser'

export interface NewUser {
  /** Lower case. */
  email: string
  name: string
  passwordHash: string
}

/** Somebody as signing in needs them. */
export interface KnownUser {
  user: CurrentUser
  /** Null for people who sign in elsewhere only. */
  passwordHash: string | null
  isDisabled: boolean
}

export interface UserRepository {
  /** Null when the address is taken. */
  create(user: NewUser): Promise<CurrentUser | null>
  byEmail(email: string): Promise<KnownUser | null>
  byId(id: string): Promise<KnownUser | null>
  /** Gives a person another password and ends their sessions but this one, all or nothing. */
  setPassword(userId: string, passwordHash: string, keptSessionId: string): Promise<void>
  /** The accounts of the demo, by name. */
  demoAccounts(): Promise<CurrentUser[]>
  /** People whose name contains the text, or whose address is it; at most a page, by name. */
  search(query: string, exceptId: string): Promise<Person[]>
}

export interface PasswordPolicy {
  /** Why this password must not be chosen, as a sentence; undefined: it may. `about`: what a guesser knows of the person. */
  weakness(password: string, about: readonly string[]): Promise<string | undefined>
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

/** For who looks after open connections. */
export interface SessionKeeper extends SessionReader {
  /** Notes that they are in use; each at most once a minute. */
  seen(sessionIds: readonly string[]): Promise<void>
}

/** Where somebody signs in from. */
export interface Visit {
  /** The secret id of the session this browser held; it ends. */
  previous: string | undefined
  /** "Firefox on Linux"; blank: not known. */
  device: string
  /** As limits count it. */
  address: string
}

export interface StartedSession {
  /** The cookie's secret. */
  secretId: string
  publicId: string
}

/** A session as its owner sees it; `id` is its public id. */
export interface OwnSession {
  id: string
  createdAt: string
  lastSeen: string
  device: string
  address: string
}

export interface SessionStore {
  start(userId: string, from: Omit<Visit, 'previous'> & { secondFactor: boolean }): Promise<StartedSession>
  /** Rejects when it could not be ended. An unknown id is not an error. */
  end(secretId: string): Promise<void>
  /** Those of a person that are not over, the newest visit first; at most 100. */
  list(userId: string): Promise<OwnSession[]>
  /** False when this person has no such session. */
  endOne(userId: string, sessionId: string): Promise<boolean>
  /** All of a person's but this one. */
  endOthers(userId: string, sessionId: string): Promise<void>
}
