import type { HistoryInput, HistoryPage, SyncRoom } from '@/contracts/chat'
import { limits } from '@/contracts/limits'
import type { MessageDetails } from '@/contracts/messageDetails'
import type { ReactionsPage } from '@/contracts/reactions'
import type {
  EditOutcome,
  InsertOutcome,
  MessageEdit,
  MessageRepository,
  NewMessage,
  ReactionChange,
  ReactionsQuery,
  RoomPosition,
} from '@/services/chat/ports'
import type { Announcing } from '../Announcing'
import type { Connections, Database } from '../database'
import { Prisma } from '../generated/client'
import { decodeReactionCursor, encodeReactionCursor } from './cursor'
import { insertMessages } from './messageInserts'
import { type RoomRow, roomsOfMember, toRoom } from './roomViews'
import {
  type MessageColumns,
  type MessageRow,
  messageColumns,
  type ToldRow,
  toChatMessage,
  toNotificationChange,
  withDates,
} from './rows'

/** A left join's message columns: all null when there is none. */
type JoinedMessage = MessageRow | { [K in keyof MessageRow]: null }

const hasMessage = <T extends JoinedMessage>(row: T): row is T & MessageRow => row.id !== null

type ChangeRow = JoinedMessage & {
  in_room: string
  last_rev: number
  read_rev: number
  own_rev: number
  have_rev: number
  have_read_rev: number | null
  is_far: boolean
}

/** What a function that changes a message answers, and what that message quotes. */
interface ChangedMessage {
  outcome: EditOutcome['outcome']
  changed: boolean
  message: Omit<MessageColumns, 'reply_to'>
  /** Absent where nobody's notifications can be concerned. */
  told?: ToldRow[]
  reply_to: unknown
}

/** A left join's: all null when nobody reacted. */
type ReactionRow =
  | { emoji: string; user_id: string; name: string; avatar_image: string | null }
  | { emoji: null; user_id: null; name: null; avatar_image: null }

/** PostgreSQL's largest `integer`. */
const LAST_SEQ = 2_147_483_647

/** Messages in one catch-up answer over all its rooms, and the fewest of one room. */
const SYNC_MESSAGES = 1_000
const SYNC_PAGE_LEAST = 5

export class PrismaMessageRepository implements MessageRepository {
  /**
   * @param commits - a pool of its own for the group commit: slow reads must not keep it waiting. One connection is enough.
   * @param announcing - how its transactions say what they change.
   */
  constructor(
    private readonly db: Database,
    private readonly commits: Connections,
    private readonly announcing: Announcing,
  ) {}

  insert(batch: readonly NewMessage[]): Promise<InsertOutcome[]> {
    return insertMessages(this.commits, this.announcing, batch)
  }

  change(userId: string, { messageId, text, mentions, clientId }: MessageEdit): Promise<EditOutcome> {
    const named = mentions === undefined ? null : JSON.stringify(mentions)
    return this.changeOne(
      (origin, always) => Prisma.sql`
        change_message(${messageId}, ${userId}, ${text?.toWellFormed() ?? null}, ${clientId ?? null}, ${origin}, ${named}::jsonb, ${always})`,
    )
  }

  react(userId: string, { messageId, emoji, on, clientId }: ReactionChange): Promise<EditOutcome> {
    return this.changeOne(
      (origin) => Prisma.sql`
        set_reaction(${messageId}, ${userId}, ${emoji}, ${on}, ${clientId ?? null}, ${limits.reactions}::int, ${origin})`,
    )
  }

