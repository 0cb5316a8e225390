import { expect, test } from 'vitest'
import { RoomCache } from '@/client/chat/RoomCache'
import { TableRoom } from './support/TableRoom'

const me = 'me'
const newest = 50

/** A page that has just been opened on a room it does not know yet, and the room as the server has it at each revision. */
const scene = () => {
  const table = new TableRoom([me, 'ada'])
  const at = () => ({ row: table.row(me), snapshot: table.snapshot(me, newest) })
  const empty = at()
  const first = table.send(me)
  const afterFirst = at()
  const second = table.send('ada')
  const versions = [empty, afterFirst, at()] as const
  const cache = new RoomCache(me)
  cache.beginLoad(table.id, false)
  return { cache, table, versions, first, second }
}

const orders = <Item>(items: readonly Item[]): Item[][] =>
  items.length === 0
    ? [[]]
    : items.flatMap((item, i) => orders(items.filter((_, at) => at !== i)).map((rest) => [item, ...rest]))

const revisions = [0, 1, 2] as const

test.each(['list row', 'room data'] as const)(
  'what is heard while a snapshot is on its way is shown with it, however old snapshot and %s are and in whatever order they come',
  (other) => {
    for (const read of revisions) {
      for (const readOther of revisions) {
        for (const order of orders(['snapshot', other, 'first', 'second'] as const)) {
          const { cache, table, versions, first, second } = scene()
          const arrive = {
            snapshot: () => cache.adoptSnapshot(versions[read].snapshot),
            'list row': () => cache.adoptRow(versions[readOther].row),
            'room data': () => cache.offerSnapshot(versions[readOther].snapshot),
            first: () => cache.receive(first),
            second: () => cache.receive(second),
          }

          for (const event of order) arrive[event]()

          const what = `${order.join(', ')}; snapshot of ${read}, ${other} of ${readOther}`
          expect(cache.get(table.id)?.messages, what).toEqual(table.all())
        }
      }
    }
  },
)

test('a snapshot that a newer row has overtaken makes the room catch up, any other does not', () => {
  for (const read of revisions) {
    for (const readRow of revisions) {
      const { cache, versions } = scene()
      cache.adoptRow(versions[readRow].row)

      expect(cache.adoptSnapshot(versions[read].snapshot)).toBe(read < readRow)
    }
  }
})

test('room data that nobody asked for is shown, but leaves a room alone whose snapshot is on its way', () => {
  const { cache, table, versions } = scene()
  cache.offerSnapshot(versions[2].snapshot)
  expect(cache.get(table.id)?.isLoaded).toBe(false)

  cache.remove(table.id)
  cache.cancelLoad(table.id)
  cache.offerSnapshot(versions[2].snapshot)

  expect(cache.get(table.id)?.messages).toEqual(table.all())
})

test('what this browser has kept of a room is shown, catches up, and gives way to what the server says', () => {
  const table = new TableRoom([me, 'ada'])
  table.send('ada', 'kept')
  const kept = table.snapshot(me, newest)
  const cache = new RoomCache(me)
  expect(cache.restore(kept)).toBe(true)
  table.send('ada', 'missed')
  expect(cache.get(table.id)?.messages.map(({ message }) => message)).toEqual(['kept'])
  expect(cache.adoptRow(table.row(me)), 'behind').toBe(true)
  const page = table.sync(cache.get(table.id)?.position ?? { lastRev: 0, readRev: 0 }, 200)
  if (!('messages' in page)) throw new Error('It answers with changes.')
  cache.get(table.id)?.adoptPage(page)
  expect(cache.get(table.id)?.messages.map(({ message }) => message)).toEqual(['kept', 'missed'])
  expect(cache.get(table.id)?.room.unread).toBe(2)

  expect(cache.restore(kept), 'older than what is known').toBe(false)
  expect(cache.get(table.id)?.snapshot).toMatchObject({ room: { lastRev: 2 }, messages: [{ seq: 1 }, { seq: 2 }] })
})

test('what was kept is shown also while the snapshot is on its way, and with what was heard of the room already', () => {
  const table = new TableRoom([me, 'ada'])
  table.send('ada', 'kept')
  const kept = table.snapshot(me, newest)
  const cache = new RoomCache(me)
  cache.beginLoad(table.id, false)
  cache.receive(table.send('ada', 'heard'))
  cache.restore(kept)
  expect(cache.get(table.id)?.messages.map(({ message }) => message)).toEqual(['kept', 'heard'])
  cache.adoptSnapshot(kept)
  expect(cache.get(table.id)?.messages.map(({ message }) => message)).toEqual(['kept', 'heard'])
})

test('a room of which something is on its way is not to be kept as it is', () => {
  const table = new TableRoom([me, 'ada'])
  table.send('ada')
  const cache = new RoomCache(me)
  cache.adoptRow(table.row(me))
  expect(cache.get(table.id)?.snapshot, 'not loaded').toBeUndefined()
})
