import { expect, test } from 'vitest'
import { RoomTimeline } from '@/client/chat/RoomTimeline'
import type { ChatMessage } from '@/contracts/chat'
import { TableRoom } from './support/TableRoom'

const me = 'me'

const pageOf = (table: TableRoom, have: { lastRev: number; readRev: number }, size = 200) => {
  const page = table.sync(have, size)
  if (!('messages' in page)) throw new Error('Changes were expected.')
  return page
}

const opened = (messages: number, newest = 50) => {
  const table = new TableRoom([me, 'ada', 'bob'])
  for (let i = 0; i < messages; i += 1) table.send('ada')
  const timeline = new RoomTimeline(me, table.row(me))
  timeline.beginLoad()
  timeline.adoptSnapshot(table.snapshot(me, newest))
  return { table, timeline, seqs: () => timeline.messages.map(({ seq }) => seq) }
}

test('an event that was applied already is ignored, and the next one is applied', () => {
  const { table, timeline, seqs } = opened(2)
  const third = table.send('ada')

  expect([timeline.receive(third), timeline.receive(third)]).toEqual(['applied', 'ignored'])

  expect(seqs()).toEqual([1, 2, 3])
  expect(timeline.have).toBe(3)
})

test('an event beyond a hole is held, and shown when the hole closes', () => {
  const { table, timeline, seqs } = opened(2)
  const third = table.send('ada')
  const fourth = table.send('bob')

  expect(timeline.receive(fourth)).toBe('held')
  expect(timeline.hasHole).toBe(true)
  expect(seqs()).toEqual([1, 2])

  timeline.receive(third)
  expect(timeline.hasHole).toBe(false)
  expect(seqs()).toEqual([1, 2, 3, 4])
})

test('what is heard while a snapshot is on its way is added to it', () => {
  const table = new TableRoom([me, 'ada'])
  table.send('ada')
  const timeline = new RoomTimeline(me, table.row(me))
  timeline.beginLoad()
  const snapshot = table.snapshot(me, 50)
  timeline.receive(table.send('ada'))
  const last = table.send('ada')

  timeline.adoptSnapshot(snapshot)
  timeline.receive(last)

  expect(timeline.messages.map(({ seq }) => seq)).toEqual([1, 2, 3])
})

test('a page of catch-up is applied although its revs are not contiguous, and shows no hole in between', () => {
  const { table, timeline, seqs } = opened(2)
  for (let i = 0; i < 4; i += 1) table.send('ada')
  table.edit(4)

  const first = pageOf(table, timeline.position, 2)
  timeline.adoptPage(first)
  expect(first.messages.map(({ seq }) => seq)).toEqual([3, 5])
  expect(seqs()).toEqual([1, 2, 3])

  timeline.adoptPage(pageOf(table, timeline.position, 2))
  expect(seqs()).toEqual([1, 2, 3, 4, 5, 6])
  expect(timeline.have).toBe(7)
  expect(timeline.room.unread).toBe(6)
})

test('a change of a message that is not loaded only moves what one has', () => {
  const { table, timeline, seqs } = opened(10, 4)

  timeline.receive(table.edit(2))

  expect(seqs()).toEqual([7, 8, 9, 10])
  expect(timeline.have).toBe(11)
})

test('an edit that overtakes the page of history it belongs to is not lost', () => {
  const { table, timeline } = opened(10, 4)
  timeline.beginHistory()
  const page = table.history(timeline.oldestSeq, 4)
  const edited = table.edit(5)

  timeline.receive(edited)
  timeline.adoptHistory(page)

  expect(timeline.messages.find(({ seq }) => seq === 5)).toEqual(edited)
  expect(timeline.hasOlder).toBe(true)
})

test('a place further back is shown apart from the newest messages, which are kept current, until both meet', () => {
  const { table, timeline, seqs } = opened(30, 4)
  expect(timeline.showPlace(10)).toBe(false)
  timeline.beginIsland()
  expect(timeline.adoptIsland(table.historyAround(10, 4))).toBe(true)
  expect(seqs()).toEqual([8, 9, 10, 11])
  expect([timeline.hasOlder, timeline.hasNewer]).toEqual([true, true])

  timeline.receive(table.send('ada'))
  expect(seqs()).toEqual([8, 9, 10, 11])
  expect(timeline.room).toMatchObject({ lastSeq: 31, unread: table.unreadOf(me) })
  timeline.beginHistory()
  timeline.adoptHistory(table.history(timeline.oldestSeq, 2))
  timeline.beginNewer()(table.historyAfter(timeline.newestSeq, 10))
  expect([seqs()[0], timeline.newestSeq, timeline.hasNewer]).toEqual([6, 21, true])
  timeline.beginNewer()(table.historyAfter(timeline.newestSeq, 10))
  expect(timeline.hasNewer).toBe(false)
  expect(timeline.messages).toEqual(table.all().slice(5))
})

