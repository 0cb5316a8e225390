import type { Room } from '@/contracts/chat'
import { GroupRole } from '@/contracts/chatShapes'
import { limits } from '@/contracts/limits'
import type { Barred, RoomMember } from '@/services/chat/ports'
import { Prisma } from '../generated/client'
import { type MessageColumns, messageColumns, toChatMessage, withDates } from './rows'
import { blockersOf, maySeePresence, tellingRoom } from './tellingRoom'

export interface RoomRow {
  room_id: string
  kind: 'direct' | 'group'
  room_name: string | null
  user_id: string
  picture: string | null
  member_count: number
  role: string
  muted_until: Date | null
  pinned_at: Date | null
  barred: Barred | null
  partner_id: string | null
  last_seq: number
  last_rev: number
  read_rev: number
  own_rev: number
  last_read_seq: number
  own_unread: number
  unread_mentions: number
  updated_at: Date
  last_message: MessageColumns | null
}

export interface ParticipantRow {
  id: string
  name: string
  avatar_image: string | null
  last_read_seq: number
  last_seen: Date
  role: string
  joined_at: Date
  is_hidden: boolean
}

/** A canary's room is shown to nobody (see PrismaCanaryRooms). */
export const HIDDEN_KIND = 'canary'

/**
 * Rooms as one member sees them: `which` is a condition on `p` (their participation) and `r` (the room), with an order and a
 * limit if there is one. What a room shows besides is looked up for those alone that come of it, each by its key.
 */
export const roomsOfMember = (which: Prisma.Sql): Prisma.Sql => Prisma.sql`
  SELECT mine.*, coalesce(other.name, mine.name) AS room_name, coalesce(other.avatar_image, mine.avatar_image) AS picture,
    other.id AS partner_id, to_jsonb(m) AS last_message
  FROM (
    SELECT p.room_id, p.user_id, p.last_read_seq, p.own_unread, p.unread_mentions, p.role, p.muted_until, p.pinned_at, p.barred, p.own_rev, r.*
    FROM participants p
    CROSS JOIN LATERAL (
      SELECT kind, name, avatar_image, member_count, last_seq, last_rev, read_rev, updated_at FROM rooms
      WHERE id = p.room_id AND kind <> ${HIDDEN_KIND} LIMIT 1
    ) r
    WHERE ${which}
  ) mine
  LEFT JOIN LATERAL (SELECT ${messageColumns} FROM messages WHERE room_id = mine.room_id AND seq = mine.last_seq LIMIT 1) m ON true
  LEFT JOIN LATERAL (
    SELECT u.id, u.name, u.avatar_image FROM participants q JOIN users u ON u.id = q.user_id
    WHERE mine.kind = 'direct' AND q.room_id = mine.room_id AND q.user_id <> mine.user_id
  ) other ON true
  ORDER BY mine.updated_at DESC, mine.room_id DESC`

/**
 * People in a room that this person is in too, in the order in which they came, and of whom that person is told no presence:
 * `which` is a condition on `q` (a participation), with an order and a limit if there is one.
 */
export const membersOf = (userId: string, roomId: string, which: Prisma.Sql): Prisma.Sql => Prisma.sql`
  SELECT u.id, u.name, u.avatar_image, p.role, p.joined_at, u.last_seen,
    CASE WHEN u.id = me.user_id THEN p.last_read_seq ELSE coalesce(p.shown_read_seq, p.last_read_seq) END AS last_read_seq,
    u.id <> me.user_id AND (
      NOT ${maySeePresence('reader')}
      OR u.id IN (${blockersOf(userId)})
      OR r.kind = 'direct' AND NOT (me.has_written AND p.has_written)
        AND NOT EXISTS (${tellingRoom(userId, Prisma.sql`u.id`)})
    ) AS is_hidden
  FROM participants me
  JOIN users reader ON reader.id = me.user_id
  JOIN rooms r ON r.id = me.room_id
  CROSS JOIN LATERAL (SELECT q.* FROM participants q WHERE q.room_id = me.room_id ${which}) p
  JOIN users u ON u.id = p.user_id
  WHERE me.room_id = ${roomId} AND me.user_id = ${userId} ORDER BY p.joined_at, u.id`

/** For a snapshot: everybody, or of very many oneself, who wrote the newest messages, and then who came first. */
export const shownMembers = Prisma.sql`
  ORDER BY q.user_id <> me.user_id,
    r.member_count > ${limits.participantsPage} AND q.user_id NOT IN (
      SELECT newest.sender_id FROM (
        SELECT sender_id FROM messages WHERE room_id = me.room_id ORDER BY seq DESC LIMIT ${limits.snapshotMessages}
      ) newest),
    q.joined_at, q.user_id
  LIMIT ${limits.participantsPage}`

export const toRoom = (row: RoomRow): Room => ({
  id: row.room_id,
  kind: row.kind,
  ...(row.room_name === null ? {} : { name: row.room_name }),
  ...(row.partner_id === null ? {} : { partnerId: row.partner_id }),
  ...(row.picture === null ? {} : { avatarImage: row.picture }),
  ...(row.kind === 'group'
    ? { role: GroupRole.parse(row.role), memberCount: row.member_count }
    : { memberCount: row.partner_id === null ? 1 : 2 }),
  lastSeq: row.last_seq,
  lastRev: row.last_rev,
  readRev: row.read_rev + row.own_rev,
  lastReadSeq: row.last_read_seq,
  unread: row.last_seq - row.last_read_seq - row.own_unread,
  unreadMentions: row.unread_mentions,
  ...(row.muted_until === null ? {} : { mutedUntil: row.muted_until.toISOString() }),
  ...(row.pinned_at === null ? {} : { pinnedAt: row.pinned_at.toISOString() }),
  ...(row.barred === 'blocking' ? { blocked: true } : {}),
  ...(row.last_message ? { lastMessage: toChatMessage(withDates(row.last_message)) } : {}),
  updatedAt: row.updated_at.toISOString(),
})

/** `isOnline` is the presence service's to say. */
export const toMember = (row: ParticipantRow): RoomMember => ({
  id: row.id,
  name: row.name,
  ...(row.avatar_image === null ? {} : { avatarImage: row.avatar_image }),
  role: GroupRole.parse(row.role),
  lastReadSeq: row.last_read_seq,
  isOnline: false,
  lastSeen: row.last_seen.toISOString(),
  isHidden: row.is_hidden,
})
