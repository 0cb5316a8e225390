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

const listed = ['https://chat.example.com']

test.each([
  ['http://127.0.0.1:3001', '127.0.0.1:3001'],
  ['http://localhost:3001', 'localhost:3001'],
  ['http://[::1]:3001', '[::1]:3001'],
  ['https://192.168.1.5', '192.168.1.5'],
  ['https://192.168.1.5', '192.168.1.5:443'],
])('a server that is asked as %s by that very address answers', (origin, host) => {
  expect(isAllowedOrigin(origin, listed, host)).toBe(true)
})

test.each([
  ['http://127.0.0.1:8080', '127.0.0.1:3001', 'another port is another server'],
  ['http://192.168.1.6:3001', '192.168.1.5:3001', 'another machine'],
  ['http://evil.example:3001', 'evil.example:3001', 'a name can be made to point here'],
  ['http://127.0.0.1.evil.example:3001', '127.0.0.1.evil.example:3001', 'likewise'],
  ['null', '127.0.0.1:3001', 'a sandboxed page'],
  ['http://evil.example', 'evil.example/@127.0.0.1', 'no host'],
])('%s is refused where the server was asked as %s: %s', (origin, host) => {
  expect(isAllowedOrigin(origin, listed, host)).toBe(false)
})

test('what is listed is allowed whatever the server was asked as, and so is no origin at all', () => {
  expect(isAllowedOrigin('https://chat.example.com', listed, '10.0.0.1:3001')).toBe(true)
  expect(isAllowedOrigin(undefined, listed, '10.0.0.1:3001')).toBe(true)
})

test('a server that does not say how it was asked has no address of its own', () => {
  expect(isAllowedOrigin('http://127.0.0.1:3001', listed)).toBe(false)
})
