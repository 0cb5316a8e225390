import type { DigestNote, DigestPerson, DigestRepository, Unread, UnreadRoom } from '@/services/mail/digestPorts'
import type { Database } from '../database'
import { Prisma } from '../generated/client'

/** Rooms that one digest tells of at most, and notifications among which those are looked for that are to be mailed. */
const ROOMS = 50
const NOTIFICATIONS = 500

interface PersonRow {
  user_id: string
  claimed_until: Date
  email: string
  name: string
  last_seen: Date
  is_closed: boolean
  sent_at: Date | null
  told_at: Date
  token: string
}

interface RoomRow {
  room_id: string
  kind: UnreadRoom['kind']
  name: string
  muted_until: Date | null
  last_seq: number
  oldest_at: Date
  unread: number
  newest: UnreadRoom['newest'] | null
}

interface NotificationRow {
  title: string
  message: string
  type: Unread['notifications'][number]['type']
  link: string | null
  topic: string | null
  created_at: Date
}

export class PrismaDigests implements DigestRepository {
  constructor(private readonly db: Pick<Database, 'rows'>) {}

  async claim(): Promise<DigestPerson | null> {
    const [row] = await this.db.rows<PersonRow>(Prisma.sql`SELECT * FROM claim_digest()`)
    if (!row) return null
    return {
      ...{ id: row.user_id, claimedUntil: row.claimed_until, email: row.email, name: row.name },
      ...{ lastSeen: row.last_seen.toISOString(), isClosed: row.is_closed, sentAt: row.sent_at, toldAt: row.told_at },
      token: row.token,
    }
  }

  async unread({ id, toldAt }: Pick<DigestPerson, 'id' | 'toldAt'>): Promise<Unread> {
    const [rooms, notifications] = await Promise.all([
      this.db.rows<RoomRow>(Prisma.sql`SELECT * FROM digest_rooms(${id}, ${ROOMS}::int)`),
      this.db.rows<NotificationRow>(
        Prisma.sql`SELECT * FROM digest_notifications(${id}, ${toldAt}::timestamptz, ${NOTIFICATIONS}::int)`,
      ),
    ])
    return {
      rooms: rooms.map((row) => ({
        ...{ roomId: row.room_id, kind: row.kind, name: row.name, lastSeq: row.last_seq, oldestAt: row.oldest_at },
        ...{ unread: row.unread, newest: row.newest ?? [], mutedUntil: row.muted_until?.toISOString() },
      })),
      notifications: notifications.map((row) => ({
        ...{ title: row.title, message: row.message, type: row.type, createdAt: row.created_at },
        ...{ link: row.link ?? undefined, topic: row.topic ?? undefined },
      })),
    }
  }

  async note(
    { id, claimedUntil }: Pick<DigestPerson, 'id' | 'claimedUntil'>,
    { lookAt, isSent = false, told }: DigestNote,
  ): Promise<void> {
    const rooms = told?.rooms ?? []
    await this.db.rows(Prisma.sql`
      SELECT note_digest(${id}, ${claimedUntil}::timestamptz, ${lookAt}::timestamptz, ${isSent}::boolean,
        ${told?.notificationsUntil ?? null}::timestamptz,
        ${rooms.map(({ roomId }) => roomId)}::text[], ${rooms.map(({ lastSeq }) => lastSeq)}::int[])`)
  }
}
