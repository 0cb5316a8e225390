import { randomUUID } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { Lucia, TimeSpan } from 'lucia'
import { sessionCookieName } from '@/contracts/auth'
import { knownPermissions, Role } from '@/contracts/permissions'
import type { CurrentUser } from '@/contracts/users'
import { mostEntries } from '@/lib/cache/mostEntries'
import type { Announcing } from '@/lib/db/Announcing'
import type { Database } from '@/lib/db/database'
import { endOwnSessions, isFresh, listSessions, ownerOf, startSession, withheld } from '@/lib/db/repositories/sessions'
import type { SessionUser } from '@/services/shared/SessionUser'
import type { SessionStore } from '@/services/users/ports'
import { hashOfSecret, newSecret } from './secretHash'
import { createSessionAdapter } from './sessionAdapter'

interface SessionAttributes {
  publicId: string
  device: string
  address: string
  lastSeen: Date
  secondFactor: boolean
}

interface UserAttributes {
  email: string
  name: string
  role: string
  avatarImage: string | null
  permissions: string[]
  disabledAt: Date | null
}

declare module 'lucia' {
  interface Register {
    Lucia: Lucia<
      Pick<SessionAttributes, 'publicId' | 'lastSeen' | 'secondFactor'>,
      Omit<CurrentUser, 'id'> & { isDisabled: boolean }
    >
    DatabaseSessionAttributes: SessionAttributes
    DatabaseUserAttributes: UserAttributes
  }
}

/** A session lives this long after the last visit that extended it; see also SESSION_LIFETIME_DAYS. */
const SESSION_LENGTH = new TimeSpan(30, 'd')
/** Sessions that are remembered as known; some 10 MB at worst. */
const MOST_KNOWN = 50_000
/** How often a visit is written down, in milliseconds. */
const SEEN_EVERY_MS = 60_000

export interface BrowserSession {
  sessionUser: SessionUser
  currentUser: CurrentUser
}

export interface BrowserSessions extends SessionStore {
  /** Whether this process has seen a live session of this cookie: it may have ended since. Costs nothing. */
  isKnown(secretId: string): boolean
  /** Null for no, an unknown or an expired session. */
  read(secretId: string | undefined): Promise<BrowserSession | null>
  /** The `Set-Cookie` value; without a session it removes the cookie. */
  cookie(session: { secretId: string } | null): string
}

export interface BrowserSessionOptions {
  /** Whether pages are served by https. */
  secure: boolean
  announcing: Announcing
  /** Without one an admin's session may do what any person may, and no more. */
  secondFactorForAdmins: boolean
}

/** Lucia over Prisma. */
export function createBrowserSessions(db: Database, options: BrowserSessionOptions): BrowserSessions {
  const lucia = new Lucia(createSessionAdapter(db), {
    sessionExpiresIn: SESSION_LENGTH,
    // The cookie outlives the session: pages that Next renders can extend a session, but cannot set a cookie.
    sessionCookie: {
      name: sessionCookieName(options.secure),
      expires: false,
      attributes: { secure: options.secure, sameSite: 'lax', path: '/' },
    },
    getSessionAttributes: ({ publicId, lastSeen, secondFactor }) => ({ publicId, lastSeen, secondFactor }),
    getUserAttributes: ({ email, name, role, avatarImage, permissions, disabledAt }) => ({
      email,
      name,
      role: Role.parse(role),
      permissions: knownPermissions(permissions),
      isDisabled: disabledAt !== null,
      ...(avatarImage === null ? {} : { avatarImage }),
    }),
  })

  const noteVisit = (secretId: string) =>
    db.prisma.$executeRaw`
      UPDATE sessions SET last_seen = now()
      WHERE id = ${hashOfSecret(secretId)} AND last_seen < now() - interval '1 minute'`

  /** Hashes of cookies that were good when they were last looked up. */
  const known = new LRUCache<string, true>(mostEntries(MOST_KNOWN))

  return {
    isKnown: (secretId) => known.has(hashOfSecret(secretId)),

    async read(secretId) {
      if (!secretId) return null
      const { session, user } = await lucia.validateSession(secretId)
      // A disabled account has no sessions; one that was made at the same moment does not count.
      if (!session || user.isDisabled) {
        known.delete(hashOfSecret(secretId))
        return null
      }
      known.set(hashOfSecret(secretId), true)
      // Whoever looks at a page does not wait for it, nor is told when it fails.
      if (Date.now() - session.lastSeen.getTime() > SEEN_EVERY_MS) noteVisit(secretId).catch(() => {})
      const { id, name, role } = user
      const permissions = withheld(user.permissions, session.secondFactor, options.secondFactorForAdmins)
      return {
        sessionUser: { id, name, role, permissions, sessionId: session.publicId },
        currentUser: {
          ...{ id, name, role, permissions },
          email: user.email,
          ...(user.avatarImage === undefined ? {} : { avatarImage: user.avatarImage }),
          ...(permissions.length === user.permissions.length ? {} : { needsSecondFactor: true }),
        },
      }
    },

    async start({ previous, ...session }) {
      const [secretId, publicId] = [newSecret(), randomUUID()]
      const hash = hashOfSecret(secretId)
      const expiresAt = new Date(Date.now() + SESSION_LENGTH.milliseconds())
      const ends = previous === undefined ? undefined : hashOfSecret(previous)
      if (!(await startSession(db, { ...session, hash, publicId, expiresAt, ends }, options.announcing))) return null
      known.set(hash, true)
      return { secretId, publicId }
    },

    isFresh: (sessionId, ms) => isFresh(db, sessionId, ms),
    list: (userId) => listSessions(db, userId),
    async signOut(secretId, actor) {
      const which = { hash: hashOfSecret(secretId) }
      const owner = await ownerOf(db, which.hash)
      if (owner) await endOwnSessions(db, which, options.announcing, { ...actor, ...owner })
    },

    async endOne(userId, sessionId, actor) {
      const ended = await endOwnSessions(db, { userId, only: sessionId }, options.announcing, actor)
      return ended.length > 0
    },
    async endOthers(userId, sessionId, actor) {
      await endOwnSessions(db, { userId, except: sessionId }, options.announcing, actor)
    },

    cookie(session) {
      const cookie = session ? lucia.createSessionCookie(session.secretId) : lucia.createBlankSessionCookie()
      return cookie.serialize()
    },
  }
}
