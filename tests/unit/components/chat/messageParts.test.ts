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

  it.each(['a ` alone', 'two `\nlines`', '``', '```', "it's 5 o`clock", '````a````', '**bold** _it_ # head [a](b)'])(
    'is not what merely looks like it: %j',
    (text) => {
      expect(parts(text)).toEqual([['text', text]])
    },
  )

  it.each(['`', '`a', '``a `', '```a `b ', '`\n', '```\n'])('costs no time however often %j comes', (piece) => {
    const began = performance.now()
    messageParts(piece.repeat(4_000 / piece.length))
    expect(performance.now() - began).toBeLessThan(200)
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
