import { expect, test } from 'vitest'
import { isAllowedOrigin, requireAllowedOrigin } from '@/lib/pipeline/origin'

const allowed = ['https://chat.example.com', 'http://localhost:3000']

test.each([
  ['no origin', undefined, true],
  ['a listed one', 'http://localhost:3000', true],
  ['one that is not listed', 'https://evil.example.com', false],
  ['null, of a sandboxed page or a file', 'null', false],
  ['a listed host at another port', 'http://localhost:3001', false],
  ['a listed host by another scheme', 'http://chat.example.com', false],
  ['one that begins like a listed one', 'https://chat.example.com.evil.com', false],
])('whether %s may talk to us', (_, origin, verdict) => {
  expect(isAllowedOrigin(origin, allowed)).toBe(verdict)
})

test('a page that may not is FORBIDDEN, and its operator told what to set', () => {
  expect(() => requireAllowedOrigin('https://evil.example.com', allowed)).toThrow(
    expect.objectContaining({
      code: 'FORBIDDEN',
      message: expect.stringMatching(/evil\.example\.com.*ALLOWED_ORIGINS/),
    }),
  )
  expect(() => requireAllowedOrigin(undefined, allowed)).not.toThrow()
})
