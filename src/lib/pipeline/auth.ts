import { AppError } from '@/contracts/errors'
import type { Namespace } from '@/contracts/namespaces'
import type { BrowserSessions } from '@/lib/auth/lucia'
import type { SessionTokens } from '@/lib/auth/sessionToken'
import type { SessionUser } from '@/services/shared/SessionUser'
import type { SessionReader } from '@/services/users/ports'

/**
 * Who connects: the token is a ticket for this handshake, the session behind it is what counts.
 * @throws AppError UNAUTHENTICATED (token) or SESSION_EXPIRED (the session ended meanwhile).
 */
export async function authenticateHandshake(
  deps: { tokens: SessionTokens; sessions: SessionReader },
  auth: Record<string, unknown>,
  namespace: Namespace,
): Promise<SessionUser> {
  const { userId, sessionId } = await deps.tokens.verify(auth.token, namespace)
  const [session] = await deps.sessions.live([sessionId])
  if (session?.id !== userId) throw new AppError('SESSION_EXPIRED')
  return session
}

/** Whose cookie this is. @throws AppError UNAUTHENTICATED (none) or SESSION_EXPIRED. */
export async function requireSession(sessions: BrowserSessions, cookie: string | undefined): Promise<SessionUser> {
  const session = await sessions.read(cookie)
  if (!session) throw new AppError(cookie ? 'SESSION_EXPIRED' : 'UNAUTHENTICATED')
  return session.sessionUser
}
