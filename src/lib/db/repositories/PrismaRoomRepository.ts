import { randomUUID } from 'node:crypto'
import type { MessagesRead, Room, RoomData, RoomsPage } from '@/contracts/chat'
import { limits } from '@/contracts/limits'
import type { DirectRoom, HeadsQuery, RoomMember, RoomRepository, UserHeads } from '@/services/chat/ports'
import type { Announcing } from '../Announcing'
import type { Database } from '../database'
import { sqlState } from '../errors'
import { Prisma } from '../generated/client'
import { decodeCursor, decodeHeadsCursor, encodeCursor, encodeHeadsCursor, type HeadsPlace } from './cursor'
import { type MessageRow, toChatMessage } from './rows'
import { maySeePresence, tellingRoom } from './tellingRoom'

interface RoomRow {
  room_id: string
  kind: 'direct' | 'group'
  room_name: string | null
  partner_id: string | null
  last_seq: number
  last_rev: number
  read_rev: number
  last_read_seq: number
  own_unread: number
  updated_at: Date
  last_message: MessageColumns | null
}

/** A message as `to_jsonb` writes it: like a row, with times as text. */
type MessageColumns = Omit<MessageRow, 'created_at' | 'edited_at' | 'deleted_at'> & {
  created_at: string
  edited_at: string | null
  deleted_at: string | null
}

interface ParticipantRow {
  id: string
  name: string
  avatar_image: string | null
  last_read_seq: number
  last_seen: Date
  is_hidden: boolean
}

/** A canary's room is shown to nobody (see PrismaCanaryRooms). */
const HIDDEN_KIND = 'canary'

/**
 * Rooms as one member sees them: `which` is a condition on `p` (their participation) and `r` (the room), with an order and a
 * limit if there is one. What a room shows besides is looked up for those alone that come of it, each by its key.
 */
const roomsOfMember = (which: Prisma.Sql): Prisma.Sql => Prisma.sql`
  SELECT mine.*, coalesce(other.name, mine.name) AS room_name, other.id AS partner_id, to_jsonb(m) AS last_message
  FROM (
    SELECT p.room_id, p.user_id, p.last_read_seq, p.own_unread, r.*
    FROM participants p
    CROSS JOIN LATERAL (
      SELECT kind, name, last_seq, last_rev, read_rev, updated_at FROM rooms
      WHERE id = p.room_id AND kind <> ${HIDDEN_KIND} LIMIT 1
    ) r
    WHERE ${which}
  ) mine
  LEFT JOIN LATERAL (SELECT * FROM messages WHERE room_id = mine.room_id AND seq = mine.last_seq LIMIT 1) m ON true
  LEFT JOIN LATERAL (
    SELECT u.id, u.name FROM participants q JOIN users u ON u.id = q.user_id
    WHERE mine.kind = 'direct' AND q.room_id = mine.room_id AND q.user_id <> mine.user_id
  ) other ON true
  ORDER BY mine.updated_at DESC, mine.room_id DESC`

export class PrismaRoomRepository implements RoomRepository {
  /** @param announcing - how its transactions say what they change. */
  constructor(
    private readonly db: Database,
    private readonly announcing: Announcing,
  ) {}

  async getOrCreateDirect(userId: string, participantId: string): Promise<DirectRoom | 'nobody' | 'removed'> {
    try {
      const [row] = await this.announcing.transaction(
        (origin) => this.db.prisma.$queryRaw<{ room_id: string; created: boolean }[]>`
          SELECT * FROM get_or_create_direct_room(${randomUUID()}, ${userId}, ${participantId}, ${origin})`,
      )
      return row ? { roomId: row.room_id, created: row.created } : 'removed'
    } catch (error) {
      if (sqlState(error) === '23503') return 'nobody'
      throw error
    }
  }

