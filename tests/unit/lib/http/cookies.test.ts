import { expect, test } from 'vitest'
import { readSessionCookie } from '@/lib/http/cookies'

const sessionIn = (cookie: string, isSecure: boolean) =>
  readSessionCookie(new Request('https://chat.example.com/', { headers: { cookie } }), isSecure)

test('by https the cookie that another host of the domain can set counts for nothing', () => {
  expect(sessionIn('auth_session=planted; __Host-auth_session=own', true)).toBe('own')
  expect(sessionIn('__Host-auth_session=own; auth_session=planted', true)).toBe('own')
  expect(sessionIn('auth_session=planted', true)).toBeUndefined()
  expect(sessionIn('x__Host-auth_session=other', true)).toBeUndefined()
})

test('by http the plain one counts', () => {
  expect(sessionIn('auth_session=own', false)).toBe('own')
  expect(sessionIn('xauth_session=other; __Host-auth_session=other', false)).toBeUndefined()
})
