import { limits } from '@/contracts/limits'
import type { SearchPage } from '@/contracts/search'
import { searchWords } from '@/contracts/searchWords'
import type { SearchIndex, SearchQuery, SearchRepository } from '@/services/chat/ports'
import type { Database } from '../database'
import { isUnavailable, sqlState } from '../errors'
import { Prisma } from '../generated/client'
import { decodeCursor, encodeCursor } from './cursor'
import { HIDDEN_KIND, type RoomRow, roomsOfMember, toRoom } from './roomViews'
import { type MessageRow, messageColumns, toChatMessage } from './rows'

/** Any number; whoever holds this lock writes words down. */
const LOCK = 72_707_371
/** Messages whose words one statement writes down. */
const MESSAGES_AT_ONCE = 500
/** And characters in them: some 50 ms, for which an edit of one of them may have to wait. */
const CHARACTERS_AT_ONCE = 20_000
/** Of each room at least, so that one with a million keeps no other waiting. */
const LEAST_PER_ROOM = 5
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

  async advance(roomIds: readonly string[]): Promise<{ unfinished: string[]; hasMoreEdits: boolean } | null> {
    const edited = await this.asMuchAsGoes(writeEdited)
    if (edited === null) return null
    if (roomIds.length === 0) return { unfinished: [], hasMoreEdits: edited > 0 }
    if ((await this.asMuchAsGoes((db, batch) => writeNew(db, roomIds, batch))) === null) return null
    const unfinished = await this.db.rows<{ id: string }>(Prisma.sql`
      SELECT r.id FROM unnest(${roomIds}::text[]) AS wanted(id)
      CROSS JOIN LATERAL (SELECT id, kind, last_seq FROM rooms WHERE id = wanted.id LIMIT 1) r
      LEFT JOIN LATERAL (SELECT seq FROM search_positions WHERE room_id = r.id LIMIT 1) p ON true
      WHERE r.kind <> ${HIDDEN_KIND} AND r.last_seq > coalesce(p.seq, 0)`)
    return { unfinished: unfinished.map(({ id }) => id), hasMoreEdits: edited > 0 }
  }

  /**
   * Of what the database refuses to write, or not in time, half as much is tried; of a single message nothing is written
   * then, so that it does not keep all others waiting. Resolves to how many messages it were; null: another's turn.
   */
  private async asMuchAsGoes(
    write: (db: Database, batch: Batch) => Promise<number | null>,
    batch: Batch = { most: MESSAGES_AT_ONCE, wordsOf: searchWords },
  ): Promise<number | null> {
    try {
      return await write(this.db, batch)
    } catch (error) {
      if (!isOfTheWords(error) || batch.wordsOf === noWords) throw error
      const { most } = batch
      return this.asMuchAsGoes(write, most > 1 ? { ...batch, most: Math.floor(most / 2) } : { most, wordsOf: noWords })
    }
  }

  async behind(after: string): Promise<{ roomIds: string[]; last: string | null }> {
    const rows = await this.db.rows<{ id: string; is_behind: boolean }>(Prisma.sql`
      SELECT r.id, r.kind <> ${HIDDEN_KIND} AND r.last_seq > coalesce(p.seq, 0) AS is_behind
      FROM (SELECT id, kind, last_seq FROM rooms WHERE id > ${after} ORDER BY id LIMIT ${ROOMS_AT_ONCE}) r
      LEFT JOIN LATERAL (SELECT seq FROM search_positions WHERE room_id = r.id LIMIT 1) p ON true
      ORDER BY r.id`)
    return {
      roomIds: rows.flatMap(({ id, is_behind }) => (is_behind ? [id] : [])),
      last: rows.length < ROOMS_AT_ONCE ? null : (rows.at(-1)?.id ?? null),
    }
  }
}

interface Batch {
  /** Messages. */
  most: number
  wordsOf(text: string): string[]
}

const noWords = (): string[] => []

/** What was to be written is too much, or cannot be; not: the database is away, or somebody else was first. */
const isOfTheWords = (error: unknown): boolean => {
  const state = sqlState(error)
  return state === '57014' || (state !== undefined && !state.startsWith('40') && !isUnavailable(error))
}

interface TextRow {
  id: string
  room_id: string
  created_at: Date
  seq: number
  rev: number
  message: string
  is_system: boolean
}

const textColumns = Prisma.sql`m.id, m.room_id, m.created_at, m.seq, m.rev, m.message, m.system IS NOT NULL AS is_system`

const columnsOf = (rows: readonly TextRow[], { wordsOf }: Batch) => ({
  ids: rows.map(({ id }) => id),
  revs: rows.map(({ rev }) => rev),
  words: rows.map(({ message, is_system }) => (is_system ? '' : wordsOf(message).join(' '))),
})

/** The words of a text, as `words` holds them: those that `words` gives, apart from each other by spaces. */
const vectorOf = (room: Prisma.Sql, words: Prisma.Sql) => Prisma.sql`
  array_to_tsvector(ARRAY(SELECT search_mark(${room}) || word FROM string_to_table(${words}, ' ') AS word WHERE word <> ''))`

