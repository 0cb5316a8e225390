import { randomUUID } from 'node:crypto'
import type { ChatMessage, RoomData, RoomsPage } from '@/contracts/chat'
import { limits } from '@/contracts/limits'
import type {
  Barred,
  DirectRoom,
  HeadsQuery,
  ReadOutcome,
  RoomMember,
  RoomRepository,
  UserHeads,
} from '@/services/chat/ports'
import type { Announcing } from '../Announcing'
import type { Database } from '../database'
import { sqlState } from '../errors'
import { Prisma } from '../generated/client'
import { decodeCursor, decodeHeadsCursor, encodeCursor, encodeHeadsCursor, type HeadsPlace } from './cursor'
import {
  HIDDEN_KIND,
  membersOf,
  type ParticipantRow,
  type RoomRow,
  roomsOfMember,
  shownMembers,
  toMember,
  toRoom,
} from './roomViews'
import { type MessageRow, messageColumns, toChatMessage } from './rows'
import { maySeePresence } from './tellingRoom'

type DirectRoomRow =
  | { room_id: string; created: boolean; barred: null }
  | { room_id: null; created: false; barred: Barred }

interface HeadsRow {
  as_of: Date
  version: number
  unread: number
  /** Null in place of its numbers: a room that is not shown. */
  heads: [id: string, ...([lastRev: number, readRev: number] | [null, null])][] | null
  gone: string[] | null
}

export class PrismaRoomRepository implements RoomRepository {
  /** @param announcing - how its transactions say what they change. */
  constructor(
    private readonly db: Database,
    private readonly announcing: Announcing,
  ) {}

