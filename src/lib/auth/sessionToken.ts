import { type KeyObject, randomUUID } from 'node:crypto'
import { createDecoder, createSigner, createVerifier } from 'fast-jwt'
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
  issue(claims: SessionTokenClaims, audience: Audience): { token: string; expiresAt: Date }
  /** Asks no database. @throws AppError UNAUTHENTICATED: no, a forged, an expired or another audience's token. */
  verify(token: unknown, audience: Audience): VerifiedToken
}

/** What a token of ours says, beside what is verified. One audience: a token for several would open the others as well. */
const Claims = z.object({
  aud: z.string(),
  sub: z.string(),
  sid: z.string(),
  jti: z.string(),
  iat: z.int(),
  exp: z.int(),
})
const requiredClaims = ['iss', ...Object.keys(Claims.shape)]

/** Session tokens over a ring of keys: the first signs, all verify. */
export function createSessionTokens(keys: SessionTokenKeys): SessionTokens {
  const ring = createKeyRing(keys)

  const decode = createDecoder({ complete: true })
  const verifiers = new Map<KeyObject, (token: string) => unknown>()

  function keyOf(kid: unknown, audience: Audience): KeyObject {
    const key = ring.keyFor(kid, audience)
    if (!key) throw new UnknownKey('the key that it names is not on the ring')
    return key
  }

  function verifierFor(kid: unknown, audience: Audience): (token: string) => unknown {
    const key = keyOf(kid, audience)
    const known = verifiers.get(key)
    if (known) return known
    const { typ, seconds } = kindOf(audience)
    const made = createVerifier({
      key: key.export(),
      algorithms: [ALGORITHM],
      checkTyp: typ,
      allowedIss: ISSUER,
      allowedAud: audience,
      requiredClaims,
      // Whatever lifetime it gives itself.
      maxAge: (seconds + CLOCKS_APART_SECONDS) * 1_000,
      clockTolerance: CLOCKS_APART_SECONDS * 1_000,
    })
    verifiers.set(key, made)
    return made
  }

  return {
    issue({ userId, sessionId }, audience) {
      const { typ, seconds } = kindOf(audience)
      const iat = Math.floor(Date.now() / 1_000)
      const sign = createSigner({
        key: keyOf(ring.signingKid, audience).export(),
        algorithm: ALGORITHM,
        kid: ring.signingKid,
        header: { alg: ALGORITHM, typ },
      })
      const exp = iat + seconds
      const token = sign({ iss: ISSUER, aud: audience, sub: userId, sid: sessionId, jti: randomUUID(), iat, exp })
      return { token, expiresAt: new Date(exp * 1_000) }
    },

    verify(token, audience) {
      if (typeof token !== 'string' || token === '') {
        throw new AppError('UNAUTHENTICATED', {
          message: `A session token is needed: get one from /api/auth/session-token?namespace=${audience}.`,
        })
      }
      try {
        const verify = verifierFor(decode(token).header.kid, audience)
        const { sub, sid, jti, aud, iat, exp } = Claims.parse(verify(token))
        if (aud !== audience) throw new TypeError('it is for something else')
        if (iat > Date.now() / 1_000 + CLOCKS_APART_SECONDS) throw new TypeError('it is from the future')
        return { userId: sub, sessionId: sid, id: jti, deadAt: new Date((exp + CLOCKS_APART_SECONDS) * 1_000) }
      } catch (cause) {
        throw new AppError('UNAUTHENTICATED', {
          message: `This session token is not valid for ${audience}, or has expired: get a new one.`,
          cause,
        })
      }
    },
  }
}
