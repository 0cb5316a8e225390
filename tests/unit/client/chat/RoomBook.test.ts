import { expect, test } from 'vitest'
import { RoomBook } from '@/client/chat/RoomBook'
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
  const book = new RoomBook(me)
  book.beginLoad(table.id, false)
  return { book, table, versions, first, second }
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
          const { book, table, versions, first, second } = scene()
          const arrive = {
            snapshot: () => book.adoptSnapshot(versions[read].snapshot),
            'list row': () => book.adoptRow(versions[readOther].row),
            'room data': () => book.offerSnapshot(versions[readOther].snapshot),
            first: () => book.receive(first),
            second: () => book.receive(second),
          }

          for (const event of order) arrive[event]()

          const what = `${order.join(', ')}; snapshot of ${read}, ${other} of ${readOther}`
          expect(book.get(table.id)?.messages, what).toEqual(table.all())
        }
      }
    }
  },
)

test('a snapshot that a newer row has overtaken makes the room catch up, any other does not', () => {
  for (const read of revisions) {
    for (const readRow of revisions) {
      const { book, versions } = scene()
      book.adoptRow(versions[readRow].row)

      expect(book.adoptSnapshot(versions[read].snapshot)).toBe(read < readRow)
    }
  }
})

test('room data that nobody asked for is shown, but leaves a room alone whose snapshot is on its way', () => {
  const { book, table, versions } = scene()
  book.offerSnapshot(versions[2].snapshot)
  expect(book.get(table.id)?.isLoaded).toBe(false)

  book.remove(table.id)
  book.cancelLoad(table.id)
  book.offerSnapshot(versions[2].snapshot)

  expect(book.get(table.id)?.messages).toEqual(table.all())
})
