import { limits } from '@/contracts/limits'
import type { SearchPage } from '@/contracts/search'
import { searchWords } from '@/contracts/searchWords'
import type { SearchIndex, SearchQuery, SearchRepository } from '@/services/chat/ports'
import type { Database, Queries } from '../database'
import { Prisma } from '../generated/client'
import { decodeCursor, encodeCursor } from './cursor'
import { HIDDEN_KIND, type RoomRow, roomsOfMember, toRoom } from './roomViews'
import { type MessageRow, messageColumns, toChatMessage } from './rows'

/** Any number; whoever holds this lock writes words down. */
const LOCK = 72_707_371
/** Messages whose words one transaction writes down. */
const MESSAGES_AT_ONCE = 500
/** Rooms that one look for what is missing goes through. */
const ROOMS_AT_ONCE = 2_000

/** A tsquery in which % stands for the mark of a room. */
const patternOf = (words: readonly string[]): string => `${words.map((word) => `'%${word}'`).join(' & ')}:*`

export class PrismaSearch implements SearchRepository, SearchIndex {
  constructor(private readonly db: Database) {}

  async find(userId: string, { words, roomId, cursor }: SearchQuery): Promise<SearchPage> {
    const before = cursor === undefined ? { time: null, id: '' } : decodeCursor(cursor)
    const found = await this.db.prisma.$queryRaw<(MessageRow & { sender_name: string })[]>`
      SELECT m.*, u.name AS sender_name FROM search_messages(
        ${userId}, ${roomId ?? null}, ${patternOf(words)}, coalesce(${before.time}::timestamptz, 'infinity'), ${before.id},
        ${limits.searchPage + 1}::int
      ) WITH ORDINALITY AS hit(id, place)
      CROSS JOIN LATERAL (SELECT ${messageColumns} FROM messages WHERE id = hit.id LIMIT 1) m
      CROSS JOIN LATERAL (SELECT name FROM users WHERE id = m.sender_id LIMIT 1) u
      ORDER BY hit.place`
    const page = found.slice(0, limits.searchPage)
    const rooms = await this.roomsOf(userId, [...new Set(page.map((row) => row.room_id))])
    const last = page.at(-1)
    return {
      hits: page.flatMap((row) => {
        const room = rooms.get(row.room_id)
        // Deleted, or taken out of the room, at this very moment.
        if (!room || row.deleted_at !== null) return []
        return [{ message: toChatMessage(row), senderName: row.sender_name, room: toRoom(room) }]
      }),
      nextCursor: found.length > page.length && last ? encodeCursor(last.created_at, last.id) : null,
    }
  }

  private async roomsOf(userId: string, ids: string[]): Promise<Map<string, RoomRow>> {
    if (ids.length === 0) return new Map()
    const rows = await this.db.prisma.$queryRaw<RoomRow[]>(
      roomsOfMember(Prisma.sql`p.user_id = ${userId} AND p.room_id = ANY (${ids}::text[])`),
    )
    return new Map(rows.map((row) => [row.room_id, row]))
  }

  advance(roomIds: readonly string[]): Promise<{ unfinished: string[]; hasMoreEdits: boolean } | null> {
    return this.db.prisma.$transaction(async (transaction) => {
      const [turn] = await transaction.$queryRaw<{ mine: boolean }[]>`SELECT pg_try_advisory_xact_lock(${LOCK}) AS mine`
      if (!turn?.mine) return null
      const edited = await writeEdited(transaction)
      const unfinished = await writeNew(transaction, roomIds)
      return { unfinished, hasMoreEdits: edited === MESSAGES_AT_ONCE }
    })
  }

  async behind(after: string): Promise<{ roomIds: string[]; last: string | null }> {
    const rows = await this.db.prisma.$queryRaw<{ id: string; is_behind: boolean }[]>`
      SELECT r.id, r.kind <> ${HIDDEN_KIND} AND r.last_seq > coalesce(p.seq, 0) AS is_behind
      FROM (SELECT id, kind, last_seq FROM rooms WHERE id > ${after} ORDER BY id LIMIT ${ROOMS_AT_ONCE}) r
      LEFT JOIN LATERAL (SELECT seq FROM search_positions WHERE room_id = r.id LIMIT 1) p ON true
      ORDER BY r.id`
    return {
      roomIds: rows.flatMap(({ id, is_behind }) => (is_behind ? [id] : [])),
      last: rows.length < ROOMS_AT_ONCE ? null : (rows.at(-1)?.id ?? null),
    }
  }
}

