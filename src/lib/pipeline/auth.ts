import type { BearerAudience } from '@/contracts/audiences'
import { AppError } from '@/contracts/errors'
import type { AskingRequest, RequestSessions } from '@/lib/auth/requestSessions'
import type { SessionTokens, VerifiedToken } from '@/lib/auth/sessionToken'
import { bearerOf } from '@/lib/http/bearerOf'
import type { SessionUser } from '@/services/shared/SessionUser'
import type { SessionReader, TicketRegister } from '@/services/users/ports'

/**
 * Who connects: the token is a ticket for this handshake and no other, the session behind it is what counts.
 * @throws AppError UNAUTHENTICATED (it was used before) or SESSION_EXPIRED (the session ended meanwhile).
 */
export async function redeemTicket(tickets: TicketRegister, ticket: VerifiedToken): Promise<SessionUser> {
  const redeemed = await tickets.redeem(ticket)
  if (redeemed?.session.id !== ticket.userId) throw new AppError('SESSION_EXPIRED')
  if (!redeemed.isFirstUse) {
    throw new AppError('UNAUTHENTICATED', { message: 'This session token was used before: get a new one.' })
  }
  return redeemed.session
}

/** What may be shown where a bearer is asked for. */
const accepted: Record<BearerAudience, string> = {
  '/admin-api': "a service key, or an administrator's session token for /admin-api",
  '/graphql': 'a session token for /graphql',
}

/**
 * Who asks with `Authorization: Bearer <token>`, which is good for many requests while its session lives.
 * @throws AppError UNAUTHENTICATED or SESSION_EXPIRED.
 */
export async function requireBearer(
  deps: { tokens: SessionTokens; sessions: SessionReader },
  authorization: unknown,
  audience: BearerAudience,
): Promise<SessionUser> {
  const token = bearerOf(authorization)
  if (token === undefined) {
    const message = `Send ${accepted[audience]}, as "authorization": "Bearer <…>".`
    throw new AppError('UNAUTHENTICATED', { message })
  }
  const { userId, sessionId } = deps.tokens.verify(token, audience)
  const [session] = await deps.sessions.live([sessionId])
  if (session?.id !== userId) throw new AppError('SESSION_EXPIRED')
  return session
}

/** Whose request this is. @throws AppError UNAUTHENTICATED (it names no session) or SESSION_EXPIRED. */
export async function requireSession(
  sessions: Pick<RequestSessions, 'read' | 'isNamed'>,
  request: AskingRequest,
  answer?: Headers,
): Promise<SessionUser> {
  const session = await sessions.read(request, answer)
  if (!session) throw new AppError(sessions.isNamed(request) ? 'SESSION_EXPIRED' : 'UNAUTHENTICATED')
  return session.sessionUser
}
