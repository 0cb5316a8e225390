import { jwtVerify, SignJWT } from 'jose'
import { AppError } from '@/contracts/errors'
import type { Namespace } from '@/contracts/namespaces'

/** How long a token opens a handshake, in seconds. Afterwards the Lucia session counts. */
export const SESSION_TOKEN_SECONDS = 300

/** Pinned: a token that names another algorithm is refused. */
const ALGORITHM = 'HS256'

export interface SessionTokenClaims {
  userId: string
  /** The session's public id, never Lucia's own: that one is the cookie's secret. */
  sessionId: string
}

export interface SessionTokens {
  issue(claims: SessionTokenClaims, audience: readonly Namespace[]): Promise<{ token: string; expiresAt: Date }>
  /** @throws AppError UNAUTHENTICATED: no, forged, expired or another namespace's token. */
  verify(token: unknown, audience: Namespace): Promise<SessionTokenClaims>
}

export function createSessionTokens(secret: string): SessionTokens {
  const key = new TextEncoder().encode(secret)
  return {
    async issue({ userId, sessionId }, audience) {
      const expiresAt = new Date((Math.floor(Date.now() / 1000) + SESSION_TOKEN_SECONDS) * 1000)
      const token = await new SignJWT({ sid: sessionId })
        .setProtectedHeader({ alg: ALGORITHM })
        .setSubject(userId)
        .setAudience([...audience])
        .setIssuedAt()
        .setExpirationTime(expiresAt)
        .sign(key)
      return { token, expiresAt }
    },

    async verify(token, audience) {
      if (typeof token !== 'string' || token === '') {
        throw new AppError('UNAUTHENTICATED', {
          message: 'A session token is needed: get one from /api/auth/session-token.',
        })
      }
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: [ALGORITHM],
          audience,
          requiredClaims: ['sub', 'exp', 'sid'],
        })
        if (typeof payload.sub !== 'string' || typeof payload.sid !== 'string')
          throw new TypeError('sub or sid is not text')
        return { userId: payload.sub, sessionId: payload.sid }
      } catch (cause) {
        throw new AppError('UNAUTHENTICATED', {
          message: `This session token is not valid for ${audience}, or has expired: get a new one.`,
          cause,
        })
      }
    },
  }
}
