import { expect, test } from 'vitest'
import { check, isClean } from '../../support/checker/check'
import type { Evidence, StoredMessage } from '../../support/checker/evidence'

const row = (seq: number, senderId: string): StoredMessage => ({
  id: `id-${seq}`,
  roomId: 'room',
  seq,
  rev: seq,
  senderId,
  clientId: `client-${seq}`,
  message: `text ${seq}`,
})

/** Ada wrote 1, 2 and 4, Grace 3; Ada has read up to 2. */
function whole(): Evidence & { table: { messages: StoredMessage[] } } {
  const messages = [row(1, 'ada'), row(2, 'ada'), row(3, 'grace'), row(4, 'ada')]
  return {
    table: {
      messages,
      rooms: [{ id: 'room', lastSeq: 4, lastRev: 4 }],
      participants: [
        { roomId: 'room', userId: 'ada', lastReadSeq: 2, ownUnread: 1 },
        { roomId: 'room', userId: 'grace', lastReadSeq: 4, ownUnread: 0 },
      ],
    },
    typed: messages.map(({ senderId, roomId, message }) => ({ senderId, roomId, text: message })),
    acknowledgements: messages.map((message) => ({ ...message })),
    views: [
      { who: 'Ada', userId: 'ada', roomId: 'room', messages: [...messages], unread: 1, members: ['ada', 'grace'] },
      { who: 'Grace', userId: 'grace', roomId: 'room', messages: [...messages], unread: 0, members: ['grace', 'ada'] },
    ],
  }
}

test('a history that kept the promise is clean', () => {
  const verdict = check(whole())
  expect(verdict).toEqual({ acknowledged: 4, lost: [], doubled: [], misordered: [], views: [] })
  expect(isClean(verdict)).toBe(true)
})

test('a message that was acknowledged and is not in the table is lost, and leaves a hole', () => {
  const evidence = whole()
  evidence.table.messages.splice(2, 1)
  const { lost, misordered } = check(evidence)
  expect(lost).toEqual([
    'send client-3 was acknowledged as room #3 (id-3) and is not in the table',
    '"text 3" was typed and never stored',
  ])
  expect(misordered).toEqual(['room room says 4 and holds seq 1-2, 4'])
})

test('a message that was acknowledged with another id or place than it has is lost', () => {
  const evidence = whole()
  const [first] = evidence.acknowledgements
  const moved = { ...evidence, acknowledgements: [{ ...first, id: 'another' }] } as Evidence // of a whole one
  expect(check(moved).lost).toEqual([
    'send client-1 was acknowledged as room #1 (another) and is stored as room #1 (id-1)',
  ])
})

test('a message that was typed and never acknowledged must be there all the same', () => {
  const evidence = whole()
  const typed = [...evidence.typed, { senderId: 'ada', roomId: 'room', text: 'never sent' }]
  expect(check({ ...evidence, typed }).lost).toEqual(['"never sent" was typed and never stored'])
})

test('a message that is stored twice is doubled, with the same client id or a new one', () => {
  const same = whole()
  same.table.messages.push({ ...row(5, 'ada'), clientId: 'client-1', message: 'text 1' })
  expect(check(same).doubled).toEqual([
    'send ada client-1 is stored more than once',
    '"ada room text 1" is stored more than once',
  ])

  const renamed = whole()
  renamed.table.messages.push({ ...row(5, 'ada'), message: 'text 1' })
  expect(check(renamed).doubled).toEqual(['"ada room text 1" is stored more than once'])
})

test('a bubble that is shown twice is doubled', () => {
  const evidence = whole()
  const views = evidence.views.map((view) => ({ ...view, messages: [...view.messages, row(4, 'ada')] }))
  expect(check({ ...evidence, views }).doubled).toContain('Ada sees client-4 more than once in room')
})

test('messages of one person in another order than they were typed are misordered', () => {
  const evidence = whole()
  const typed = [...evidence.typed].reverse()
  expect(check({ ...evidence, typed }).misordered).toEqual(['"text 4" was typed before "text 1" and stored after it'])
})

test('a view in another order than the table, or without a message, is not equal', () => {
  const evidence = whole()
  const [ada] = evidence.views
  if (!ada) throw new Error('Ada looks.')
  const [first, second, ...others] = ada.messages
  if (!first || !second) throw new Error('There are messages.')
  expect(check({ ...evidence, views: [{ ...ada, messages: [second, first, ...others] }] }).views).toEqual([
    'Ada in room sees another message at place 1 than the table has',
  ])
  expect(check({ ...evidence, views: [{ ...ada, messages: [first, ...others] }] }).views).toEqual([
    'Ada in room sees 3 messages of 4: seq 1, 3-4',
  ])
})

test('unread counts are what the table says, in the counters and on the page', () => {
  const evidence = whole()
  const views = evidence.views.map((view) => ({ ...view, unread: 7 }))
  expect(check({ ...evidence, views }).views).toEqual([
    'Ada has 1 unread in room, and the page says 7',
    'Grace has 0 unread in room, and the page says 7',
  ])
  const participants = evidence.table.participants.map((participant) => ({ ...participant, ownUnread: 0 }))
  expect(check({ ...evidence, table: { ...evidence.table, participants } }).views).toContain(
    'ada has 1 unread in room, and the counters say 2',
  )
})

test('an edit that is not stored is lost, and so is a deletion', () => {
  const evidence = whole()
  const [first, second] = evidence.typed
  if (!first || !second) throw new Error('There are messages.')
  const typed = [
    { ...first, changed: { id: 'id-1', text: 'another text' } },
    { ...second, changed: { id: 'id-2', text: '' } },
  ]
  expect(check({ ...evidence, typed }).lost).toEqual([
    '"text 1" was left at "another text" and is stored as "text 1"',
    '"text 2" was left at "" and is stored as "text 2"',
  ])
})

test('a view with an older state of a message, with other reactions or other members, is not equal', () => {
  const evidence = whole()
  const [ada] = evidence.views
  const [first, ...others] = ada?.messages ?? []
  if (!ada || !first) throw new Error('Ada looks at messages.')
  const another = 'Ada in room sees another state of the message at place 1 than the table has'
  const older = { ...ada, messages: [{ ...first, rev: 0 }, ...others] }
  expect(check({ ...evidence, views: [older] }).views).toEqual([another])
  const reacted = { ...ada, messages: [{ ...first, reactions: [{ emoji: '👍', userIds: ['grace'] }] }, ...others] }
  expect(check({ ...evidence, views: [reacted] }).views).toEqual([another])
  expect(check({ ...evidence, views: [{ ...ada, members: ['ada'] }] }).views).toEqual([
    'Ada in room sees other members than the table has',
  ])
})
