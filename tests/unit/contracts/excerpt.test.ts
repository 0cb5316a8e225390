import { expect, test } from 'vitest'
import { EXCERPT_LENGTH, excerptOf } from '@/contracts/excerpt'

test('a short text is quoted as it is, on one line', () => {
  expect(excerptOf('Tea at five?')).toBe('Tea at five?')
  expect(excerptOf('one\n\n  two\t\u2028three')).toBe('one two three')
  expect(excerptOf('')).toBe('')
})

test('a long one is cut, never within what people count as one character', () => {
  expect(excerptOf('a'.repeat(121))).toBe(`${'a'.repeat(119)}…`)
  expect(excerptOf('a'.repeat(120))).toBe('a'.repeat(120))
  const family = '👨‍👩‍👧‍👦'
  const cut = excerptOf(family.repeat(30))
  expect(cut).toBe(`${family.repeat(Math.floor(119 / family.length))}…`)
  expect(excerptOf(`${'a'.repeat(118)}🎉${'b'.repeat(9)}`)).toBe(`${'a'.repeat(118)}…`)
})

test.each([
  ['what looks like one character', `e${'\u0301'.repeat(4_000)}`],
  ['only spaces after the beginning', `a${' '.repeat(4_000)}b`],
  ['half characters', '\ud83d'.repeat(4_000)],
])('nothing is longer than an excerpt: %s', (_what, text) => {
  expect(excerptOf(text).length).toBeLessThanOrEqual(EXCERPT_LENGTH)
})

test('the first 240 code points are all it takes, as the database gives them', () => {
  for (const text of [
    '🎉'.repeat(500),
    'word '.repeat(900),
    `${' \n'.repeat(300)}x`,
    'ä'.repeat(239) + '👍🏽'.repeat(9),
  ]) {
    expect(excerptOf([...text].slice(0, 240).join(''))).toBe(excerptOf(text))
  }
})
