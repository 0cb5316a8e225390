import { describe, expect, it } from 'vitest'
import { isFewEmojis } from '@/components/chat/isFewEmojis'
import { messageParts } from '@/components/chat/messageParts'

const parts = (text: string) => messageParts(text).map(({ kind, text: part }) => [kind, part])

describe('code in a message', () => {
  it('stands between backticks on one line', () => {
    expect(parts('run `ls -l` and ``a ` b``')).toEqual([
      ['text', 'run '],
      ['code', 'ls -l'],
      ['text', ' and '],
      ['code', 'a ` b'],
    ])
  })

  it('is a block between lines of three backticks, and what stands around it stays as it was', () => {
    expect(parts('before\n```ts\nconst a = `b`\n\n  c\n```\nafter')).toEqual([
      ['text', 'before'],
      ['block', 'const a = `b`\n\n  c'],
      ['text', 'after'],
    ])
    expect(parts('```\nopen to the end')).toEqual([['block', 'open to the end']])
  })

  it.each([
    'a ` alone',
    '~~~\nx\n~~~',
    'Title\n~~~~~\nbody',
    '``',
    '```',
    "it's 5 o`clock",
    '**bold** _it_ # head [a](b)',
  ])('is not what merely looks like it: %j', (text) => {
    expect(parts(text)).toEqual([['text', text]])
  })
})

describe('a message with code', () => {
  it('has links outside of it alone', () => {
    expect(messageParts('see https://example.com, not `https://example.org`')).toEqual([
      { kind: 'text', text: 'see ' },
      { kind: 'link', text: 'https://example.com', href: 'https://example.com/' },
      { kind: 'text', text: ', not ' },
      { kind: 'code', text: 'https://example.org' },
    ])
  })

  it('that came with the line ends of Windows has no empty lines around its blocks', () => {
    expect(parts('before\r\n```\r\nx\r\n```\r\nafter')).toEqual([
      ['text', 'before'],
      ['block', 'x'],
      ['text', 'after'],
    ])
  })

  it('shows what stands beside the backticks, unless it is the name of a language', () => {
    expect(parts('```ts\nx\n```')).toEqual([['block', 'x']])
    expect(parts('``` Best wishes\nAda')).toEqual([['block', 'Best wishes\nAda']])
  })

  it('shows every letter and digit that was written, wherever signs stand', () => {
    const signs = [
      '`',
      '``',
      '```',
      '```\n',
      '~~~',
      '\n',
      '\n\n',
      ' ',
      '\t',
      '    ',
      '> ',
      '- ',
      '# ',
      '<b>',
      '&amp;',
      '*',
    ]
    let seed = 1
    const next = (below: number) => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed % below
    }
    for (let round = 0; round < 300; round += 1) {
      // No word stands alone after backticks, where it would be a language.
      const text = Array.from({ length: 30 }, () =>
        next(3) ? signs[next(signs.length)] : `a${next(99)} b${next(99)} `,
      ).join('')
      const letters = (shown: string) => shown.replaceAll(/[^a-z0-9]/g, '')
      expect(
        letters(
          messageParts(text)
            .map((part) => part.text)
            .join(''),
        ),
        text,
      ).toBe(letters(text))
    }
  })
})

describe('a message of emojis', () => {
  it.each(['👍', '❤', '🎉🎉 🎉', '👩‍👩‍👧‍👦', '🇧🇷 🇵🇹', '👍️'])('is shown larger: %s', (text) => {
    expect(isFewEmojis(text)).toBe(true)
  })
  it.each(['', 'ok 👍', '1', '#', '🎉🎉🎉🎉', 'привет', '👍 1'])('is not: %s', (text) => {
    expect(isFewEmojis(text)).toBe(false)
  })
})
