import { describe, expect, it } from 'vitest'
import { markWords, searchWords } from '@/contracts/searchWords'

describe('the words of a text', () => {
  it.each([
    ['Hello, hello world!', ['hello', 'world']],
    ["don't e-mail me@example.com", ['don', 't', 'e', 'mail', 'me', 'example', 'com']],
    ['Ёлка и ёж', ['елка', 'и', 'еж']],
    ['AMANHÃ é İstanbul', ['amanha', 'e', 'istanbul']],
    ['ﬁne Ｔｏｋｙｏ ２', ['fine', 'tokyo', '2']],
    ['𝐇𝐞𝐥𝐥𝐨 ℡', ['hello', 'tel']],
    ['🎉 … —', []],
  ])('%s', (text, words) => {
    expect(searchWords(text)).toEqual(words)
  })

  it('are cut where they are very long, between characters', () => {
    expect(searchWords('x'.repeat(100))).toEqual(['x'.repeat(40)])
    expect(searchWords('𝒳'.repeat(60))[0]?.isWellFormed()).toBe(true)
    expect(searchWords('𐐨'.repeat(60))).toEqual(['𐐨'.repeat(40)])
  })
})

describe('what is marked in a text', () => {
  const marked = (text: string, query: string) =>
    markWords(text, query).flatMap((part) => (part.isMarked ? [part.text] : []))

  it('are the words that were searched for, whole ones and one that was begun', () => {
    expect(marked('The Fox, the foxes and the box', 'the fo')).toEqual(['The', 'Fox', 'the', 'foxes', 'the'])
    expect(marked('Amanhã não há pão', 'nao pa')).toEqual(['não', 'pão'])
    expect(marked('Nothing', '!!')).toEqual([])
  })

  it('leaves the text as it was', () => {
    const text = '  A é\u0301 text…\nof — many 🎉 parts '
    expect(
      markWords(text, 'a')
        .map((part) => part.text)
        .join(''),
    ).toBe(text)
  })
})
