import { expect, test } from 'vitest'
import { readSessionCookie, replacePlainCookie } from '@/lib/http/cookies'

const requestWith = (cookie: string) => new Request('https://chat.example.com/', { headers: { cookie } })

test('the cookie of https counts before the one of http, whatever their order', () => {
  expect(readSessionCookie(requestWith('auth_session=plain; __Host-auth_session=secure'))).toBe('secure')
  expect(readSessionCookie(requestWith('__Host-auth_session=secure; auth_session=plain'))).toBe('secure')
  expect(readSessionCookie(requestWith('auth_session=plain'))).toBe('plain')
  expect(readSessionCookie(requestWith('x__Host-auth_session=other; xauth_session=other'))).toBeUndefined()
})

const replaced = (cookie: string, given?: string) => {
  const headers = new Headers(given === undefined ? {} : { 'Set-Cookie': given })
  replacePlainCookie(requestWith(cookie), headers, (session) => `__Host-auth_session=${session}`)
  return headers.getSetCookie()
}

test('who still has the cookie of http gets the other one instead, and stays signed in', () => {
  const removal = expect.stringMatching(/^auth_session=; .*Max-Age=0/)
  expect(replaced('auth_session=plain')).toEqual(['__Host-auth_session=plain', removal])
  expect(replaced('auth_session=plain; __Host-auth_session=secure')).toEqual(['__Host-auth_session=secure', removal])
  // Signing in with the same request has given one already.
  expect(replaced('auth_session=plain', '__Host-auth_session=new')).toEqual(['__Host-auth_session=new', removal])
  expect(replaced('__Host-auth_session=secure')).toEqual([])
})