  async getOrCreateDirect(userId: string, participantId: string): Promise<DirectRoom | 'nobody' | 'removed' | Barred> {
    try {
      const [row] = await this.announcing.transaction(
        (origin) => this.db.prisma.$queryRaw<DirectRoomRow[]>`
          SELECT * FROM get_or_create_direct_room(${randomUUID()}, ${userId}, ${participantId}, ${origin})`,
      )
      if (row === undefined) return 'removed'
      return row.barred ?? { roomId: row.room_id, created: row.created }
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
      newestMessages(this.db, row),
      this.participants(userId, roomId),
    ])
    return { room: toRoom(row), messages, participants }
  }

  async loadFor(
    roomId: string,
    userIds: readonly string[],
  ): Promise<Map<string, RoomData & { participants: RoomMember[] }>> {
    const rows = await this.db.prisma.$queryRaw<RoomRow[]>(
      roomsOfMember(Prisma.sql`p.room_id = ${roomId} AND p.user_id = ANY (${[...userIds]}::text[])`),
    )
    const [first] = rows
    if (!first) return new Map()
    if (first.kind === 'direct') {
      const views = await Promise.all(
        rows.map(async ({ user_id }) => [user_id, await this.load(user_id, roomId)] as const),
      )
      return new Map(views.flatMap(([userId, data]) => (data ? [[userId, data]] : [])))
    }
    // In a group all see the same people; one is oneself, and who may see presence sees it of all who have not blocked them.
    const ids = rows.map(({ user_id }) => user_id)
    const [messages, shown, own, seeing] = await Promise.all([
      newestMessages(this.db, first),
      this.participants(first.user_id, roomId),
      this.db.prisma.$queryRaw<ParticipantRow[]>(
        membersOf(first.user_id, roomId, Prisma.sql`AND q.user_id = ANY (${ids}::text[])`),
      ),
      this.db.prisma.$queryRaw<{ id: string }[]>`
        SELECT u.id FROM unnest(${ids}::text[]) AS x(id)
        CROSS JOIN LATERAL (SELECT id FROM users u WHERE u.id = x.id AND ${maySeePresence('u')} LIMIT 1) u`,
    ])
    const [owns, sees] = [new Map(own.map((row) => [row.id, toMember(row)])), new Set(seeing.map(({ id }) => id))]
    const blocks = await this.db.prisma.$queryRaw<{ blocker_id: string; blocked_id: string }[]>`
      SELECT blocker_id, blocked_id FROM user_blocks
      WHERE blocker_id = ANY (${shown.map(({ id }) => id)}::text[]) AND blocked_id = ANY (${ids}::text[])`
    const isBlocked = (id: string, by: string) =>
      blocks.some(({ blocker_id, blocked_id }) => blocker_id === by && blocked_id === id)
    return new Map(
      rows.flatMap((row) => {
        const me = owns.get(row.user_id)
        if (!me) return []
        const others = shown.filter(({ id }) => id !== me.id).slice(0, limits.participantsPage - 1)
        const participants = [
          { ...me, isHidden: false },
          ...others.map((member) => ({ ...member, isHidden: !sees.has(me.id) || isBlocked(me.id, member.id) })),
        ]
        return [[me.id, { room: toRoom(row), messages, participants }]]
      }),
    )
  }

  async participants(userId: string, roomId: string): Promise<RoomMember[]> {
    const rows = await this.db.prisma.$queryRaw<ParticipantRow[]>(membersOf(userId, roomId, shownMembers))
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
    const pinned = after ? [] : await this.pinnedRooms(userId, page)
    return { rooms: [...page, ...pinned].map(toRoom), nextCursor }
  }

  /** What stands first in the list of this person, however long ago it changed; without what is there already. */
  private pinnedRooms(userId: string, there: readonly RoomRow[]): Promise<RoomRow[]> {
    const ids = there.map(({ room_id }) => room_id)
    return this.db.prisma.$queryRaw<RoomRow[]>(
      roomsOfMember(Prisma.sql`p.user_id = ${userId} AND p.pinned_at IS NOT NULL AND p.room_id <> ALL (${ids}::text[])
        ORDER BY r.updated_at DESC, p.room_id DESC LIMIT ${limits.roomsPage}`),
    )
  }

  async membership(userId: string, roomId: string): Promise<{ size: number; barred: Barred | null } | null> {
    const [row] = await this.db.prisma.$queryRaw<{ size: number; barred: Barred | null }[]>`
      SELECT r.member_count AS size, p.barred FROM participants p
      CROSS JOIN LATERAL (SELECT member_count FROM rooms WHERE id = p.room_id AND kind <> ${HIDDEN_KIND} LIMIT 1) r
      WHERE p.room_id = ${roomId} AND p.user_id = ${userId}`
    return row ?? null
  }

  async roomIdsOf(userId: string, among: readonly string[]): Promise<string[]> {
    const rows = await this.db.prisma.$queryRaw<{ room_id: string }[]>`
      SELECT p.room_id FROM participants p
      CROSS JOIN LATERAL (SELECT FROM rooms WHERE id = p.room_id AND kind <> ${HIDDEN_KIND} LIMIT 1) r
      WHERE p.user_id = ${userId} AND p.room_id = ANY (${[...among]}::text[])`
    return rows.map((row) => row.room_id)
  }

  async roomIdsOfEach(userIds: readonly string[]): Promise<Map<string, string[]>> {
    const rows = await this.db.rows<{ user_id: string; room_ids: string[] }>(Prisma.sql`
      SELECT u.id AS user_id, ids.room_ids FROM unnest(${[...userIds]}::text[]) AS u(id)
      CROSS JOIN LATERAL (
        SELECT array_agg(p.room_id) AS room_ids
        FROM (SELECT room_id FROM participants WHERE user_id = u.id ORDER BY room_id) p
        CROSS JOIN LATERAL (SELECT FROM rooms WHERE id = p.room_id AND kind <> ${HIDDEN_KIND} LIMIT 1) r
      ) ids
      WHERE ids.room_ids IS NOT NULL`)
    return new Map(rows.map((row) => [row.user_id, row.room_ids]))
  }

  async markRead(userId: string, roomId: string, upToSeq: number | undefined): Promise<ReadOutcome | null> {
    const [row] = await this.announcing.carriedTransaction(
      (origin, always) => this.db.prisma.$queryRaw<
        { changed: boolean; count: number; last_read_seq: number; notification_ids: string[]; to_reader: boolean }[]
      >`
        SELECT * FROM mark_messages_read(${roomId}, ${userId}, ${upToSeq ?? null}::int, ${origin}, ${always})`,
    )
    if (!row) return null
    const read = { roomId, userId, count: row.count, lastReadSeq: row.last_read_seq }
    return { read, changed: row.changed, toReader: row.to_reader, notificationIds: row.notification_ids }
  }

  async heads(userId: string, query: HeadsQuery): Promise<UserHeads> {
    const { page, since } = query === 'none' ? {} : query
    const before = typeof page === 'object' ? decodeHeadsCursor(page.cursor) : undefined
    const limit = page === undefined ? undefined : limits.headsPage
    const heads = query === 'none' ? Prisma.sql`NULL` : headsOf(userId, before ?? { since }, limit)
    const gone = since === undefined || before ? Prisma.sql`NULL` : goneSince(userId, since)
    const [row] = await this.db.rows<HeadsRow>(Prisma.sql`
      SELECT now() AS as_of, notification_version AS version, notification_unread AS unread, ${heads} AS heads, ${gone} AS gone
      FROM users WHERE id = ${userId}`)
    const found = row?.heads ?? []
    const rooms = found.slice(0, limit)
    const last = rooms.at(-1)
    const asOf = before?.asOf ?? row?.as_of ?? new Date(0)
    return {
      asOf,
      rooms: Object.fromEntries(
        rooms.flatMap(([id, lastRev, readRev]) => (lastRev === null ? [] : [[id, { lastRev, readRev }]])),
      ),
      notifications: { version: row?.version ?? 0, unread: row?.unread ?? 0 },
      ...(row?.gone ? { gone: row.gone } : {}),
      ...(last && found.length > rooms.length
        ? { nextCursor: encodeHeadsCursor({ asOf, since: before ? before.since : since, roomId: last[0] }) }
        : {}),
    }
  }
}

