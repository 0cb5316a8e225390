import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'
import type { Audience } from '@/contracts/audiences'

/** A secret that session tokens are signed with, and the name that they call it by. */
export interface SessionTokenKey {
  kid: string
  secret: string
}

/** The first signs, all verify. */
export type SessionTokenKeys = readonly [SessionTokenKey, ...SessionTokenKey[]]

/** A ring of one, where no names are given (SESSION_TOKEN_SECRET). */
export const onlyKey = (secret: string): SessionTokenKeys => [{ kid: 'default', secret }]

/** Keys of 256 bits: HS256's own size. */
const KEY_BYTES = 32

export interface KeyRing {
  /** The name of the key that signs. */
  signingKid: string
  /** The key of one audience; undefined for a name that is not on the ring. */
  keyFor(kid: unknown, audience: Audience): KeyObject | undefined
}

/**
 * The first key signs, all verify. Each audience has a key of its own, derived from the secret (HKDF-SHA256): a token that
 * was made for one cannot be made to fit another, whatever its claims say.
 */
export function createKeyRing(keys: SessionTokenKeys): KeyRing {
  const derived = new Map<string, KeyObject>()
  return {
    signingKid: keys[0].kid,
    keyFor(kid, audience) {
      const key = keys.find((one) => one.kid === kid)
      if (!key) return undefined
      const name = `${key.kid} ${audience}`
      const known = derived.get(name)
      if (known) return known
      const bits = hkdfSync('sha256', key.secret, 'tandem', `session token for ${audience}`, KEY_BYTES)
      const made = createSecretKey(Buffer.from(bits))
      derived.set(name, made)
      return made
    },
  }
}
