import { describe, expect, it } from 'vitest'
import { alertKinds, type NotificationPreferences } from '@/contracts/preferences'
import { decideDigest } from '@/services/mail/decideDigest'
import type { Unread, UnreadNotification, UnreadRoom } from '@/services/mail/digestPorts'
import { choices } from '../../../support/choices'

const now = new Date('2026-06-01T12:00:00Z')
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000)
const inMinutes = (minutes: number) => ago(-minutes)

const everything: NotificationPreferences = {
  kinds: Object.fromEntries(alertKinds.map((kind) => [kind, choices()])) as NotificationPreferences['kinds'], // one for each
  topics: {},
  quietHours: { enabled: false, from: '22:00', to: '07:00' },
}
const room = (minutes: number, more: Partial<UnreadRoom> = {}): UnreadRoom => ({
  ...{
    roomId: 'r1',
    kind: 'direct',
    name: 'Grace',
    mutedUntil: undefined,
    lastSeq: 3,
    oldestAt: ago(minutes),
    unread: 1,
  },
  newest: [{ name: 'Grace', text: 'Hello' }],
  ...more,
})
const notification = (minutes: number, more: Partial<UnreadNotification> = {}): UnreadNotification => ({
  ...{ title: 'A title', message: 'A text', type: 'info', createdAt: ago(minutes) },
  ...more,
})
const unread = (rooms: UnreadRoom[], notifications: UnreadNotification[] = []): Unread => ({
  ...{ rooms, notifications },
})
const decide = (
  there: Unread,
  { preferences = everything, sentAt = null as Date | null, isHere = false, digest = 'hour' as 'hour' | 'day' } = {},
) => decideDigest(digest, preferences, { sentAt }, there, { now, isHere })

describe('when somebody is mailed', () => {
  it('nothing unread: nothing can be due before a whole span is over', () => {
    expect(decide(unread([]))).toEqual({ do: 'pass', lookAt: inMinutes(60) })
    expect(decide(unread([]), { digest: 'day' })).toEqual({ do: 'pass', lookAt: inMinutes(24 * 60) })
  })

  it('what is not old enough is looked at when it is', () => {
    expect(decide(unread([room(20)], [notification(50)]))).toEqual({ do: 'wait', lookAt: inMinutes(10) })
  })

  it('once the oldest is, all that is unread is told', () => {
    const there = unread([room(1), room(61, { roomId: 'r2' })], [notification(5)])
    expect(decide(there)).toEqual({
      ...{ do: 'send', lookAt: inMinutes(60) },
      content: { rooms: there.rooms, notifications: there.notifications },
    })
    expect(decide(there, { digest: 'day' })).toMatchObject({ do: 'wait' })
  })

  it('at most once in a span', () => {
    expect(decide(unread([room(70)]), { sentAt: ago(15) })).toEqual({ do: 'wait', lookAt: inMinutes(45) })
  })

  it('not while they are in front of a page, and not in quiet hours: a little later', () => {
    expect(decide(unread([room(70)]), { isHere: true })).toEqual({ do: 'wait', lookAt: inMinutes(10) })
    const preferences = { ...everything, quietHours: { enabled: true, from: '11:00', to: '13:00' } }
    expect(decide(unread([room(70)]), { preferences })).toEqual({ do: 'wait', lookAt: inMinutes(10) })
  })
})

describe('what is told', () => {
  const without = (kind: (typeof alertKinds)[number]) => ({
    ...everything,
    kinds: { ...everything.kinds, [kind]: choices({ email: false }) },
  })
  const mention = notification(70, { link: '/chat/r1?at=3' })

  it('not what is switched off or muted; where that is all, it is passed over for good', () => {
    expect(decide(unread([room(70)]), { preferences: without('direct') })).toEqual({
      do: 'pass',
      lookAt: inMinutes(60),
    })
    expect(decide(unread([room(70, { mutedUntil: inMinutes(5).toISOString() })]))).toMatchObject({ do: 'pass' })
    expect(decide(unread([room(70)], [notification(70)]), { preferences: without('direct') })).toMatchObject({
      do: 'send',
      content: { rooms: [], notifications: [{ title: 'A title' }] },
    })
  })

  it('what is not wanted makes nothing due', () => {
    const muted = room(70, { roomId: 'r2', mutedUntil: inMinutes(5).toISOString() })
    expect(decide(unread([muted, room(1)]))).toEqual({ do: 'wait', lookAt: inMinutes(59) })
    expect(decide(unread([room(1)], [notification(70)]), { preferences: without('info') })).toEqual({
      do: 'wait',
      lookAt: inMinutes(59),
    })
  })

  it('being named is told with its room, and by itself where the room is not told', () => {
    const there = unread([room(70, { kind: 'group' })], [mention])
    expect(decide(there)).toMatchObject({ content: { rooms: [{ roomId: 'r1' }], notifications: [] } })
    expect(decide(there, { preferences: without('group') })).toMatchObject({
      content: { rooms: [], notifications: [mention] },
    })
    expect(decide(unread([], [mention]), { preferences: without('mention') })).toMatchObject({ do: 'pass' })
  })
})
