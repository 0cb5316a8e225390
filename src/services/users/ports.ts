import type { CurrentUser, Person } from '@/contracts/users'
import type { Actor } from '@/services/audit/ports'
import type { Mail } from '@/services/mail/ports'
import type { SessionUser } from '@/services/shared/SessionUser'

/** An account before it is made. */
export interface NewUser {
  /** Lower case. */
  email: string
  name: string
  /** Null for people who sign in elsewhere only. */
  passwordHash: string | null
  avatarImage?: string | undefined
  /** The hash of the invite that is used up by this. */
  invite?: string | undefined
  /** Who this is elsewhere; there the address was proved. */
  account?: LinkedAccount | undefined
}

/** Who somebody is at another provider: `subject` is its own id of the person. */
export interface LinkedAccount {
  provider: 'google'
  subject: string
  email: string
}

/** Somebody as signing in needs them. */
export interface KnownUser {
  user: CurrentUser
  /** Null for people who sign in elsewhere only. */
  passwordHash: string | null
  isDisabled: boolean
}

/** Accounts, for whoever signs in. */
export interface UserRepository {
  /** All or nothing. `taken`: the address (or the account elsewhere) is somebody's; `spent`: the invite is not good. */
  create(user: NewUser): Promise<CurrentUser | 'taken' | 'spent'>
  byEmail(email: string): Promise<KnownUser | null>
  byId(id: string): Promise<KnownUser | null>
  /** They were seen to read the mail of this address; should theirs be another one, nothing comes of it. */
  proveEmail(userId: string, email: string): Promise<void>
  /**
   * Gives a person another password, all or nothing: their sessions end but the one that asks, whose cookie's secret becomes
   * another, and sign-ins that the old password began are over. False: the password is not `from` any more.
   * @throws AppError SESSION_EXPIRED: the session that asks is over.
   */
  setPassword(
    userId: string,
    change: { from: string | null; to: string; session: { publicId: string; secretHash: string } },
    actor: Actor,
  ): Promise<boolean>
  /** Another hash of the same password: nobody's sessions end. False: the hash is not `from` any more. */
  rehashPassword(userId: string, from: string, to: string): Promise<boolean>
  /** What is left out stays as it is; a picture of null goes. */
  update(
    userId: string,
    profile: { name?: string | undefined; avatarImage?: string | null | undefined },
  ): Promise<CurrentUser>
  /** The accounts of the demo, by name. */
  demoAccounts(): Promise<CurrentUser[]>
  /**
   * People whose name contains the text (one or two characters: begins with it, or a word of it does), or whose address is
   * it; at most a page. Those whose name begins with it come first.
   */
  search(query: string, exceptId: string): Promise<Person[]>
}

/** Which passwords may be chosen. */
export interface PasswordPolicy {
  /** Why this password must not be chosen, as a sentence; undefined: it may. `about`: what a guesser knows of the person. */
  weakness(password: string, about: readonly string[]): Promise<string | undefined>
}

/** Turns passwords into what may be kept of them. Takes some tens of milliseconds on purpose. */
export interface PasswordHasher {
  hash(password: string): Promise<string>
  verify(hash: string, password: string): Promise<boolean>
  /** Whether the hash, which this password opens, is of a kind that `hash` makes no longer, and is to be replaced. */
  shouldRehash(hash: string, password: string): boolean
}

/** The user of a session that goes on. */
export type LiveSession = SessionUser

/** For who only has to know whether sessions go on. */
export interface SessionReader {
  /** Of these public ids, the sessions that are neither ended nor expired, each with its user. */
  live(sessionIds: readonly string[]): Promise<LiveSession[]>
}

/** What a session token says of itself; it opens one handshake. */
export interface Ticket {
  /** Nobody else's, ever. */
  id: string
  /** From when on it is accepted nowhere, so that it may be forgotten that it was used. */
  deadAt: Date
  /** The public id of the session it was made for. */
  sessionId: string
}

