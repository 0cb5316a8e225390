import { createHmac, type KeyObject, randomUUID, timingSafeEqual } from 'node:crypto'
import { decodeProtectedHeader, jwtVerify, SignJWT } from 'jose'
import { type Audience, type BearerAudience, bearerAudiences } from '@/contracts/audiences'
import { AppError } from '@/contracts/errors'
import { createKeyRing, type SessionTokenKeys } from './keyRing'

/** Pinned: a token that names another algorithm is refused. */
const ALGORITHM = 'HS256'
const ISSUER = 'tandem'
/** How far the clocks of those who sign and those who verify may be apart, in seconds. */
const CLOCKS_APART_SECONDS = 5

const kinds = {
  /** Opens one handshake; afterwards the Lucia session counts. */
  ticket: { typ: 'ticket+jwt', seconds: 60 },
  /** For any number of requests. */
  bearer: { typ: 'bearer+jwt', seconds: 300 },
}

const kindOf = (audience: Audience) =>
  bearerAudiences.includes(audience as BearerAudience) ? kinds.bearer : kinds.ticket // `includes` asks for its own kind

export interface SessionTokenClaims {
  userId: string
  /** The session's public id, never Lucia's own: that one is the cookie's secret. */
  sessionId: string
}

/** A token whose signature and claims are right. Whether it was used before, and whether its session lives, is another question. */
export interface VerifiedToken extends SessionTokenClaims {
  /** Its `jti`. */
  id: string
  /** When nobody accepts it any more, whatever their clock says. */
  deadAt: Date
}

/** Why a token that names a key we do not have, or none, is refused: another version of us may have signed it. */
export class UnknownKey extends TypeError {}

export interface SessionTokens {
  issue(claims: SessionTokenClaims, audience: Audience): Promise<{ token: string; expiresAt: Date }>
  /** Asks no database. @throws AppError UNAUTHENTICATED: no, a forged, an expired or another audience's token. */
  verify(token: unknown, audience: Audience): Promise<VerifiedToken>
}

/** Session tokens over a ring of keys: the first signs, all verify. */
export function createSessionTokens(keys: SessionTokenKeys): SessionTokens {
  const ring = createKeyRing(keys)

  function keyOf({ kid }: { kid?: unknown }, audience: Audience): KeyObject {
    const key = ring.keyFor(kid, audience)
    if (!key) throw new UnknownKey('the key that it names is not on the ring')
    return key
  }

  return {
    async issue({ userId, sessionId }, audience) {
      const { typ, seconds } = kindOf(audience)
      const header = { alg: ALGORITHM, typ, kid: ring.signingKid }
      const now = Math.floor(Date.now() / 1000)
      const token = await new SignJWT({ sid: sessionId })
        .setProtectedHeader(header)
        .setIssuer(ISSUER)
        .setSubject(userId)
        .setAudience(audience)
        .setJti(randomUUID())
        .setIssuedAt(now)
        .setExpirationTime(now + seconds)
        .sign(keyOf(header, audience))
      return { token, expiresAt: new Date((now + seconds) * 1000) }
    },

    async verify(token, audience) {
      if (typeof token !== 'string' || token === '') {
        throw new AppError('UNAUTHENTICATED', {
          message: `A session token is needed: get one from /api/auth/session-token?namespace=${audience}.`,
        })
      }
      const { typ, seconds } = kindOf(audience)
      try {
        const key = keyOf(decodeProtectedHeader(token), audience)
        if (!isSigned(token, key)) throw new TypeError('its signature is wrong')
        const { payload } = await jwtVerify(token, key, {
          algorithms: [ALGORITHM],
          issuer: ISSUER,
          typ,
          audience,
          // With this a token from the future is refused, too.
          maxTokenAge: seconds,
          clockTolerance: CLOCKS_APART_SECONDS,
          requiredClaims: ['sub', 'exp', 'iat', 'jti', 'sid'],
        })
        const { sub, sid, jti, exp, aud } = payload
        if (aud !== audience) throw new TypeError('it has several audiences')
        if (typeof sub !== 'string' || typeof sid !== 'string' || typeof jti !== 'string' || exp === undefined) {
          throw new TypeError('sub, sid or jti is not text')
        }
        return { userId: sub, sessionId: sid, id: jti, deadAt: new Date((exp + CLOCKS_APART_SECONDS) * 1000) }
      } catch (cause) {
        throw new AppError('UNAUTHENTICATED', {
          message: `This session token is not valid for ${audience}, or has expired: get a new one.`,
          cause,
        })
      }
    },
  }
}

/**
 * Whether the signature is right, before anything else is looked at: the library checks it as well, but takes a good part of
 * a millisecond for it, which a flood of forged tokens would make everybody wait for.
 */
function isSigned(token: string, key: KeyObject): boolean {
  const end = token.lastIndexOf('.')
  const right = createHmac('sha256', key).update(token.slice(0, end)).digest()
  const given = Buffer.from(token.slice(end + 1), 'base64url')
  return given.length === right.length && timingSafeEqual(given, right)
}
