import { expect, test } from 'vitest'
import { limits } from '@/contracts/limits'
import { decidePush } from '@/services/push/decidePush'
import type { UnreadNotification, WaitingPush } from '@/services/push/ports'

const now = new Date('2026-06-01T12:00:00Z')
const room: NonNullable<WaitingPush['room']> = {
  ...{ id: 'r', kind: 'direct', name: null, mutedUntil: null, picture: null },
  ...{ text: 'Hello\nthere', senderName: 'Grace', count: 1, mentioned: false },
}
const notification: UnreadNotification = {
  ...{ id: 'n', title: 'Deployed', message: 'Version 2 is out.', type: 'info', link: null, topic: null, picture: null },
}
const person: WaitingPush['person'] = {
  ...{ id: 'ada', lastSeen: '2026-06-01T10:00:00.000Z' },
  permissions: ['chat:read', 'notifications:read'],
  chosen: { kinds: {}, topics: {}, quietHours: {} },
}
const push = (over: Partial<WaitingPush> = {}): WaitingPush => ({
  subscription: {
    id: 's',
    server: 'push.example.com',
    endpoint: 'https://push.example.com/1',
    keys: { p256dh: '', auth: '' },
    failures: 0,
  },
  ...{ told: 0, toldMs: Number.POSITIVE_INFINITY, notifications: [], notificationIds: [] },
  ...{ tag: 'room:r', news: 1, person, newestMs: 6_000, oldestMs: 6_000, room },
  ...over,
})
const decide = (over: Partial<WaitingPush> = {}, inFront: boolean | undefined = false) =>
  decidePush(push(over), { inFront, now, delayMs: 6_000 })
const said = (over: Partial<WaitingPush> = {}) => {
  const fate = decide(over)
  return typeof fate === 'object' && 'payload' in fate ? fate.payload : fate
}
const chosen = (kinds: WaitingPush['person']['chosen']['kinds'], topics = {}) => ({
  person: { ...person, chosen: { kinds, topics, quietHours: {} } },
})

test('what is unread is told to a browser whose person has no page in front', () => {
  expect(decide()).toEqual({
    payload: { title: 'Grace', body: 'Hello there', url: '/chat/r', tag: 'room:r' },
    urgency: 'high',
  })
  expect(said({ room: null })).toBe('drop')
})

test('a page that was in front may be gone: only what has been there for a minute was seen in it', () => {
  expect(decide({}, true)).toEqual({ waitMs: 10_000 })
  expect(decide({ newestMs: 30_000, oldestMs: 90_000 }, true)).toEqual({ waitMs: 10_000 })
  expect(decide({ newestMs: 60_000, oldestMs: 60_000 }, true)).toBe('drop')
})

test('while nobody knows whether they have a page in front it waits for a minute, however much comes, and is told then', () => {
  const unknown = (over = {}) => decidePush(push(over), { inFront: undefined, now, delayMs: 6_000 })
  expect(unknown()).toEqual({ waitMs: 10_000 })
  expect(unknown({ oldestMs: 60_000 })).toMatchObject({ payload: { title: 'Grace' } })
})

test('what is switched off for push, or muted, or theirs to read no more, is not told', () => {
  expect(said(chosen({ direct: { push: false } }))).toBe('drop')
  expect(said(chosen({ direct: { bell: false }, group: { push: false } }))).toMatchObject({ title: 'Grace' })
  expect(said({ room: { ...room, mutedUntil: '2026-06-01T13:00:00.000Z' } })).toBe('drop')
  expect(said({ person: { ...person, permissions: ['notifications:read'] } })).toBe('drop')
  const quietHours = { enabled: true, from: '00:00', to: '00:00' }
  expect(said({ person: { ...person, chosen: { kinds: {}, topics: {}, quietHours } } })).toBe('drop')
  const ofTopic = { notifications: [{ ...notification, topic: 'news' }], room: null, tag: 'topic:news' }
  expect(said({ ...ofTopic, ...chosen({}, { news: { push: false } }) })).toBe('drop')
  expect(said(ofTopic)).toEqual({
    title: 'Deployed',
    body: 'Version 2 is out.',
    url: '/notifications',
    tag: 'topic:news',
  })
})

