import { expect, test } from 'vitest'
import type { DigestContent } from '@/services/mail/decideDigest'
import { digestLetter } from '@/services/mail/digestLetter'

const room = (more: Partial<DigestContent['rooms'][number]> = {}): DigestContent['rooms'][number] => ({
  ...{
    roomId: 'r1',
    kind: 'direct',
    name: 'Grace',
    mutedUntil: undefined,
    lastSeq: 3,
    oldestAt: new Date(0),
    unread: 1,
  },
  newest: [{ name: 'Grace', text: 'Hello' }],
  ...more,
})
const notifications = (count: number): DigestContent['notifications'] =>
  Array.from({ length: count }, (_, i) => ({
    ...{ title: `Title ${i}`, message: 'A text', type: 'info', createdAt: new Date(0) },
  }))
const letter = (content: DigestContent) =>
  digestLetter('Ada', 'hour', content, {
    publicUrl: 'https://chat.example.com',
    unsubscribeUrl: 'https://chat.example.com/unsubscribe#token=t',
  })

test.each([
  ['1 unread message from Grace', { rooms: [room()], notifications: [] }],
  ['2 unread messages in Team', { rooms: [room({ kind: 'group', name: 'Team', unread: 2 })], notifications: [] }],
  ['3 unread messages and 1 notification', { rooms: [room(), room({ unread: 2 })], notifications: notifications(1) }],
  ['100+ unread messages from Grace', { rooms: [room({ unread: 100 })], notifications: [] }],
  ['100+ notifications', { rooms: [], notifications: notifications(120) }],
  ['2 notifications', { rooms: [], notifications: notifications(2) }],
] as [string, DigestContent][])('the subject says how much: %s', (subject, content) => {
  expect(letter(content).subject).toBe(subject)
})

test('each conversation has its way there, and of many things the text is short', () => {
  const { text, html } = letter({
    rooms: [room({ unread: 5, newest: [{ name: 'Grace', text: 'x'.repeat(400) }] })],
    notifications: notifications(13),
  })
  expect(text).toContain('https://chat.example.com/chat/r1')
  expect(text).toContain('5 unread messages, the last of them:')
  expect(text).toContain(`${'x'.repeat(300)}…`)
  expect(text).toContain('And 3 notifications more.')
  expect(text).toContain('No more of these mails: https://chat.example.com/unsubscribe#token=t')
  expect(html).toContain('href="https://chat.example.com/chat/r1"')
})