  async reactions(asking: string, { messageId, cursor }: ReactionsQuery): Promise<ReactionsPage | null> {
    const after = cursor === undefined ? undefined : decodeReactionCursor(cursor)
    const rows = await this.db.prisma.$queryRaw<ReactionRow[]>`
      SELECT x.emoji, x.user_id, u.name, u.avatar_image FROM messages m
      CROSS JOIN LATERAL (SELECT FROM participants WHERE room_id = m.room_id AND user_id = ${asking} LIMIT 1) me
      LEFT JOIN LATERAL (
        SELECT emoji, user_id FROM message_reactions
        WHERE message_id = m.id
        ${after ? Prisma.sql`AND (emoji, user_id) > (${after.emoji}, ${after.userId})` : Prisma.empty}
        ORDER BY emoji, user_id LIMIT ${limits.reactionsPage + 1}
      ) x ON true
      LEFT JOIN LATERAL (SELECT name, avatar_image FROM users WHERE id = x.user_id LIMIT 1) u ON true
      WHERE m.id = ${messageId}
      ORDER BY x.emoji, x.user_id`
    if (rows.length === 0) return null
    const found = rows.filter((row) => row.emoji !== null)
    const page = found.slice(0, limits.reactionsPage).map(({ emoji, user_id, name, avatar_image }) => ({
      ...{ emoji, userId: user_id, name },
      ...(avatar_image === null ? {} : { avatarImage: avatar_image }),
    }))
    const last = page.at(-1)
    return { reactions: page, nextCursor: found.length > page.length && last ? encodeReactionCursor(last) : null }
  }

  async details(asking: string, roomId: string, seqs: readonly number[]): Promise<MessageDetails> {
    const asked = Prisma.sql`
      participants me
      CROSS JOIN unnest(${[...new Set(seqs)]}::int[]) AS place(seq)
      CROSS JOIN LATERAL (SELECT * FROM messages WHERE room_id = me.room_id AND seq = place.seq LIMIT 1) m`
    const isMember = Prisma.sql`me.room_id = ${roomId} AND me.user_id = ${asking}`
    const [people, own] = await Promise.all([
      this.db.prisma.$queryRaw<{ id: string; name: string; avatar_image: string | null }[]>`
        SELECT DISTINCT u.id, u.name, u.avatar_image FROM ${asked}
        CROSS JOIN LATERAL (
          SELECT m.sender_id AS id
          UNION SELECT jsonb_array_elements_text(m.mentions)
          UNION SELECT jsonb_array_elements_text(m.system -> 'userIds')
          UNION SELECT jsonb_array_elements_text(r -> 'userIds') FROM jsonb_array_elements(m.reactions) r
          UNION (SELECT sender_id FROM messages WHERE id = m.reply_to_id LIMIT 1)
        ) concerned
        CROSS JOIN LATERAL (SELECT id, name, avatar_image FROM users WHERE id = concerned.id LIMIT 1) u
        WHERE ${isMember}`,
      this.db.prisma.$queryRaw<{ message_id: string; emoji: string }[]>`
        SELECT x.message_id, x.emoji FROM ${asked}
        CROSS JOIN LATERAL jsonb_array_elements(m.reactions) r
        CROSS JOIN LATERAL (
          SELECT message_id, emoji FROM message_reactions
          WHERE message_id = m.id AND emoji = r ->> 'emoji' AND user_id = me.user_id LIMIT 1
        ) x
        WHERE ${isMember}`,
    ])
    const ownReactions: Record<string, string[]> = {}
    for (const { message_id, emoji } of own) ownReactions[message_id] = [...(ownReactions[message_id] ?? []), emoji]
    return {
      people: people.map(({ id, name, avatar_image }) => ({
        ...{ id, name },
        ...(avatar_image === null ? {} : { avatarImage: avatar_image }),
      })),
      ownReactions,
    }
  }

  private async changeOne(call: (origin: string | null, always: string) => Prisma.Sql): Promise<EditOutcome> {
    const [row] = await this.announcing.carriedTransaction(
      (origin, always) => this.db.prisma.$queryRaw<ChangedMessage[]>`
        SELECT x.*, quote_of(x.message ->> 'reply_to_id') AS reply_to FROM ${call(origin, always)} x`,
    )
    if (row?.outcome !== 'done') return { outcome: row?.outcome ?? 'not_found' }
    const message = toChatMessage(withDates({ ...row.message, reply_to: row.reply_to }))
    return { outcome: 'done', changed: row.changed, message, told: (row.told ?? []).map(toNotificationChange) }
  }