test('being named goes before what else was said there, also in a muted room, unless that is switched off', () => {
  const named = { ...notification, title: 'Grace mentioned you', link: '/chat/r?at=7' }
  const muted = { ...room, mutedUntil: '2026-06-01T13:00:00.000Z' }
  expect(said({ notifications: [named] })).toMatchObject({
    title: 'Grace mentioned you',
    url: '/chat/r?at=7',
    tag: 'room:r',
  })
  expect(said({ notifications: [named], room: muted })).toMatchObject({ title: 'Grace mentioned you' })
  expect(said({ notifications: [named], ...chosen({ mention: { push: false } }) })).toMatchObject({ title: 'Grace' })
})

test('a group says who wrote, and how many there are; whatever people write, it stays small', () => {
  const group = { ...room, kind: 'group' as const, name: 'Plans', count: 3 }
  expect(said({ room: group })).toMatchObject({ title: 'Plans: 3 new messages', body: 'Grace: Hello there' })
  expect(said({ room: { ...group, count: 100 } })).toMatchObject({ title: 'Plans: 100 new messages or more' })
  const long = '👩‍👩‍👧‍👦'.repeat(400)
  const largest = {
    ...group,
    name: long,
    text: long,
    senderName: long,
    picture: `https://example.com/${'x'.repeat(2_000)}`,
  }
  expect(said({ room: largest })).not.toHaveProperty('icon')
  expect(said({ room: { ...group, picture: 'https://example.com/g.png' } })).toHaveProperty('icon')
  expect(Buffer.byteLength(JSON.stringify(said({ room: largest })))).toBeLessThan(limits.pushPayloadBytes)
})

test('what needs nobody at once wakes no phone that sleeps', () => {
  const urgencies = (['info', 'success', 'warning', 'error'] as const).map((type) => {
    const fate = decide({ room: null, notifications: [{ ...notification, type }] })
    return typeof fate === 'object' && 'urgency' in fate ? fate.urgency : fate
  })
  expect(urgencies).toEqual(['normal', 'normal', 'high', 'high'])
})

test('of one topic the newest that may be told is, whatever came after it', () => {
  const [older, newer] = [
    { ...notification, id: 'older', type: 'error' as const, title: 'Failed' },
    { ...notification, id: 'newer' },
  ]
  const ofTopic = { room: null, tag: 'topic:builds', notifications: [newer, older] }
  expect(said(ofTopic)).toMatchObject({ title: 'Deployed' })
  expect(said({ ...ofTopic, ...chosen({ info: { push: false } }) })).toMatchObject({ title: 'Failed' })
})

test('what nobody reads rings more and more seldom: after 6 s, 30 s, two minutes', () => {
  expect(decide({ told: 1, toldMs: 29_000 })).toEqual({ waitMs: 1_000 })
  expect(decide({ told: 1, toldMs: 30_000 })).toMatchObject({ payload: { title: 'Grace' } })
  // It may be read before that, which is looked at now and then.
  for (const told of [2, 50]) expect(decide({ told, toldMs: 60_000 })).toEqual({ waitMs: 30_000 })
  for (const told of [2, 50]) expect(decide({ told, toldMs: 120_000 })).toMatchObject({ payload: {} })
})

test('that somebody was named stays on the screen when something else is said', () => {
  const group = { ...room, kind: 'group' as const, name: 'Plans', mentioned: true }
  expect(said({ room: group })).toMatchObject({ title: 'Plans: you were mentioned' })
  expect(said({ room: { ...group, count: 2 } })).toMatchObject({ title: 'Plans: you were mentioned, 2 new messages' })
})
