import { expect, it } from 'vitest'
import { safeNext } from '@/contracts/safeNext'

it.each(['/chat', '/chat/abc?x=1#y', '/chat?next=//evil.example', '/chat/a//b'])(
  'goes back to a page of this site: %s',
  (next) => {
    expect(safeNext(next)).toBe(next)
  },
)

it.each([
  undefined,
  null,
  '',
  ' /chat',
  'chat',
  'https://evil.example',
  'javascript:alert(1)',
  ['/chat/a', '//evil.example'],
  '//evil.example',
  '///evil.example',
  '/\\evil.example',
  '/\\/evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/\r\n\\evil.example',
  '/.//evil.example/x',
  '/./\\evil.example/x',
  '/..//evil.example',
  '/%2e//evil.example',
  '/%2E%2e//evil.example',
  '/.\t//evil.example',
  '/chat/..//evil.example',
  '/chat/../\\evil.example',
  '/chat/%2e%2e//evil.example',
])('never leads to another: %j', (next) => {
  expect(safeNext(next)).toBe('/chat')
})

it.each(['/%2F/evil.example', '/%2f%2fevil.example', '/%5cevil.example', '/%09/evil.example', '/@evil.example'])(
  'leaves on this site what a browser reads as a path: %s',
  (next) => {
    const url = new URL(safeNext(next), 'https://chat.example.com/login')
    expect(url.origin).toBe('https://chat.example.com')
    expect(safeNext(`${url.pathname}`)).toBe(url.pathname)
  },
)
