import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto'
import { people } from '@/people'

// The sign-in of this app: a signed cookie that holds who it is and which sign-in. Anybody may be anybody, as this is an
// example.
export const COOKIE = 'example_session'
const SECRET = 'a secret of the example app'

const sign = (text: string) => createHmac('sha256', SECRET).update(text).digest('base64url')

export function sessionFor(personId: string) {
  const signIn = `${personId}.${randomUUID()}`
  return `${signIn}.${sign(signIn)}`
}

/** Who is signed in, by the header `Cookie`; null: nobody. */
export function readSession(cookieHeader: string | null) {
  const value = cookieHeader?.match(new RegExp(`(?:^|; )${COOKIE}=([^;]+)`))?.[1] ?? ''
  const [personId = '', id = '', signature = ''] = value.split('.')
  const [given, right] = [Buffer.from(signature), Buffer.from(sign(`${personId}.${id}`))]
  if (given.length !== right.length || !timingSafeEqual(given, right)) return null
  const person = people.find(({ id }) => id === personId)
  return person ? { person, token: value } : null
}
