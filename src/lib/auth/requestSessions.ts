import { readSessionCookie } from '@/lib/http/cookies'
import type { BrowserSession, BrowserSessions } from './lucia'

/** What of a request says who it is from. */
export interface AskingRequest {
  headers: Headers
}

/** Whose request it is: by Tandem's own sign-in, or by that of the app it is part of. */
export interface RequestSessions {
  /** Whether the request names a session, good or not. */
  isNamed(request: AskingRequest): boolean
  /**
   * False: finding out whose it is takes a look into the database, or a question to the app, for somebody whom this process
   * has not seen: not for an address of which too many were turned away. Costs nothing.
   */
  isKnown(request: AskingRequest): boolean
  /** Null: nobody is signed in. What the browser is to remember goes into `answer`; a page, which can tell it nothing, has none. */
  read(request: AskingRequest, answer?: Headers): Promise<BrowserSession | null>
}

/** By the cookie that Tandem's own sign-in has set. */
export function cookieSessions(
  sessions: Pick<BrowserSessions, 'isKnown' | 'read'>,
  isSecure: boolean,
): RequestSessions {
  const cookieOf = (request: AskingRequest) => readSessionCookie(request, isSecure)
  return {
    isNamed: (request) => cookieOf(request) !== undefined,
    isKnown(request) {
      const cookie = cookieOf(request)
      return cookie === undefined || sessions.isKnown(cookie)
    },
    read: (request) => sessions.read(cookieOf(request)),
  }
}
