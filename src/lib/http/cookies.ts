import { sessionCookieName } from '@/contracts/auth'

/**
 * The session cookie as it came, valid or not. Where pages are served by https only the one that no other host of the same
 * domain can set counts: with another, somebody would be signed in as whom the other host likes.
 */
export const readSessionCookie = (request: Pick<Request, 'headers'>, isSecure: boolean): string | undefined =>
  readCookie(request, sessionCookieName(isSecure))

/** A cookie as the browser sent it; the letters of ours need no decoding. */
export const readCookie = ({ headers }: Pick<Request, 'headers'>, name: string): string | undefined =>
  (headers.get('cookie') ?? '').match(new RegExp(`(?:^|;\\s*)${name}=([^;\\s]+)`))?.[1]
