import { createHmac, type KeyObject, randomUUID, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
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
  verify(token: unknown, audience: Audience): VerifiedToken
}

/** Asked first: whoever has another key may say other things. */
const NamedKey = z.object({ kid: z.unknown() })

/** All that a header of ours says: one that asks for anything else (`crit`, say) is not. */
const Header = z.strictObject({ alg: z.literal(ALGORITHM), typ: z.string(), kid: z.string() })

/** What a token of ours says. One audience: a token for several would open the others as well. */
const Claims = z.object({
  iss: z.literal(ISSUER),
  aud: z.string(),
  sub: z.string(),
  sid: z.string(),
  jti: z.string(),
  iat: z.int(),
  exp: z.int(),
  nbf: z.int().optional(),
})

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
      // Only where tokens are made.
      const { SignJWT } = await import('jose')
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

    verify(token, audience) {
      if (typeof token !== 'string' || token === '') {
        throw new AppError('UNAUTHENTICATED', {
          message: `A session token is needed: get one from /api/auth/session-token?namespace=${audience}.`,
        })
      }
      const { typ, seconds } = kindOf(audience)
      try {
        const [head = '', body = '', signature = '', ...rest] = token.split('.')
        const given: unknown = decode(head)
        const key = keyOf(NamedKey.parse(given), audience)
        const header = Header.parse(given)
        if (rest.length > 0 || !isSigned(`${head}.${body}`, signature, key))
          throw new TypeError('its signature is wrong')
        const { sub, sid, jti, aud, iat, exp, nbf } = Claims.parse(decode(body))
        if (header.typ !== typ || aud !== audience) throw new TypeError('it is for something else')
        requireNow({ from: Math.max(iat, nbf ?? iat), until: Math.min(exp, iat + seconds) })
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

const decode = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString())

/** By Node itself: WebCrypto, which the library uses, takes many times as long, and every connection waits for it twice. */
function isSigned(text: string, signature: string, key: KeyObject): boolean {
  const right = Buffer.from(createHmac('sha256', key).update(text).digest('base64url'))
  const given = Buffer.from(signature)
  return given.length === right.length && timingSafeEqual(given, right)
}

/** Seconds since 1970. Also a token from the future is refused, but for what clocks differ. */
function requireNow({ from, until }: { from: number; until: number }): void {
  const now = Math.floor(Date.now() / 1_000)
  if (from > now + CLOCKS_APART_SECONDS) throw new TypeError('its time has not come')
  if (until <= now - CLOCKS_APART_SECONDS) throw new TypeError('it has expired')
}
