import { expect, test } from 'vitest'
import { flowCookie, readFlowCookie } from '@/server/web/flowCookie'

const come = (cookie: string) => new Request('https://chat.example.com/', { headers: { cookie } })

test('by https no other host of the domain can have somebody come back with a visit of its own making', () => {
  expect(flowCookie('secret', true)).toBe(
    '__Host-auth_flow=secret; Path=/; Max-Age=600; HttpOnly; SameSite=Lax; Secure',
  )
  expect(readFlowCookie(come('auth_flow=planted'), true)).toBeUndefined()
  expect(readFlowCookie(come('auth_flow=planted; __Host-auth_flow=own'), true)).toBe('own')
})

test('by http it has no prefix, which browsers would refuse there', () => {
  expect(flowCookie('secret', false)).toBe('auth_flow=secret; Path=/; Max-Age=600; HttpOnly; SameSite=Lax')
  expect(readFlowCookie(come('auth_flow=own'), false)).toBe('own')
})

test('it goes when it has been used', () => {
  expect(flowCookie(null, true)).toMatch(/^__Host-auth_flow=; .*Max-Age=0;/)
})
