import Bowser from 'bowser'
import type { Visit } from '@/services/users/ports'

/** Characters of a browser's own description that are looked at. */
const LONGEST_USER_AGENT = 512
const LONGEST_DEVICE = 80

/** Where somebody signs in from. @param sessionCookie - of the session this browser held. */
export const visitOf = (request: Request, sessionCookie: string | undefined, address: string): Visit => ({
  previous: sessionCookie,
  device: deviceOf(request.headers.get('user-agent')),
  address,
})

/** What a browser says it is, as a person would: "Firefox on Linux"; blank when it says nothing anybody knows. */
export function deviceOf(userAgent: string | null): string {
  if (!userAgent) return ''
  const { browser, os } = Bowser.parse(userAgent.slice(0, LONGEST_USER_AGENT))
  const words = [browser.name, os.name && `on ${os.name}`].filter(Boolean).join(' ')
  // Unknown browsers are called what they call themselves.
  return words.replaceAll(/\p{Cc}/gu, '').slice(0, LONGEST_DEVICE)
}
