import { PrismaAdapter } from '@lucia-auth/adapter-prisma'
import type { Adapter } from 'lucia'
import type { Database } from '@/lib/db/database'
import { hashOfSecret } from './secretHash'

/** No session is older, however often its owner comes back. In days. */
export const SESSION_LIFETIME_DAYS = 90

/** Lucia's adapter, whose table holds hashes: an id that Lucia knows is the cookie's secret. */
export function createSessionAdapter(db: Database): Adapter {
  const inner = new PrismaAdapter(db.prisma.session, db.prisma.user)
  return {
    async getSessionAndUser(secretId) {
      const [session, user] = await inner.getSessionAndUser(hashOfSecret(secretId))
      return session && user ? [{ ...session, id: secretId }, user] : [null, null]
    },
    setSession: (session) => inner.setSession({ ...session, id: hashOfSecret(session.id) }),
    async updateSessionExpiration(secretId, expiresAt) {
      // In its last days a session cannot be extended any more, and nothing is written.
      await db.prisma.$executeRaw`
        UPDATE sessions SET expires_at = least(${expiresAt}::timestamptz, created_at + ${SESSION_LIFETIME_DAYS} * interval '1 day')
        WHERE id = ${hashOfSecret(secretId)} AND expires_at < created_at + ${SESSION_LIFETIME_DAYS} * interval '1 day'`
    },
    deleteSession: (secretId) => inner.deleteSession(hashOfSecret(secretId)),
    getUserSessions: (userId) => inner.getUserSessions(userId),
    deleteUserSessions: (userId) => inner.deleteUserSessions(userId),
    deleteExpiredSessions: () => inner.deleteExpiredSessions(),
  }
}