/** Of these messages in this order as many as one statement writes: one at least. */
const asManyAsFit = (texts: Prisma.Sql, order: Prisma.Sql, { most }: Batch) => Prisma.sql`
  SELECT * FROM (
    SELECT t.*, sum(length(t.message)) OVER (ORDER BY ${order} ROWS UNBOUNDED PRECEDING) - length(t.message) AS characters_before
    FROM (${texts}) t
    ORDER BY ${order} LIMIT ${most}
  ) n
  WHERE characters_before < ${CHARACTERS_AT_ONCE}`

/** Carries these parts of a WITH out, as far as they say `isMyTurn`; resolves to whether it was. */
async function writeInTurn(db: Database, writes: Prisma.Sql): Promise<boolean> {
  const [turn] = await db.rows<{ is_mine: boolean }>(Prisma.sql`
    WITH turn AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(${LOCK}) AS is_mine), ${writes}
    SELECT is_mine FROM turn`)
  return turn?.is_mine ?? false
}

const isMyTurn = Prisma.sql`(SELECT is_mine FROM turn)`

/** Resolves to how many it were; null: another's turn. */
async function writeEdited(db: Database, batch: Batch): Promise<number | null> {
  const edited = Prisma.sql`
    SELECT ${textColumns}
    FROM (SELECT message_id FROM message_search WHERE words IS NULL ORDER BY message_id LIMIT ${batch.most}) s
    CROSS JOIN LATERAL (SELECT * FROM messages WHERE id = s.message_id LIMIT 1) m`
  const rows = await db.rows<TextRow>(asManyAsFit(edited, Prisma.sql`t.id`, batch))
  if (rows.length === 0) return 0
  const { ids, revs, words } = columnsOf(rows, batch)
  // Edited again meanwhile: then it is of an older text, and its turn comes again.
  const isDone = await writeInTurn(
    db,
    Prisma.sql`written AS (
      UPDATE message_search s SET words = ${vectorOf(Prisma.sql`s.room_id`, Prisma.sql`e.words`)}
      FROM unnest(${ids}::text[], ${revs}::int[], ${words}::text[]) AS e(id, rev, words)
      WHERE ${isMyTurn} AND s.message_id = ANY (ARRAY[e.id]) AND s.rev <= e.rev AND s.words IS NULL
    )`,
  )
  return isDone ? rows.length : null
}

/** Likewise. */
async function writeNew(db: Database, roomIds: readonly string[], batch: Batch): Promise<number | null> {
  const share = Math.max(LEAST_PER_ROOM, Math.ceil(batch.most / roomIds.length))
  const missing = Prisma.sql`
    SELECT ${textColumns}, m.seq - coalesce(p.seq, 0) AS turn, wanted.place
    FROM unnest(${roomIds}::text[]) WITH ORDINALITY AS wanted(id, place)
    CROSS JOIN LATERAL (SELECT id FROM rooms WHERE id = wanted.id AND kind <> ${HIDDEN_KIND} LIMIT 1) r
    LEFT JOIN LATERAL (SELECT seq FROM search_positions WHERE room_id = r.id LIMIT 1) p ON true
    CROSS JOIN LATERAL (
      SELECT * FROM messages WHERE room_id = r.id AND seq > coalesce(p.seq, 0) ORDER BY seq LIMIT ${share}
    ) m`
  // The first of each room, then the second of each.
  const rows = await db.rows<TextRow>(asManyAsFit(missing, Prisma.sql`t.turn, t.place`, batch))
  if (rows.length === 0) return 0
  const { ids, revs, words } = columnsOf(rows, batch)
  const positions = new Map<string, number>()
  for (const { room_id, seq } of rows) positions.set(room_id, Math.max(seq, positions.get(room_id) ?? 0))
  // One that was edited or deleted meanwhile has a row already, which says so. Both at once: whoever edits one of these
  // messages at this moment waits for the end of it.
  const isDone = await writeInTurn(
    db,
    Prisma.sql`written AS (
      INSERT INTO message_search (message_id, room_id, created_at, rev, words)
      SELECT n.id, n.room_id, n.created_at, n.rev, ${vectorOf(Prisma.sql`n.room_id`, Prisma.sql`n.words`)}
      FROM unnest(
        ${ids}::text[], ${rows.map((row) => row.room_id)}::text[], ${rows.map((row) => row.created_at)}::timestamptz[],
        ${revs}::int[], ${words}::text[]
      ) AS n(id, room_id, created_at, rev, words)
      WHERE ${isMyTurn}
      ON CONFLICT (message_id) DO NOTHING
    ), placed AS (
      INSERT INTO search_positions (room_id, seq)
      SELECT * FROM unnest(${[...positions.keys()]}::text[], ${[...positions.values()]}::int[])
      WHERE ${isMyTurn}
      ON CONFLICT (room_id) DO UPDATE SET seq = greatest(search_positions.seq, EXCLUDED.seq)
    )`,
  )
  return isDone ? rows.length : null
}
