import { describe, expect, it } from 'vitest'
import { linkify } from '@/components/chat/linkify'

const links = (text: string) => linkify(text).flatMap(({ text: shown, href }) => (href ? [[shown, href]] : []))

describe('web addresses in a message', () => {
  it('become links and leave the text around them as it was', () => {
    expect(linkify('See https://example.com/a?b=1#c now')).toEqual([
      { text: 'See ' },
      { text: 'https://example.com/a?b=1#c', href: 'https://example.com/a?b=1#c' },
      { text: ' now' },
    ])
  })

  it.each([
    ['Look at https://example.com.', 'https://example.com'],
    ['(https://example.com/a)', 'https://example.com/a'],
    ['https://en.wikipedia.org/wiki/Tandem_(bicycle)', 'https://en.wikipedia.org/wiki/Tandem_(bicycle)'],
    ['really, https://example.com/x?!', 'https://example.com/x'],
    // What turns the direction of a text is no part of an address, and would show another one.
    ['https://example.com/\u202Egpj.exe', 'https://example.com/'],
    ['https://example.com\u200F', 'https://example.com'],
  ])('end where the sentence goes on: %s', (text, shown) => {
    expect(links(text).map(([first]) => first)).toEqual([shown])
  })

  it('need no scheme when they begin with www', () => {
    expect(links('www.example.com')).toEqual([['www.example.com', 'https://www.example.com/']])
  })

  it('are never anything but http and https', () => {
    const unsafe = ['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'ftp://example.com']
    expect(unsafe.flatMap(links)).toEqual([])
  })

  it('stay text when a browser cannot read them', () => {
    expect(linkify('http://[broken')).toEqual([{ text: 'http://[broken' }])
  })

  it('put together give the message again, letter for letter', () => {
    const text = 'a\nhttps://x.org/(y), www.z.org! <https://q.io> https://x.org/\u202Egpj  end '
    const parts = linkify(text).map((part) => part.text)
    expect(parts.join('')).toBe(text)
  })
})
