import { limits } from '@/contracts/limits'
import type { HeadsQuery, RoomRepository, UserHeads } from '@/services/chat/ports'
import type { Database } from '../database'
import { Prisma } from '../generated/client'
import { decodeHeadsCursor, encodeHeadsCursor, type HeadsPlace } from './cursor'
import { HIDDEN_KIND } from './roomViews'
import { sharedStatement } from './sharedStatement'

type Head = [id: string, ...([lastRev: number, readRev: number] | [null, null])]

interface HeadsRow {
  as_of: Date
  version: number
  unread: number
  /** Null in place of its numbers: a room that is not shown. */
  heads: Head[] | null
  gone: string[] | null
}

type PingRow = [
  ord: number,
  asOf: Date,
  version: number,
  unread: number,
  heads: HeadsRow['heads'],
  gone: string[] | null,
]

/** What every page asks twice a minute: the counters, and the first page of the rooms that changed since; undefined: no rooms. */
interface Ping {
  userId: string
  since: Date | undefined
}

/** Pings that come while others are answered share one statement; whatever else is asked has its own. */
export function createHeads(db: Pick<Database, 'prepared' | 'rows'>): RoomRepository['heads'] {
  const ping = sharedStatement(
    (pings: readonly Ping[]) => readPings(db, pings),
    ({ userId }) => userId,
  )
  return async (userId, query) => {
    if (query === 'none') return await ping({ userId, since: undefined })
    const { page, since } = query
    if (page === 'first' && since) return await ping({ userId, since })
    return await readHeads(db, userId, query)
  }
}

async function readPings(db: Pick<Database, 'prepared'>, pings: readonly Ping[]): Promise<UserHeads[]> {
  const sinces = pings.map(({ since }) => since ?? null)
  // Who asks for no rooms has an id there that nobody has.
  const ofRooms = pings.map(({ userId, since }) => (since ? userId : null))
  const [user, since] = [Prisma.sql`ping.of_rooms`, Prisma.sql`ping.since`]
  const { text, values } = Prisma.sql`
    SELECT ping.ord::int, ${counters},
      ${headsOf(user, since, undefined, limits.headsPage)} AS heads, ${goneSince(user, since)} AS gone
    FROM unnest(${pings.map(({ userId }) => userId)}::text[], ${ofRooms}::text[], ${sinces}::timestamptz[])
      WITH ORDINALITY AS ping(user_id, of_rooms, since, ord)
    CROSS JOIN LATERAL (SELECT * FROM users WHERE id = ping.user_id LIMIT 1) u`
  const rows = await db.prepared<PingRow>('pings', text, values)
  const found = new Map(
    rows.map(([ord, as_of, version, unread, heads, gone]) => [ord, { as_of, version, unread, heads, gone }]),
  )
  return pings.map(({ since }, index) => toHeads(found.get(index + 1), { since, limit: limits.headsPage }))
}

async function readHeads(
  db: Pick<Database, 'rows'>,
  userId: string,
  { page, since: sinceWhen }: Exclude<HeadsQuery, 'none'>,
): Promise<UserHeads> {
  const before = typeof page === 'object' ? decodeHeadsCursor(page.cursor) : undefined
  const [since, limit] = [before ? before.since : sinceWhen, page === undefined ? undefined : limits.headsPage]
  const [user, time] = [Prisma.sql`${userId}`, since && Prisma.sql`${since}::timestamptz`]
  const gone = time === undefined || before ? Prisma.sql`NULL` : goneSince(user, time)
  const [row] = await db.rows<HeadsRow>(Prisma.sql`
    SELECT ${counters}, ${headsOf(user, time, before?.roomId, limit)} AS heads, ${gone} AS gone
    FROM users u WHERE id = ${userId}`)
  return toHeads(row, { since, limit, asOf: before?.asOf })
}

/** @param at - what was asked: how far back, how many, and when the first page was. */
function toHeads(
  row: HeadsRow | undefined,
  at: { since: Date | undefined; limit: number | undefined; asOf?: Date | undefined },
): UserHeads {
  const found = row?.heads ?? []
  const rooms = found.slice(0, at.limit)
  const last = rooms.at(-1)
  const asOf = at.asOf ?? row?.as_of ?? new Date(0)
  return {
    asOf,
    rooms: Object.fromEntries(
      rooms.flatMap(([id, lastRev, readRev]) => (lastRev === null ? [] : [[id, { lastRev, readRev }]])),
    ),
    notifications: { version: row?.version ?? 0, unread: row?.unread ?? 0 },
    ...(row?.gone ? { gone: row.gone } : {}),
    ...(last && found.length > rooms.length
      ? { nextCursor: encodeHeadsCursor({ asOf, since: at.since, roomId: last[0] }) }
      : {}),
  }
}

const counters = Prisma.sql`now() AS as_of, u.notification_version AS version, u.notification_unread AS unread`

/**
 * The heads as a JSON array in the order of room ids, one more than `limit` if there are more. A room's id never changes
 * and `changed_at` only rises: whatever changes while pages are read, each room that had changed is on exactly one of them.
 * Each room is looked up by its key: joined otherwise, a page of 500 read 18,000 rooms of others. Where all are asked for, a
 * page reads no further than its own rooms; where those that changed are, it has to.
 */
function headsOf(
  user: Prisma.Sql,
  since: Prisma.Sql | undefined,
  after: HeadsPlace['roomId'] | undefined,
  limit: number | undefined,
): Prisma.Sql {
  const page = limit === undefined ? Prisma.empty : Prisma.sql`LIMIT ${limit + 1}`
  return Prisma.sql`(
    SELECT json_agg(json_build_array(head.room_id, head.last_rev, head.read_rev) ORDER BY head.room_id) FROM (
      SELECT p.room_id, r.last_rev, r.read_rev + p.own_rev AS read_rev
      FROM (
        SELECT room_id, own_rev, own_changed_at FROM participants
        WHERE user_id = ${user} ${after === undefined ? Prisma.empty : Prisma.sql`AND room_id > ${after}`}
        ORDER BY room_id ${since ? Prisma.empty : page}
      ) p
      ${since ? Prisma.empty : Prisma.sql`LEFT`} JOIN LATERAL (
        SELECT last_rev, read_rev FROM rooms
        WHERE id = p.room_id AND kind <> ${HIDDEN_KIND}
        ${since ? Prisma.sql`AND (changed_at > ${since} OR p.own_changed_at > ${since})` : Prisma.empty}
        LIMIT 1
      ) r ON true
      ORDER BY p.room_id ${page}
    ) head
  )`
}

/**
 * The rooms that this person left since, or was taken out of, and is not in again; null: there are none. `ORDER BY` decides for
 * the index that knows the time, which costs the same as the primary key while the table is small.
 */
const goneSince = (user: Prisma.Sql, since: Prisma.Sql): Prisma.Sql => Prisma.sql`(
    SELECT json_agg(d.room_id)
    FROM (SELECT room_id FROM room_departures WHERE user_id = ${user} AND left_at > ${since} ORDER BY left_at) d
    WHERE NOT EXISTS (SELECT 1 FROM participants WHERE room_id = d.room_id AND user_id = ${user})
  )`