/** Which tickets were used. */
export interface TicketRegister {
  /** Uses the ticket up, in whichever process. Undefined: its session is over. `isFirstUse` is true once for each ticket. */
  redeem(ticket: Ticket): Promise<{ session: LiveSession; isFirstUse: boolean } | undefined>
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

/** A session that has just begun. */
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

/** A session before it begins. */
export interface NewSession extends Visit {
  userId: string
  /** Whether a second factor was given. */
  secondFactor: boolean
  /** What a password was compared with; left out where none was asked for. */
  passwordHash?: string | null | undefined
}

/** Where sessions begin and end. */
export interface SessionStore {
  /**
   * Begins a session, and ends the one that this browser held. Null: the account was disabled, or got another password,
   * since it was looked at; a sign-in that is under way meanwhile outlives neither.
   */
  start(session: NewSession): Promise<StartedSession | null>
  /** Ends a session by its owner's wish, which the audit log keeps; `actor` says from where. An unknown id is no error. */
  signOut(secretId: string, actor: Actor): Promise<void>
  /** Whether this session began in the last `ms` milliseconds. */
  isFresh(sessionId: string, ms: number): Promise<boolean>
  /** Those of a person that are not over, the newest visit first; at most 100. */
  list(userId: string): Promise<OwnSession[]>
  /** False when this person has no such session. */
  endOne(userId: string, sessionId: string, actor: Actor): Promise<boolean>
  /** All of a person's but this one; null: all. */
  endOthers(userId: string, sessionId: string | null, actor: Actor): Promise<void>
}

/** A sign-in that takes several requests; the browser holds a secret, the table its hash. */
export type SignInStepKind = 'second-factor' | 'google'

/** What is remembered between two requests of one sign-in; `userId` is null while nobody is known. */
export interface SignInStep {
  userId: string | null
  data: Record<string, string>
}

/** Steps of sign-ins that are under way. A step is known by a secret of which a hash is kept, for `lifeMs`. */
export interface SignInSteps {
  /** Resolves to the secret that the browser holds. */
  begin(kind: SignInStepKind, step: SignInStep, lifeMs: number): Promise<string>
  /** Counts a guess; null when the step is over, or had so many. */
  guess(kind: SignInStepKind, secret: string, mostGuesses: number): Promise<SignInStep | null>
  /** Ends the step: whoever comes second gets null. */
  take(kind: SignInStepKind, secret: string): Promise<SignInStep | null>
}

/** The secret of somebody's authenticator app. */
export interface SecondFactor {
  /** As the table holds it. */
  sealed: string
  isConfirmed: boolean
}

/** Where a code comes from. */
export interface CodeOrigin {
  kind: 'app' | 'recovery'
  /** As limits count it. */
  address: string
}

/** How many wrong codes in how many milliseconds. */
export interface CodeLimits {
  /** Of one kind, for one account from one address. */
  here: { most: number; ms: number }
  /** Of the app, for one account, from all addresses together that are not known. */
  elsewhere: { most: number; ms: number }
  /** How long an address is known after a right code. */
  knownMs: number
}

/** Second factors and their recovery codes. */
export interface SecondFactorRepository {
  find(userId: string): Promise<SecondFactor | null>
  codesLeft(userId: string): Promise<number>
  /** In place of one that was not confirmed; false when there is one that was. */
  begin(userId: string, sealed: string): Promise<boolean>
  /**
   * From now on it is asked for; this session counts as one that gave it, under another secret. False when another request
   * was first.
   */
  confirm(
    actor: Actor,
    userId: string,
    set: { step: number; codeHashes: readonly string[]; sessionSecretHash: string },
  ): Promise<boolean>
  /** Counts an attempt before its code is looked at, and says whether it may be. */
  attempt(
    userId: string,
    from: CodeOrigin,
    limits: CodeLimits,
  ): Promise<{ allowed: true } | { allowed: false; resetMs: number }>
  /** The code was right: what was counted for this address is taken back, and it is known from now on. */
  forgive(userId: string, address: string, limits: CodeLimits): Promise<void>
  /** False when a code of this or a later step was taken before. */
  takeStep(userId: string, step: number): Promise<boolean>
  /** False when there is no such recovery code (any more). */
  takeCode(userId: string, hash: string): Promise<boolean>
  remove(actor: Actor, userId: string): Promise<void>
}

/** The arithmetic of authenticator apps. */
export interface OneTimeCodes {
  newSecret(): string
  /** The address that a QR code holds. */
  uri(secret: string, account: string): string
  /** Which 30 s step this code is of: the present one or a neighbour; null for none. */
  stepOf(secret: string, code: string): number | null
}

/** Encrypts what the database must not hold in clear. */
export interface SecretBox {
  seal(text: string): string
  /** Undefined when it was sealed with a key that is not there any more. @throws Error when it was tampered with. */
  open(sealed: string): string | undefined
}

/** Secrets of our own making, and what the database keeps of them. */
export interface RandomSecrets {
  create(): string
  hash(secret: string): string
  /** For people: `k3fw-…`, 120 bits. */
  recoveryCode(): string
  /** `hash` of such a code, however its letters were grouped. */
  recoveryHash(code: string): string
}

/** Invitations to make an account. */
export interface InviteRepository {
  /** All or nothing; `mail`: goes to that address, and tells of it. */
  create(
    actor: Actor,
    invite: { hash: string; email: string | null; lifeMs: number; mail?: Mail | undefined },
  ): Promise<void>
  /** One that can still be used. */
  find(hash: string): Promise<{ email: string | null } | null>
}

/** Accounts elsewhere (Google) that open accounts here. */
export interface AccountRepository {
  /** Whose this account is. */
  find(account: Pick<LinkedAccount, 'provider' | 'subject'>): Promise<KnownUser | null>
  /** This person's account there. */
  ofUser(userId: string): Promise<{ email: string } | null>
  /** False when it is somebody else's, or this person has another one there. */
  link(userId: string, account: LinkedAccount, actor: Actor): Promise<boolean>
  unlink(userId: string, actor: Actor): Promise<void>
}

/** What an OpenID provider says of somebody; all of it was checked. */
export interface ProvidedIdentity {
  subject: string
  email: string
  isEmailVerified: boolean
  name: string | null
  picture: string | null
}

/** Google, or what stands in for it. */
export interface IdentityProvider {
  /** Where to send the browser, and what must be remembered to check what it comes back with. */
  begin(): Promise<{ url: string; checks: Record<string, string> }>
  /** @param callbackUrl - with the query the browser came back with. @throws Error when any check fails. */
  finish(callbackUrl: URL, checks: Record<string, string>): Promise<ProvidedIdentity>
}
