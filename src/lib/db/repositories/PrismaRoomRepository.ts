import { randomUUID } from 'node:crypto'
import type { ChatMessage, RoomData, RoomsPage } from '@/contracts/chat'
import { limits } from '@/contracts/limits'
import type { Barred, DirectRoom, RoomMember, RoomRepository } from '@/services/chat/ports'
import type { Announcing } from '../Announcing'
import type { Database } from '../database'
import { sqlState } from '../errors'
import { Prisma } from '../generated/client'
import { decodeCursor, encodeCursor } from './cursor'
import { createHeads } from './heads'
import { createReads } from './reads'
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

export class PrismaRoomRepository implements RoomRepository {
  readonly heads: RoomRepository['heads']
  readonly markRead: RoomRepository['markRead']

  /** @param announcing - how its transactions say what they change. */
  constructor(
    private readonly db: Database,
    private readonly announcing: Announcing,
  ) {
    this.heads = createHeads(db)
    this.markRead = createReads(db, announcing)
  }

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
}

/** What a snapshot of the room shows, ascending by `seq`. */
async function newestMessages(db: Database, { room_id, last_seq }: RoomRow): Promise<ChatMessage[]> {
  const messages = await db.prisma.$queryRaw<MessageRow[]>`
    SELECT ${messageColumns} FROM messages WHERE room_id = ${room_id} AND seq <= ${last_seq}
    ORDER BY seq DESC LIMIT ${limits.snapshotMessages}`
  return messages.reverse().map(toChatMessage)
}
