import { SESSION_COOKIE } from '@/contracts/auth'

/** A cookie as the browser sent it; the letters of ours need no decoding. */
export function readCookie(request: Request, name: string): string | undefined {
  const cookies = request.headers.get('cookie') ?? ''
  return cookies.match(new RegExp(`(?:^|;\\s*)${name}=([^;\\s]+)`))?.[1]
}

/** Lucia's session id. */
export const readSessionCookie = (request: Request): string | undefined => readCookie(request, SESSION_COOKIE)