  async load(userId: string, roomId: string): Promise<(RoomData & { participants: RoomMember[] }) | null> {
    // The room first: what is read after it can only be newer than its counters, and catch-up applies the rest.
    const [row] = await this.db.prisma.$queryRaw<RoomRow[]>(
      roomsOfMember(Prisma.sql`p.room_id = ${roomId} AND p.user_id = ${userId}`),
    )
    if (!row) return null
    const [messages, participants] = await Promise.all([
      this.db.prisma.$queryRaw<MessageRow[]>`
        SELECT * FROM messages WHERE room_id = ${roomId} AND seq <= ${row.last_seq}
        ORDER BY seq DESC LIMIT ${limits.snapshotMessages}`,
      this.participants(userId, roomId),
    ])
    return { room: toRoom(row), messages: messages.reverse().map(toChatMessage), participants }
  }

  async participants(userId: string, roomId: string): Promise<RoomMember[]> {
    const rows = await this.db.prisma.$queryRaw<ParticipantRow[]>`
      SELECT u.id, u.name, u.avatar_image, p.last_read_seq, u.last_seen,
        u.id <> me.user_id AND (
          NOT ${maySeePresence('reader')}
          OR r.kind = 'direct' AND NOT (me.has_written AND p.has_written)
            AND NOT EXISTS (${tellingRoom(userId, Prisma.sql`u.id`)})
        ) AS is_hidden
      FROM participants me
      JOIN users reader ON reader.id = me.user_id
      JOIN rooms r ON r.id = me.room_id
      JOIN participants p ON p.room_id = me.room_id
      JOIN users u ON u.id = p.user_id
      WHERE me.room_id = ${roomId} AND me.user_id = ${userId} ORDER BY p.joined_at, u.id`
    return rows.map(toMember)
  }

  async list(userId: string, cursor: string | undefined): Promise<RoomsPage> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor)
    const rows = await this.db.prisma.$queryRaw<RoomRow[]>(
      roomsOfMember(Prisma.sql`p.user_id = ${userId}
        ${after ? Prisma.sql`AND (r.updated_at, p.room_id) < (${after.time}::timestamptz, ${after.id})` : Prisma.empty}
        ORDER BY r.updated_at DESC, p.room_id DESC LIMIT ${limits.roomsPage + 1}`),
    )
    const page = rows.slice(0, limits.roomsPage)
    const last = page.at(-1)
    const nextCursor = rows.length > page.length && last ? encodeCursor(last.updated_at, last.room_id) : null
    return { rooms: page.map(toRoom), nextCursor }
  }

  async roomIdsOf(userId: string, among?: readonly string[]): Promise<string[]> {
    const rows = await this.db.prisma.$queryRaw<{ room_id: string }[]>`
      SELECT p.room_id FROM participants p
      CROSS JOIN LATERAL (SELECT FROM rooms WHERE id = p.room_id AND kind <> ${HIDDEN_KIND} LIMIT 1) r
      WHERE p.user_id = ${userId} ${among ? Prisma.sql`AND p.room_id = ANY (${[...among]}::text[])` : Prisma.empty}`
    return rows.map((row) => row.room_id)
  }

  async markRead(
    userId: string,
    roomId: string,
    upToSeq: number | undefined,
  ): Promise<{ read: MessagesRead; changed: boolean } | null> {
    const [row] = await this.announcing.carriedTransaction(
      (origin) => this.db.prisma.$queryRaw<{ changed: boolean; count: number; last_read_seq: number }[]>`
        SELECT * FROM mark_messages_read(${roomId}, ${userId}, ${upToSeq ?? null}::int, ${origin})`,
    )
    if (!row) return null
    return { read: { roomId, userId, count: row.count, lastReadSeq: row.last_read_seq }, changed: row.changed }
  }

  async removeParticipant(roomId: string, userId: string): Promise<boolean> {
    const [row] = await this.announcing.transaction(
      (origin) => this.db.prisma.$queryRaw<{ removed: boolean }[]>`
        SELECT remove_participant(${roomId}, ${userId}, ${origin}) AS removed`,
    )
    return row?.removed ?? false
  }

  async heads(userId: string, query: HeadsQuery): Promise<UserHeads> {
    const { page, since } = query === 'none' ? {} : query
    const before = typeof page === 'object' ? decodeHeadsCursor(page.cursor) : undefined
    const limit = page === undefined ? undefined : limits.headsPage
    const heads = query === 'none' ? Prisma.sql`NULL` : headsOf(userId, before ?? { since }, limit)
    const [row] = await this.db.prisma.$queryRaw<
      { as_of: Date; version: number; unread: number; heads: [id: string, lastRev: number, readRev: number][] | null }[]
    >`
      SELECT now() AS as_of, notification_version AS version, notification_unread AS unread, ${heads} AS heads
      FROM users WHERE id = ${userId}`
    const found = row?.heads ?? []
    const rooms = found.slice(0, limit)
    const last = rooms.at(-1)
    const asOf = before?.asOf ?? row?.as_of ?? new Date(0)
    return {
      asOf,
      rooms: Object.fromEntries(rooms.map(([id, lastRev, readRev]) => [id, { lastRev, readRev }])),
      notifications: { version: row?.version ?? 0, unread: row?.unread ?? 0 },
      ...(last && found.length > rooms.length
        ? { nextCursor: encodeHeadsCursor({ asOf, since: before ? before.since : since, roomId: last[0] }) }
        : {}),
    }
  }
}

