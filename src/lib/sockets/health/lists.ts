import type { z } from 'zod'
import type { ConnectionInfo, ConnectionsInput, RoomInfo, SocketRoomsInput } from '@/contracts/admin'
import { AppError } from '@/contracts/errors'

type ConnectionsQuestion = z.output<typeof ConnectionsInput>
type RoomsQuestion = z.output<typeof SocketRoomsInput>

/** Where a row stands in the asked order; ties are settled by the second value, which no two rows share. */
type Place = readonly [key: string | number, tie: string]

interface Order<Row> {
  place: (row: Row) => Place
  isDescending: boolean
}

/** The order `field` (ascending) or `-field` (descending). */
function orderOf<Row>(sort: string, tie: (row: Row) => string, key: (row: Row, field: string) => string | number) {
  const isDescending = sort.startsWith('-')
  const field = isDescending ? sort.slice(1) : sort
  return { isDescending, place: (row: Row): Place => [key(row, field), tie(row)] } satisfies Order<Row>
}

/**
 * How a list of connections is sorted; the newest first unless said. No two rows are equal, so that pages neither skip
 * nor repeat one.
 */
export const connectionOrder = (sort: ConnectionsQuestion['sort']): Order<ConnectionInfo> =>
  orderOf(
    sort ?? '-connectedAt',
    (row) => `${row.instance} ${row.id}`,
    (row, field) => {
      if (field === 'userName') return row.userName.toLowerCase()
      if (field === 'namespace') return row.namespace
      if (field === 'instance') return row.instance
      if (field === 'lastPingAt') return row.lastPingAt ?? ''
      return row.connectedAt
    },
  )

/** How a list of rooms is sorted; the largest first unless said. */
export const roomOrder = (sort: RoomsQuestion['sort']): Order<RoomInfo> =>
  orderOf(
    sort ?? '-size',
    (row) => `${row.name} ${row.namespace}`,
    (row, field) => (field === 'name' ? row.name : row.size),
  )

/** The first `limit` rows behind the cursor in that order, and the cursor of the next page. */
export function pageOf<Row>(
  rows: readonly Row[],
  order: Order<Row>,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): { rows: Row[]; nextCursor: string | null } {
  const sign = order.isDescending ? -1 : 1
  const compare = (a: Place, b: Place) => sign * (comparePart(a[0], b[0]) || comparePart(a[1], b[1]))
  const after = cursor === undefined ? undefined : decodePlace(cursor)
  const placed = rows.map((row) => ({ row, place: order.place(row) }))
  const rest = after ? placed.filter(({ place }) => compare(place, after) > 0) : placed
  const page = rest.sort((a, b) => compare(a.place, b.place)).slice(0, limit)
  const last = page.at(-1)
  const nextCursor = last && rest.length > page.length ? encodePlace(last.place) : null
  return { rows: page.map(({ row }) => row), nextCursor }
}

const comparePart = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0)

const encodePlace = (place: Place): string => Buffer.from(JSON.stringify(place)).toString('base64url')

/** @throws AppError BAD_REQUEST */
function decodePlace(cursor: string): Place {
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Array.isArray(place) && ['string', 'number'].includes(typeof place[0]) && typeof place[1] === 'string') {
      return [place[0], place[1]]
    }
  } catch {
    // Said below.
  }
  throw new AppError('BAD_REQUEST', { message: 'This cursor is not one of ours: use nextCursor of the page before.' })
}

/** Whether any of these texts contains the query, whatever its case. */
export const matches = (query: string | undefined, ...texts: string[]): boolean => {
  const wanted = query?.trim().toLowerCase()
  return !wanted || texts.some((text) => text.toLowerCase().includes(wanted))
}
