import { createHmac, hkdfSync } from 'node:crypto'
import { readCookie } from '@/lib/http/cookies'
import type { KnownVisitor } from './identityInput'
import type { SessionTokenKey, SessionTokenKeys } from './keyRing'
import type { AskingRequest } from './requestSessions'

/** What remembers which session a browser has, and what it holds. */
export interface IdentityCookie {
  /** As it came; undefined: none that could be ours. */
  read(request: AskingRequest): string | undefined
  /** Of this sign-in: the cookie that came, if it was made of it with any of the keys, else as the first key makes it. */
  secretOf(visitor: KnownVisitor, cookie: string | undefined): string
  /** A `Set-Cookie` value; undefined removes it. */
  line(secret: string | undefined): string
}

const deriveKey = ({ secret }: SessionTokenKey): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, 'tandem', 'sessions of an identity', 32))

export function createIdentityCookie(keys: SessionTokenKeys, secure: boolean): IdentityCookie {
  // The prefix is as with Tandem's own.
  const name = `${secure ? '__Host-' : ''}tandem_session`
  const first = deriveKey(keys[0])
  const all = keys.map(deriveKey)
  // An id has no space in it.
  const secretBy = (key: Buffer, { id, sessionId = '' }: KnownVisitor): string =>
    createHmac('sha256', key).update(`${id} ${sessionId}`).digest('base64url')

  return {
    read(request) {
      const cookie = readCookie({ headers: request.headers }, name)
      // Another app of this host may have a cookie of this name.
      return cookie !== undefined && /^[\w-]{43}$/.test(cookie) ? cookie : undefined
    },

    secretOf: (visitor, cookie) =>
      all.map((key) => secretBy(key, visitor)).find((one) => one === cookie) ?? secretBy(first, visitor),

    line(secret) {
      // Strict: where the app's own cookie is not sent, this one must not be either, or its session would end.
      const attributes = ['Path=/', 'HttpOnly', 'SameSite=Strict', ...(secure ? ['Secure'] : [])]
      // Removed with the browser's own session: with nothing behind it, it says nothing.
      return [`${name}=${secret ?? ''}`, ...attributes, ...(secret === undefined ? ['Max-Age=0'] : [])].join('; ')
    },
  }
}
