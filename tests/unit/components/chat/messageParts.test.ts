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
    expect(parts('~~~\nor tildes\n~~~')).toEqual([['block', 'or tildes']])
    expect(parts('```\nopen to the end')).toEqual([['block', 'open to the end']])
  })

  it.each(['a ` alone', '``', '```', "it's 5 o`clock", '**bold** _it_ # head [a](b)'])(
    'is not what merely looks like it: %j',
    (text) => {
      expect(parts(text)).toEqual([['text', text]])
    },
  )
})

const links = (text: string) =>
  messageParts(text).flatMap((part) => (part.kind === 'link' ? [[part.text, part.href]] : []))

describe('web addresses in a message', () => {
  it('become links and leave the text around them as it was', () => {
    expect(messageParts('See https://example.com/a?b=1#c now')).toEqual([
      { kind: 'text', text: 'See ' },
      { kind: 'link', text: 'https://example.com/a?b=1#c', href: 'https://example.com/a?b=1#c' },
      { kind: 'text', text: ' now' },
    ])
  })

  it.each([
    ['Look at https://example.com.', 'https://example.com'],
    ['(https://example.com/a)', 'https://example.com/a'],
    ['https://en.wikipedia.org/wiki/Tandem_(bicycle)', 'https://en.wikipedia.org/wiki/Tandem_(bicycle)'],
    ['really, https://example.com/x?!', 'https://example.com/x'],
    ['<https://example.com/x>', '<https://example.com/x>'],
  ])('end where the sentence goes on: %s', (text, shown) => {
    expect(links(text).map(([first]) => first)).toEqual([shown])
  })

  it('need no scheme when they begin with www', () => {
    expect(links('www.example.com')).toEqual([['www.example.com', 'https://www.example.com/']])
  })

  it('are never anything but http and https', () => {
    const unsafe = [
      'javascript:alert(1)',
      'data:text/html,x',
      'file:///etc/passwd',
      'ftp://example.com',
      'me@example.com',
    ]
    expect(unsafe.flatMap((address) => [...links(`http ${address}`), ...links(`\`x\` <${address}>`)])).toEqual([])
  })

  it.each(['http://[broken', '`https://example.com`'])(
    'stay what they are when they are code, or cannot be read: %s',
    (text) => {
      expect(links(text)).toEqual([])
    },
  )
})

describe('a message put together again', () => {
  it.each([
    'a\nhttps://x.org/(y), www.z.org! <https://q.io>  end ',
    '  first\n\n\n   `second`\t\n > third ',
    '1. a `b`\n- *c* <b>d</b> &amp; \\* [e](f)',
  ])('is as it was, letter for letter: %j', (text) => {
    let at = 0
    for (const part of messageParts(text)) {
      expect(text.indexOf(part.text, at)).toBeGreaterThanOrEqual(at)
      if (part.kind === 'text') expect(text.slice(at)).toContain(part.text)
      at = text.indexOf(part.text, at) + part.text.length
    }
    const written = messageParts(text).map((part) => (part.kind === 'code' ? `\`${part.text}\`` : part.text))
    expect(written.join('')).toBe(text)
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
