import { expect, it } from 'vitest'
import { foldAt } from '@/components/chat/foldAt'

const words = (count: number) => 'word '.repeat(count).trim()

it('leaves alone what is only a little too long', () => {
  expect(foldAt(words(240))).toBeUndefined()
  expect(foldAt(Array(17).fill('line').join('\n'))).toBeUndefined()
})

it('folds many characters between two words', () => {
  const text = words(300)
  const end = foldAt(text) ?? 0
  expect(end).toBeGreaterThan(900)
  expect(end).toBeLessThanOrEqual(1_000)
  expect(text.slice(0, end)).toMatch(/word$/)
  expect(text.charAt(end)).toBe(' ')
})

it('folds many lines at the end of one', () => {
  const text = Array.from({ length: 30 }, (_, line) => `line ${line + 1}`).join('\n')
  expect(text.slice(0, foldAt(text))).toMatch(/line 14$/)
})

it('never shows the beginning of an address as another address', () => {
  const text = `${words(190)} https://example.com/${'path/'.repeat(60)} end`
  expect(text.slice(0, foldAt(text))).not.toContain('https')
})

it('folds one endless word somewhere', () => {
  expect(foldAt('x'.repeat(4_000))).toBe(1_000)
  expect(foldAt(`x${'👋'.repeat(1_500)}`)).toBe(999)
})