interface TextRow {
  id: string
  room_id: string
  seq: number
  rev: number
  message: string
  is_system: boolean
}

const columnsOf = (rows: readonly TextRow[]) => ({
  ids: rows.map(({ id }) => id),
  revs: rows.map(({ rev }) => rev),
  words: rows.map(({ message, is_system }) => (is_system ? '' : searchWords(message).join(' '))),
})

/** The words of a text, as `words` holds them: those that `words` gives, apart from each other by spaces. */
const vectorOf = (room: Prisma.Sql, words: Prisma.Sql) => Prisma.sql`
  array_to_tsvector(ARRAY(SELECT search_mark(${room}) || word FROM string_to_table(${words}, ' ') AS word WHERE word <> ''))`

/** Resolves to how many it were. */
async function writeEdited(queries: Queries): Promise<number> {
  const rows = await queries.$queryRaw<TextRow[]>`
    SELECT m.id, m.room_id, m.seq, m.rev, m.message, m.system IS NOT NULL AS is_system
    FROM (SELECT message_id FROM message_search WHERE words IS NULL ORDER BY message_id LIMIT ${MESSAGES_AT_ONCE}) s
    CROSS JOIN LATERAL (SELECT * FROM messages WHERE id = s.message_id LIMIT 1) m`
  if (rows.length === 0) return 0
  const { ids, revs, words } = columnsOf(rows)
  // Edited again meanwhile: then it is of an older text, and its turn comes again.
  await queries.$executeRaw`
    UPDATE message_search s SET words = ${vectorOf(Prisma.sql`s.room_id`, Prisma.sql`e.words`)}
    FROM unnest(${ids}::text[], ${revs}::int[], ${words}::text[]) AS e(id, rev, words)
    WHERE s.message_id = ANY (ARRAY[e.id]) AND s.rev <= e.rev AND s.words IS NULL`
  return rows.length
}

/** Resolves to the rooms of which there may be more. */
async function writeNew(queries: Queries, roomIds: readonly string[]): Promise<string[]> {
  if (roomIds.length === 0) return []
  const rows = await queries.$queryRaw<TextRow[]>`
    SELECT m.id, m.room_id, m.seq, m.rev, m.message, m.system IS NOT NULL AS is_system
    FROM unnest(${roomIds}::text[]) AS wanted(id)
    CROSS JOIN LATERAL (SELECT id FROM rooms WHERE id = wanted.id AND kind <> ${HIDDEN_KIND} LIMIT 1) r
    LEFT JOIN LATERAL (SELECT seq FROM search_positions WHERE room_id = r.id LIMIT 1) p ON true
    CROSS JOIN LATERAL (
      SELECT * FROM messages WHERE room_id = r.id AND seq > coalesce(p.seq, 0) ORDER BY seq LIMIT ${MESSAGES_AT_ONCE}
    ) m
    LIMIT ${MESSAGES_AT_ONCE}`
  if (rows.length === 0) return []
  const { ids, revs, words } = columnsOf(rows)
  // One that was edited or deleted meanwhile has a row already, which says so.
  await queries.$executeRaw`
    INSERT INTO message_search (message_id, room_id, created_at, rev, words)
    SELECT m.id, m.room_id, m.created_at, n.rev, ${vectorOf(Prisma.sql`m.room_id`, Prisma.sql`n.words`)}
    FROM unnest(${ids}::text[], ${revs}::int[], ${words}::text[]) AS n(id, rev, words)
    CROSS JOIN LATERAL (SELECT id, room_id, created_at FROM messages WHERE id = n.id LIMIT 1) m
    ON CONFLICT (message_id) DO NOTHING`
  const positions = new Map(rows.map(({ room_id, seq }) => [room_id, seq]))
  await queries.$executeRaw`
    INSERT INTO search_positions (room_id, seq)
    SELECT * FROM unnest(${[...positions.keys()]}::text[], ${[...positions.values()]}::int[])
    ON CONFLICT (room_id) DO UPDATE SET seq = greatest(search_positions.seq, EXCLUDED.seq)`
  // What came to its bound may have stopped before the last rooms, or within one.
  return rows.length < MESSAGES_AT_ONCE ? [] : [...roomIds]
}
