import { SECURE_SESSION_COOKIE, SESSION_COOKIE } from '@/contracts/auth'

/**
 * Lucia's session id by the cookies of a request. The one of https counts first; the other one is what people have who
 * signed in before, and is taken until it is replaced (`replacePlainCookie`).
 */
export const sessionCookieOf = (cookie: (name: string) => string | undefined): string | undefined =>
  cookie(SECURE_SESSION_COOKIE) ?? cookie(SESSION_COOKIE)

/** The same as the browser sent it; its letters need no decoding. */
export function readSessionCookie(request: Request): string | undefined {
  return sessionCookieOf((name) => readCookie(request, name))
}

/**
 * Where pages are served by https, whoever still has the cookie of http gets the other one instead.
 *
 * @param named - the `Set-Cookie` value of a session.
 */
export function replacePlainCookie(request: Request, answer: Headers, named: (session: string) => string): void {
  const plain = readCookie(request, SESSION_COOKIE)
  if (plain === undefined) return
  // Who signs in or out with this very request has been given theirs.
  if (!answer.has('Set-Cookie')) answer.append('Set-Cookie', named(readSessionCookie(request) ?? plain))
  answer.append('Set-Cookie', `${SESSION_COOKIE}=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Lax`)
}

/** A cookie as the browser sent it; the letters of ours need no decoding. */
export const readCookie = ({ headers }: Request, name: string): string | undefined =>
  (headers.get('cookie') ?? '').match(new RegExp(`(?:^|;\\s*)${name}=([^;\\s]+)`))?.[1]