  async history(userId: string, query: HistoryInput): Promise<HistoryPage | null> {
    const { roomId, afterSeq, aroundSeq, limit } = query
    const rows = await this.db.prisma.$queryRaw<JoinedMessage[]>`
      SELECT m.* FROM participants p
      LEFT JOIN LATERAL (SELECT ${messageColumns} FROM messages WHERE room_id = p.room_id AND ${placeOf(query)}) m ON true
      WHERE p.room_id = ${roomId} AND p.user_id = ${userId}
      ORDER BY m.seq`
    if (rows.length === 0) return null
    const found = rows.filter(hasMessage).map(toChatMessage)
    if (aroundSeq !== undefined) return { messages: found, hasMore: (found[0]?.seq ?? 1) > 1 }
    const messages = afterSeq === undefined ? found.slice(-limit) : found.slice(0, limit)
    return { messages, hasMore: found.length > limit }
  }

  async changesSince(userId: string, positions: ReadonlyMap<string, RoomPosition>): Promise<Record<string, SyncRoom>> {
    const ids = [...positions.keys()]
    const revs = ids.map((id) => positions.get(id)?.lastRev ?? 0)
    const readRevs = ids.map((id) => positions.get(id)?.readRev ?? null)
    // A call that asks for many rooms gets less of each: what is one answer must fit into memory many times over.
    const pageSize = Math.max(SYNC_PAGE_LEAST, Math.min(limits.syncPage, Math.floor(SYNC_MESSAGES / ids.length)))
    // lastRev and the messages come from one snapshot: nothing can lie between them.
    const rows = await this.db.prisma.$queryRaw<ChangeRow[]>`
      SELECT r.id AS in_room, r.last_rev, r.read_rev + p.own_rev AS read_rev, p.own_rev, h.have_rev, h.have_read_rev, far.is_far, m.*
      FROM unnest(${ids}::text[], ${revs}::int[], ${readRevs}::int[]) AS h(room_id, have_rev, have_read_rev)
      CROSS JOIN LATERAL (SELECT own_rev FROM participants WHERE room_id = h.room_id AND user_id = ${userId} LIMIT 1) p
      CROSS JOIN LATERAL (SELECT id, last_rev, read_rev FROM rooms WHERE id = h.room_id LIMIT 1) r
      -- Of how many messages are new or changed, not how often: a message can change a thousand times.
      CROSS JOIN LATERAL (
        SELECT r.last_rev - h.have_rev > ${limits.syncResetAfter} AND (
          SELECT count(*) FROM (
            SELECT FROM messages WHERE room_id = r.id AND rev > h.have_rev LIMIT ${limits.syncResetAfter + 1}
          ) newer
        ) > ${limits.syncResetAfter} AS is_far
      ) far
      LEFT JOIN LATERAL (
        SELECT ${messageColumns} FROM messages
        WHERE room_id = r.id AND rev > h.have_rev AND NOT far.is_far
        ORDER BY rev LIMIT ${pageSize + 1}
      ) m ON true
      ORDER BY r.id, m.rev`
    const reads = await this.readPositions(
      userId,
      rows.filter((row) => row.have_read_rev !== null && row.have_read_rev !== row.read_rev).map((row) => row.in_room),
    )
    const answer: Record<string, SyncRoom> = Object.fromEntries(ids.map((id) => [id, { gone: true }]))
    for (const row of rows) answer[row.in_room] = toSyncRoom(row, reads.get(row.in_room), answer[row.in_room])
    for (const room of Object.values(answer)) trimToPage(room, pageSize)
    const ownChanged = rows.filter((row) => row.own_rev > 0 && reads.has(row.in_room)).map((row) => row.in_room)
    await this.addChangedRooms(userId, answer, new Set(ownChanged))
    return answer
  }