test('from a place further back one returns to the newest messages at once, or to another that is loaded', () => {
  const { table, timeline } = opened(30, 4)
  timeline.beginIsland()
  timeline.adoptIsland(table.historyAround(10, 4))
  timeline.leaveIsland()
  expect(timeline.messages).toEqual(table.all().slice(26))
  timeline.beginIsland()
  timeline.adoptIsland(table.historyAround(2, 4))
  expect(timeline.hasOlder).toBe(false)
  expect(timeline.showPlace(28)).toBe(true)
  expect([timeline.oldestSeq, timeline.hasOlder]).toEqual([27, true])
})

test('an edit that overtakes the page around a place is not lost, and after a reload that page counts no more', () => {
  const { table, timeline } = opened(30, 4)
  timeline.beginIsland()
  const page = table.historyAround(10, 4)
  const edited = table.edit(10)
  timeline.receive(edited)
  expect(timeline.adoptIsland(page)).toBe(true)
  expect(timeline.messages.find(({ seq }) => seq === 10)).toEqual(edited)

  timeline.beginIsland()
  timeline.beginLoad()
  timeline.adoptSnapshot(table.snapshot(me, 4))
  expect(timeline.adoptIsland(page)).toBe(false)
})

test('mentions of oneself are counted until they are read, edited away or deleted, as messages come and go', () => {
  const { table, timeline } = opened(3)
  const named = (message: ChatMessage): ChatMessage => Object.assign(message, { mentions: [me] })
  const [first, second] = [named(table.send('ada')), named(table.send('bob'))]
  timeline.receive(first)
  timeline.receive(table.send('ada'))
  expect(timeline.room.unreadMentions).toBe(1)
  timeline.receive(second)
  expect(timeline.room.unreadMentions).toBe(2)
  timeline.markOwnRead(first.seq)
  expect(timeline.room.unreadMentions).toBe(1)
  const { mentions: _, ...without } = table.edit(second.seq)
  timeline.receive({ ...without, editedAt: new Date().toISOString() })
  expect(timeline.room.unreadMentions).toBe(0)
})

test('of a room that is not loaded the row says how many mentions there are, and what cannot be told asks for it', () => {
  const table = new TableRoom([me, 'ada'])
  Object.assign(table.send('ada'), { mentions: [me] })
  Object.assign(table.send('ada'), { mentions: [me] })
  const timeline = new RoomTimeline(me, table.row(me))
  expect(timeline.room.unreadMentions).toBe(2)
  timeline.receive(Object.assign(table.send('ada'), { mentions: [me, 'ada'] }))
  expect([timeline.room.unreadMentions, timeline.needsRow]).toEqual([3, false])
  // The latest is known, the others are not.
  timeline.receive({ ...table.edit(3), mentions: [], editedAt: new Date().toISOString() })
  expect([timeline.room.unreadMentions, timeline.needsRow]).toEqual([2, false])
  timeline.receive({ ...table.edit(1), editedAt: new Date().toISOString() })
  expect(timeline.needsRow).toBe(true)
  timeline.adoptRow({ ...table.row(me), unreadMentions: 1 })
  expect([timeline.room.unreadMentions, timeline.needsRow]).toEqual([1, false])
  timeline.markOwnRead(3)
  expect(timeline.room.unreadMentions).toBe(0)
})

test('the page after a place counts no more once another place is shown: that one has not heard what changed since', () => {
  const { table, timeline, seqs } = opened(30, 4)
  timeline.beginIsland()
  timeline.adoptIsland(table.historyAround(6, 4))
  const adopt = timeline.beginNewer()
  const late = table.historyAfter(timeline.newestSeq, 10)
  timeline.receive(table.edit(13))

  timeline.beginIsland()
  timeline.adoptIsland(table.historyAround(10, 4))
  adopt(late)

  expect(seqs()).toEqual([8, 9, 10, 11])
  timeline.beginNewer()(table.historyAfter(11, 4))
  expect(timeline.messages).toEqual(table.all().slice(7, 15))
})

test('the page around a place counts no more once another place is shown, or it was given up', () => {
  const { table, timeline } = opened(30, 4)
  timeline.beginIsland()
  timeline.adoptIsland(table.historyAround(20, 4))
  timeline.beginIsland()
  expect(timeline.showPlace(20)).toBe(true)
  expect(timeline.adoptIsland(table.historyAround(10, 4))).toBe(false)
  timeline.beginIsland()
  timeline.cancelIsland()
  expect(timeline.adoptIsland(table.historyAround(10, 4))).toBe(false)
})

