import { expect, test } from 'vitest'
import type { ChatMessage, Participant } from '@/contracts/chat'
import type { SystemChange } from '@/contracts/chatShapes'
import { loadedRoom, me } from './support/loadedRoom'

const system = (message: ChatMessage, change: SystemChange): ChatMessage => ({
  ...message,
  kind: 'system',
  system: change,
})
const person = (id: string): Participant => ({
  ...{ id, name: id, role: 'member', lastReadSeq: 0, isOnline: false },
  lastSeen: '2026-01-01T00:00:00.000Z',
})

test('what is said of a room only grows newer, whichever way it comes, and leaves its counters alone', () => {
  const { table, timeline } = loadedRoom()
  const older = { ...table.row(me), name: 'Older' }
  timeline.receive(table.send('ada'))
  const newer = { ...table.row(me), name: 'Newer', role: 'admin' as const }
  timeline.receive(table.send('ada'))

  timeline.describe(newer)
  timeline.describe(older)
  timeline.adoptRow(older)

  expect(timeline.room).toMatchObject({ name: 'Newer', role: 'admin', lastSeq: 4, lastRev: 4, unread: 4 })
  // What is taken back is gone: it is no more muted.
  timeline.describe({ ...newer, mutedUntil: '2030-01-01T00:00:00.000Z' })
  timeline.describe(newer)
  expect(timeline.room).not.toHaveProperty('mutedUntil')
})

test('whoever leaves is no participant any more, roles change with what is said of them, and for who comes names are read', () => {
  const { table, timeline } = loadedRoom()
  timeline.receive(system(table.send(me), { type: 'role', userIds: ['ada'], name: 'admin' }))
  expect(timeline.participants.find(({ id }) => id === 'ada')?.role).toBe('admin')
  expect(timeline.hasStrangers).toBe(false)
  timeline.receive(system(table.send(me), { type: 'added', userIds: ['bob'] }))
  expect(timeline.hasStrangers).toBe(true)
  timeline.forgetStrangers()
  expect(timeline.hasStrangers).toBe(false)
  timeline.receive(system(table.send('ada'), { type: 'left', userIds: ['ada'] }))
  expect(timeline.participants.map(({ id }) => id)).toEqual([me])
  expect(timeline.hasStrangers).toBe(false)
})

test('participants that are read again replace those of a small room; of a large one they are a part', () => {
  const { table, timeline } = loadedRoom()
  timeline.adoptParticipants([person(me), person('bob')])
  expect(timeline.participants.map(({ id }) => id)).toEqual([me, 'bob'])
  timeline.describe({ ...table.row(me), memberCount: 101 })
  timeline.adoptParticipants([person('eve')])
  expect(timeline.participants.map(({ id }) => id).sort()).toEqual(['bob', 'eve', me].sort())
})

test('a message that changed is shown as it is now, however late the change comes', () => {
  const { table, timeline } = loadedRoom(3)
  const edited = table.edit(2)
  const fourth = table.send('ada')
  expect(timeline.receive(fourth)).toBe('held')
  expect(timeline.includes(edited)).toBe(false)
  timeline.receive(edited)
  expect(timeline.includes(edited)).toBe(true)
  expect(timeline.messages.map(({ message }) => message)).toEqual(['hello', edited.message, 'hello', 'hello'])
})

test('what was said while a snapshot was on its way holds against the snapshot, which may predate it', () => {
  const { table, timeline } = loadedRoom()
  const before = table.snapshot(me, 50)
  timeline.beginLoad()
  timeline.describe({ ...table.row(me), pinnedAt: '2026-01-01T00:00:00.000Z' })
  timeline.adoptSnapshot(before)
  expect(timeline.room.pinnedAt).toBe('2026-01-01T00:00:00.000Z')
})