/**
 * The heads as a JSON array in the order of room ids, one more than `limit` if there are more. A room's id never changes
 * and `changed_at` only rises: whatever changes while pages are read, each room that had changed is on exactly one of them.
 * Each room is looked up by its key: joined otherwise, a page of 500 read 18,000 rooms of others.
 */
const headsOf = (userId: string, { since, roomId }: Partial<HeadsPlace>, limit: number | undefined): Prisma.Sql =>
  Prisma.sql`(
    SELECT json_agg(json_build_array(head.room_id, head.last_rev, head.read_rev) ORDER BY head.room_id) FROM (
      SELECT p.room_id, r.last_rev, r.read_rev
      FROM (
        SELECT room_id FROM participants
        WHERE user_id = ${userId} ${roomId === undefined ? Prisma.empty : Prisma.sql`AND room_id > ${roomId}`}
        ORDER BY room_id
      ) p
      CROSS JOIN LATERAL (
        SELECT last_rev, read_rev FROM rooms
        WHERE id = p.room_id AND kind <> ${HIDDEN_KIND}
        ${since ? Prisma.sql`AND changed_at > ${since}::timestamptz` : Prisma.empty}
        LIMIT 1
      ) r
      ${limit === undefined ? Prisma.empty : Prisma.sql`ORDER BY p.room_id LIMIT ${limit + 1}`}
    ) head
  )`

const toRoom = (row: RoomRow): Room => ({
  id: row.room_id,
  kind: row.kind,
  ...(row.room_name === null ? {} : { name: row.room_name }),
  ...(row.partner_id === null ? {} : { partnerId: row.partner_id }),
  lastSeq: row.last_seq,
  lastRev: row.last_rev,
  readRev: row.read_rev,
  lastReadSeq: row.last_read_seq,
  unread: row.last_seq - row.last_read_seq - row.own_unread,
  ...(row.last_message ? { lastMessage: toChatMessage(withDates(row.last_message)) } : {}),
  updatedAt: row.updated_at.toISOString(),
})

const withDates = (row: MessageColumns): MessageRow => ({
  ...row,
  created_at: new Date(row.created_at),
  edited_at: row.edited_at === null ? null : new Date(row.edited_at),
  deleted_at: row.deleted_at === null ? null : new Date(row.deleted_at),
})

/** `isOnline` is the presence service's to say. */
const toMember = (row: ParticipantRow): RoomMember => ({
  id: row.id,
  name: row.name,
  ...(row.avatar_image === null ? {} : { avatarImage: row.avatar_image }),
  lastReadSeq: row.last_read_seq,
  isOnline: false,
  lastSeen: row.last_seen.toISOString(),
  isHidden: row.is_hidden,
})
