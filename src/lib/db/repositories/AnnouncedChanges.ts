import type { Notification } from '@/contracts/notifications'
import type { MessageChange } from '@/services/shared/changes'
import type { Database } from '../database'
import { type ChangedRow, messageColumns, type NotificationRow, toMessageChange, toNotification } from './rows'

export interface RevRange {
  roomId: string
  fromRev: number
  toRev: number
}

/** Messages of one room that are looked for after a gap between processes; clients fetch what is older themselves. */
const RECENT_PER_ROOM = 200

/** Reads what announcements refer to. Every statement goes by its keys, whatever the planner believes of the table. */
export class AnnouncedChanges {
  constructor(private readonly db: Database) {}

  /** The messages whose last change lies in one of the ranges, by room and `rev`. */
  async messages(ranges: readonly RevRange[]): Promise<MessageChange[]> {
    const rows = await this.db.prisma.$queryRaw<ChangedRow[]>`
      SELECT m.*
      FROM unnest(${ranges.map((r) => r.roomId)}::text[], ${ranges.map((r) => r.fromRev)}::int[], ${ranges.map((r) => r.toRev)}::int[])
        AS x(room_id, from_rev, to_rev)
      CROSS JOIN LATERAL (
        SELECT ${messageColumns} FROM messages
        WHERE room_id = x.room_id AND rev BETWEEN x.from_rev AND x.to_rev
        ORDER BY rev LIMIT x.to_rev - x.from_rev + 1
      ) m
      ORDER BY m.room_id, m.rev`
    return rows.map(toMessageChange)
  }

  /** Of these rooms, what was sent or changed in the last `withinMs` milliseconds; the newest of each at most, by room and `rev`. */
  async recent(roomIds: readonly string[], withinMs: number): Promise<MessageChange[]> {
    // The database's own clock, and the rooms by their key: an index on a time would cost every message sent.
    const rows = await this.db.prisma.$queryRaw<ChangedRow[]>`
      SELECT m.*
      FROM rooms r JOIN LATERAL (
        SELECT ${messageColumns} FROM messages WHERE room_id = r.id ORDER BY rev DESC LIMIT ${RECENT_PER_ROOM}
      ) m ON coalesce(m.changed_at, m.created_at) > now() - make_interval(secs => ${withinMs / 1000}::float8)
      WHERE r.id = ANY (${[...roomIds]}::text[]) AND r.changed_at > now() - make_interval(secs => ${withinMs / 1000}::float8)
      ORDER BY m.room_id, m.rev`
    return rows.map(toMessageChange)
  }

  async memberIds(roomId: string): Promise<string[]> {
    const rows = await this.db.prisma.participant.findMany({ where: { roomId }, select: { userId: true } })
    return rows.map((row) => row.userId)
  }

  /** The notifications with these versions of these people, by time. */
  async notifications(items: readonly (readonly [userId: string, version: number])[]): Promise<Notification[]> {
    const rows = await this.db.prisma.$queryRaw<NotificationRow[]>`
      SELECT n.* FROM unnest(${items.map(([userId]) => userId)}::text[], ${items.map(([, version]) => version)}::int[]) AS x(user_id, version)
      CROSS JOIN LATERAL (SELECT * FROM notifications WHERE user_id = x.user_id AND version = x.version LIMIT 1) n
      ORDER BY n.created_at`
    return rows.map(toNotification)
  }
}
