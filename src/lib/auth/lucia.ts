import { randomUUID } from 'node:crypto'
import { PrismaAdapter } from '@lucia-auth/adapter-prisma'
import { Lucia, TimeSpan } from 'lucia'
import { sessionCookieName } from '@/contracts/auth'
import { knownPermissions, Role } from '@/contracts/permissions'
import type { CurrentUser } from '@/contracts/users'
import type { Announcing } from '@/lib/db/Announcing'
import type { Database } from '@/lib/db/database'
import { endSession } from '@/lib/db/repositories/sessions'
import type { SessionUser } from '@/services/shared/SessionUser'
import type { SessionStore } from '@/services/users/ports'

interface SessionAttributes {
  publicId: string
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
    Lucia: Lucia<SessionAttributes, Omit<CurrentUser, 'id'> & { isDisabled: boolean }>
    DatabaseSessionAttributes: SessionAttributes
    DatabaseUserAttributes: UserAttributes
  }
}

/** A session lives this long after the last visit that extended it. */
const SESSION_DAYS = 30

export interface BrowserSession {
  sessionUser: SessionUser
  currentUser: CurrentUser
}

export interface BrowserSessions extends SessionStore {
  /** Null for no, an unknown or an expired session. */
  read(secretId: string | undefined): Promise<BrowserSession | null>
  /** The `Set-Cookie` value; without a session it removes the cookie. */
  cookie(session: { secretId: string } | null): string
}

/** Lucia over Prisma. `secure` is whether pages are served by https. */
export function createBrowserSessions(
  db: Database,
  options: { secure: boolean; announcing: Announcing },
): BrowserSessions {
  const lucia = new Lucia(new PrismaAdapter(db.prisma.session, db.prisma.user), {
    sessionExpiresIn: new TimeSpan(SESSION_DAYS, 'd'),
    // The cookie outlives the session: pages that Next renders can extend a session, but cannot set a cookie.
    sessionCookie: {
      name: sessionCookieName(options.secure),
      expires: false,
      attributes: { secure: options.secure, sameSite: 'lax', path: '/' },
    },
    getSessionAttributes: ({ publicId }) => ({ publicId }),
    getUserAttributes: ({ email, name, role, avatarImage, permissions, disabledAt }) => ({
      email,
      name,
      role: Role.parse(role),
      permissions: knownPermissions(permissions),
      isDisabled: disabledAt !== null,
      ...(avatarImage === null ? {} : { avatarImage }),
    }),
  })

  return {
    async read(secretId) {
      if (!secretId) return null
      const { session, user } = await lucia.validateSession(secretId)
      // A disabled account has no sessions; one that was made at the same moment does not count.
      if (!session || user.isDisabled) return null
      const { id, name, role, permissions } = user
      return {
        sessionUser: { id, name, role, permissions, sessionId: session.publicId },
        currentUser: {
          ...{ id, name, role, permissions },
          email: user.email,
          ...(user.avatarImage === undefined ? {} : { avatarImage: user.avatarImage }),
        },
      }
    },

    async start(userId) {
      const session = await lucia.createSession(userId, { publicId: randomUUID() })
      return { secretId: session.id }
    },

    end: (secretId) => endSession(db, secretId, options.announcing),

    cookie(session) {
      const cookie = session ? lucia.createSessionCookie(session.secretId) : lucia.createBlankSessionCookie()
      return cookie.serialize()
    },
  }
}
