import { createHmac, timingSafeEqual } from 'node:crypto'
import { people } from '@/people'

// The sign-in of this app: a cookie that holds who it is, signed. Anybody may be anybody, as this is an example.
export const COOKIE = 'example_session'
const SECRET = 'a secret of the example app'

const sign = (text: string) => createHmac('sha256', SECRET).update(text).digest('base64url')

export const sessionFor = (personId: string) => `${personId}.${sign(personId)}`

/** Who is signed in, by the header `Cookie`; null: nobody. */
export function readSession(cookieHeader: string | null) {
  const value = cookieHeader?.match(new RegExp(`(?:^|; )${COOKIE}=([^;]+)`))?.[1] ?? ''
  const [personId = '', signature = ''] = value.split('.')
  const [given, right] = [Buffer.from(signature), Buffer.from(sign(personId))]
  if (given.length !== right.length || !timingSafeEqual(given, right)) return null
  const person = people.find(({ id }) => id === personId)
  return person ? { person, token: value } : null
}
