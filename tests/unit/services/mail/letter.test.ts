import { expect, test } from 'vitest'
import { letterOf } from '@/services/mail/letter'

test('both texts of a mail say the same', () => {
  const { subject, text, html } = letterOf('A subject', [
    { heading: 'Ada', url: 'https://chat.example.com/chat/r1' },
    { quote: 'one\ntwo', by: 'Grace' },
    { paragraph: 'More.' },
    { button: 'Open', url: 'https://chat.example.com/' },
    { small: 'Enough?', link: { words: 'Stop', url: 'https://chat.example.com/stop' } },
  ])
  expect(subject).toBe('A subject')
  expect(text).toBe(
    'Ada\nhttps://chat.example.com/chat/r1\n\nGrace:\n> one\n> two\n\nMore.\n\nOpen:\nhttps://chat.example.com/\n\n--\nEnough? Stop: https://chat.example.com/stop\n',
  )
  for (const part of [
    '<a href="https://chat.example.com/chat/r1">Ada</a>',
    'one<br>two',
    '<p>More.</p>',
    '>Stop</a>',
  ]) {
    expect(html).toContain(part)
  }
})

test('what people write is text in HTML, wherever it stands', () => {
  const evil = `"><img src=x onerror=alert(1)>'&`
  const { html } = letterOf(evil, [
    { heading: evil, url: `https://chat.example.com/${evil}` },
    { quote: evil, by: evil },
    { paragraph: evil },
    { button: evil, url: evil },
    { small: evil, link: { words: evil, url: evil } },
  ])
  expect(html).not.toContain('<img')
  expect(html).not.toContain(evil)
  expect(html).toContain('&quot;&gt;&lt;img src=x onerror=alert(1)&gt;&#39;&amp;')
})

test('a subject is one line', () => {
  expect(letterOf('Ada\r\nBcc: all@example.com\u2028\u0000!', []).subject).toBe('Ada Bcc: all@example.com !')
})
