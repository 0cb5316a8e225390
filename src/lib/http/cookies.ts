import { SESSION_COOKIE } from '@/contracts/auth'

/** Lucia's session id as the browser sent it; its letters need no decoding. */
export function readSessionCookie(request: Request): string | undefined {
  const cookies = request.headers.get('cookie') ?? ''
  return cookies.match(new RegExp(`(?:^|;\\s*)${SESSION_COOKIE}=([^;\\s]+)`))?.[1]
}
