import { expect, test } from 'vitest'
import { pagePolicy } from '@/lib/http/pagePolicy'

const policy = (options: Partial<Parameters<typeof pagePolicy>[0]> = {}) =>
  pagePolicy({ nonce: 'once', connectTo: [], isSecure: true, isDevelopment: false, ...options })

test('whatever is not a plain origin stays out of the policy', () => {
  const connectTo = [
    'https://chat.example.com:3001',
    'https://[::1]:3001',
    'https://a;script-src *',
    'https://a b',
    "https://'unsafe-inline'",
    'https://a\r\nSet-Cookie: x',
  ]
  expect(policy({ connectTo }).match(/connect-src [^;]*/)?.[0]).toBe(
    "connect-src 'self' https://chat.example.com:3001 wss://chat.example.com:3001 https://[::1]:3001 wss://[::1]:3001",
  )
  expect(policy({ connectTo })).not.toMatch(/[\r\n]/)
})

test('scripts need the nonce, and nothing is evaluated, unless in development', () => {
  expect(policy()).toContain("script-src 'self' 'nonce-once' 'strict-dynamic';")
  expect(policy()).not.toMatch(/script-src[^;]*unsafe/)
  expect(policy({ isDevelopment: true })).toContain("'unsafe-eval'")
})

test('pictures come by https, by plain http only where the page does', () => {
  expect(policy()).toContain("img-src 'self' data: blob: https:;")
  expect(policy({ isSecure: false })).toContain("img-src 'self' data: blob: https: http:;")
})