/**
 * The heads as a JSON array in the order of room ids, one more than `limit` if there are more. A room's id never changes
 * and `changed_at` only rises: whatever changes while pages are read, each room that had changed is on exactly one of them.
 * Each room is looked up by its key: joined otherwise, a page of 500 read 18,000 rooms of others. Where all are asked for, a
 * page reads no further than its own rooms; where those that changed are, it has to.
 */
function headsOf(userId: string, { since, roomId }: Partial<HeadsPlace>, limit: number | undefined): Prisma.Sql {
  const page = limit === undefined ? Prisma.empty : Prisma.sql`LIMIT ${limit + 1}`
  return Prisma.sql`(
    SELECT json_agg(json_build_array(head.room_id, head.last_rev, head.read_rev) ORDER BY head.room_id) FROM (
      SELECT p.room_id, r.last_rev, r.read_rev + p.own_rev AS read_rev
      FROM (
        SELECT room_id, own_rev, own_changed_at FROM participants
        WHERE user_id = ${userId} ${roomId === undefined ? Prisma.empty : Prisma.sql`AND room_id > ${roomId}`}
        ORDER BY room_id ${since ? Prisma.empty : page}
      ) p
      ${since ? Prisma.empty : Prisma.sql`LEFT`} JOIN LATERAL (
        SELECT last_rev, read_rev FROM rooms
        WHERE id = p.room_id AND kind <> ${HIDDEN_KIND}
        ${since ? Prisma.sql`AND (changed_at > ${since}::timestamptz OR p.own_changed_at > ${since}::timestamptz)` : Prisma.empty}
        LIMIT 1
      ) r ON true
      ORDER BY p.room_id ${page}
    ) head
  )`
}

/** The rooms that this person left since, or was taken out of, and is not in again; null: there are none. */
const goneSince = (userId: string, since: Date): Prisma.Sql => Prisma.sql`(
    SELECT json_agg(d.room_id) FROM room_departures d
    WHERE d.user_id = ${userId} AND d.left_at > ${since}::timestamptz
      AND NOT EXISTS (SELECT 1 FROM participants p WHERE p.room_id = d.room_id AND p.user_id = d.user_id)
  )`

/** What a snapshot of the room shows, ascending by `seq`. */
async function newestMessages(db: Database, { room_id, last_seq }: RoomRow): Promise<ChatMessage[]> {
  const messages = await db.prisma.$queryRaw<MessageRow[]>`
    SELECT ${messageColumns} FROM messages WHERE room_id = ${room_id} AND seq <= ${last_seq}
    ORDER BY seq DESC LIMIT ${limits.snapshotMessages}`
  return messages.reverse().map(toChatMessage)
}
