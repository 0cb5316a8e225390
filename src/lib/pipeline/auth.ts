import type { Namespace } from '@/contracts/auth'
import { AppError } from '@/contracts/errors'
import type { SessionTokens } from '@/lib/auth/sessionToken'
import type { SessionUser } from '@/services/shared/SessionUser'
import type { SessionReader } from '@/services/users/ports'

/**
 * Who is knocking: the token is a ticket for this handshake, the session behind it is what counts.
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
