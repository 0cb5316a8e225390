import { expect, it } from 'vitest'
import { safeNext } from '@/components/auth/safeNext'

it.each(['/chat', '/chat/abc?x=1#y'])('goes back to a page of this site: %s', (next) => {
  expect(safeNext(next)).toBe(next)
})

it.each([
  undefined,
  null,
  '',
  'chat',
  'https://evil.example',
  '//evil.example',
  '/\\evil.example',
  '/\t/evil.example',
  'javascript:alert(1)',
  ['/chat/a', '//evil.example'],
])('never leads to another: %s', (next) => {
  expect(safeNext(next)).toBe('/chat')
})
