import { readCookie } from '@/lib/http/cookies'

/** What a browser takes along to Google and back; the table holds its hash. */
const FLOW_COOKIE = 'auth_flow'
const PATH = '/api/auth/google'
const SECONDS = 600

/** The `Set-Cookie` value; without a secret it removes the cookie. Lax: Google sends the browser back by a link. */
export const flowCookie = (secret: string | null, secure: boolean): string =>
  [
    `${FLOW_COOKIE}=${secret ?? ''}`,
    `Path=${PATH}`,
    `Max-Age=${secret === null ? 0 : SECONDS}`,
    'HttpOnly',
    'SameSite=Lax',
    ...(secure ? ['Secure'] : []),
  ].join('; ')

export const readFlowCookie = (request: Request): string | undefined => readCookie(request, FLOW_COOKIE)