test('what is quoted is shown as it is now, wherever it lies and whichever of the two comes first', () => {
  const { table, timeline } = opened(30, 4)
  const answering = (seq: number): ChatMessage => {
    const original = table.all()[seq - 1]
    if (original === undefined) throw new Error('There is no such message.')
    const { id, senderId, message } = original
    return { ...table.send('bob'), replyTo: { id, seq, senderId, excerpt: message } }
  }
  const excerpts = () => timeline.messages.flatMap(({ replyTo }) => replyTo?.excerpt ?? [])
  const early = { ...table.edit(3), editedAt: new Date().toISOString() }
  const late = { ...table.edit(28), editedAt: new Date().toISOString() }
  timeline.receive(early)
  timeline.receive(answering(3))
  expect(excerpts()).toEqual([])
  timeline.receive(late)
  timeline.receive(answering(28))
  expect(excerpts()).toEqual([early.message, late.message])

  timeline.receive({ ...table.edit(3), message: '', deletedAt: new Date().toISOString() })
  expect(excerpts()).toEqual(['', late.message])
})

test('a page of history that was read before the quoted message was edited quotes it as it is now', () => {
  const { table, timeline } = opened(10, 4)
  timeline.beginHistory()
  const page = table.history(timeline.oldestSeq, 4)
  const [first] = page.messages
  if (first === undefined) throw new Error('The page holds messages.')
  first.replyTo = { id: 'm2', seq: 2, senderId: 'ada', excerpt: 'as it was' }
  timeline.receive({ ...table.edit(2), message: 'as it is', editedAt: new Date().toISOString() })
  timeline.adoptHistory(page)
  expect(timeline.messages.find(({ seq }) => seq === first.seq)?.replyTo?.excerpt).toBe('as it is')
})

test('after a database was restored the newest messages replace what was there, held events included', () => {
  const { table, timeline } = opened(3)
  table.send('ada')
  timeline.receive(table.send('ada', 'from before the restore'))
  const restored = opened(2).table
  restored.send('bob', 'after the restore')

  timeline.beginLoad(true)
  timeline.adoptSnapshot(restored.snapshot(me, 50))
  const next = restored.send('bob', 'and one more')
  timeline.receive(next)
  timeline.receive(restored.send('bob', 'and another'))

  expect(timeline.messages).toEqual(restored.all())
})

test('own messages never count as unread, whether or not everything before was read', () => {
  const { table, timeline } = opened(2)
  timeline.receive(table.send(me))
  expect(timeline.room.unread).toBe(2)

  timeline.markOwnRead(3)
  timeline.receive(table.send(me))
  timeline.receive(table.send('ada'))
  expect(timeline.room.unread).toBe(1)
})

test('a read position only rises, and a repeated event counts once', () => {
  const { table, timeline } = opened(4)
  const second = table.read('bob', 2)
  const fourth = table.read('bob', 4)
  if (second === undefined || fourth === undefined) throw new Error('Both moved the position.')

  timeline.receiveRead(second)
  timeline.receiveRead(fourth)
  timeline.receiveRead(second)
  timeline.receiveRead(fourth)

  expect(timeline.participants.find(({ id }) => id === 'bob')?.lastReadSeq).toBe(4)
  expect(timeline.position.readRev).toBe(2)
})

test('marking as read answers the position to tell only when it is news', () => {
  const { timeline } = opened(4)

  expect([timeline.markOwnRead(3), timeline.markOwnRead(3), timeline.markOwnRead(2)]).toEqual([3, undefined, undefined])
  expect(timeline.markOwnRead(99)).toBe(4)
  expect(timeline.room.unread).toBe(0)
})

test('reading on another device lowers the count of a room that is not loaded', () => {
  const table = new TableRoom([me, 'ada'])
  for (let i = 0; i < 5; i += 1) table.send('ada')
  const timeline = new RoomTimeline(me, table.row(me))
  const read = table.read(me, 3)
  if (read === undefined) throw new Error('The position moved.')

  timeline.receiveRead(read)
  expect(timeline.room.unread).toBe(2)

  timeline.receive(table.send('ada'))
  expect(timeline.room).toMatchObject({ unread: 3, lastSeq: 6, lastMessage: { seq: 6 } })
})

test('a view stays the same object until something in it changes', () => {
  const { table, timeline } = opened(2)
  const { room, messages } = timeline

  timeline.receive(table.all()[0] ?? table.send('ada'))
  expect(timeline.room).toBe(room)
  expect(timeline.messages).toBe(messages)

  timeline.receive(table.send('ada'))
  expect(timeline.room).not.toBe(room)
  expect(timeline.messages).not.toBe(messages)
})
