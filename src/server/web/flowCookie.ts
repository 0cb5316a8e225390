import { readCookie } from '@/lib/http/cookies'

/** What a browser takes along to Google and back; the table holds its hash. */
const FLOW_COOKIE = 'auth_flow'
/** On https, so that no other host of the same domain can have somebody come back with a visit of its own making. */
const SECURE_FLOW_COOKIE = `__Host-${FLOW_COOKIE}`
const SECONDS = 600

const nameOf = (secure: boolean): string => (secure ? SECURE_FLOW_COOKIE : FLOW_COOKIE)

/** The `Set-Cookie` value; without a secret it removes the cookie. Lax: Google sends the browser back by a link. */
export const flowCookie = (secret: string | null, secure: boolean): string =>
  [
    `${nameOf(secure)}=${secret ?? ''}`,
    'Path=/',
    `Max-Age=${secret === null ? 0 : SECONDS}`,
    'HttpOnly',
    'SameSite=Lax',
    ...(secure ? ['Secure'] : []),
  ].join('; ')

export const readFlowCookie = (request: Request, secure: boolean): string | undefined =>
  readCookie(request, nameOf(secure))