  /** Beside messages that tell of a change of the room, and what one changed for oneself, the room as this member sees it. */
  private async addChangedRooms(
    userId: string,
    answer: Record<string, SyncRoom>,
    ownChanged: ReadonlySet<string>,
  ): Promise<void> {
    const changed = Object.entries(answer).filter(
      ([roomId, room]) =>
        'messages' in room && (ownChanged.has(roomId) || room.messages.some(({ kind }) => kind === 'system')),
    )
    if (changed.length === 0) return
    const ids = changed.map(([roomId]) => roomId)
    const rows = await this.db.prisma.$queryRaw<RoomRow[]>(
      roomsOfMember(Prisma.sql`p.user_id = ${userId} AND p.room_id = ANY (${ids}::text[])`),
    )
    for (const row of rows) Object.assign(answer[row.room_id] ?? {}, { room: toRoom(row) })
  }

  /** Everyone's read position with the `readRev` of the same snapshot; of a room with very many one's own alone. */
  private async readPositions(
    userId: string,
    roomIds: string[],
  ): Promise<Map<string, { readRev: number; reads: Record<string, number> }>> {
    if (roomIds.length === 0) return new Map()
    const rows = await this.db.prisma.$queryRaw<{ room_id: string; read_rev: number; reads: Record<string, number> }[]>`
      SELECT r.id AS room_id, r.read_rev + me.own_rev AS read_rev, jsonb_object_agg(p.user_id, p.last_read_seq) AS reads
      FROM rooms r JOIN participants me ON me.room_id = r.id AND me.user_id = ${userId}
      CROSS JOIN LATERAL (
        SELECT user_id, CASE WHEN user_id = me.user_id THEN last_read_seq ELSE coalesce(shown_read_seq, last_read_seq) END AS last_read_seq
        FROM participants WHERE room_id = r.id AND r.member_count <= ${limits.participantsPage}
        UNION ALL
        SELECT me.user_id, me.last_read_seq WHERE r.member_count > ${limits.participantsPage}
      ) p
      WHERE r.id = ANY (${[...new Set(roomIds)]}::text[])
      GROUP BY r.id, r.read_rev, me.own_rev`
    return new Map(rows.map((row) => [row.room_id, { readRev: row.read_rev, reads: row.reads }]))
  }
}

/** A page's condition on `seq`: with one message more than was asked for, to know whether there is more. */
function placeOf({ beforeSeq = LAST_SEQ, afterSeq, aroundSeq, limit }: HistoryInput): Prisma.Sql {
  if (afterSeq !== undefined) return Prisma.sql`seq > ${afterSeq} ORDER BY seq LIMIT ${limit + 1}`
  if (aroundSeq === undefined) return Prisma.sql`seq < ${beforeSeq} ORDER BY seq DESC LIMIT ${limit + 1}`
  // Places have no holes.
  const from = Math.max(1, aroundSeq - Math.floor(limit / 2))
  return Prisma.sql`seq BETWEEN ${from} AND ${Math.max(from, Math.min(from + limit - 1, LAST_SEQ))} ORDER BY seq LIMIT ${limit}`
}

function toSyncRoom(
  row: ChangeRow,
  reads: { readRev: number; reads: Record<string, number> } | undefined,
  soFar: SyncRoom | undefined,
): SyncRoom {
  if (row.have_rev > row.last_rev || row.is_far) return { reset: true }
  const room =
    soFar && 'messages' in soFar
      ? soFar
      : { messages: [], lastRev: row.last_rev, readRev: row.read_rev, hasMore: false, ...reads }
  if (hasMessage(row)) room.messages.push(toChatMessage(row))
  return room
}

/** One message more than a page was asked for, to know whether there is more. */
function trimToPage(room: SyncRoom, pageSize: number): void {
  if (!('messages' in room) || room.messages.length <= pageSize) return
  room.messages.length = pageSize
  room.hasMore = true
}
