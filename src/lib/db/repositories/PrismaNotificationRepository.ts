import { randomUUID } from 'node:crypto'
import { limits } from '@/contracts/limits'
import type { Notification, NotificationsPage } from '@/contracts/notifications'
import type { TopicsPage } from '@/contracts/topics'
import type {
  NewNotification,
  NotificationQuery,
  NotificationRepository,
  NotificationsSince,
  Sweep,
} from '@/services/notifications/ports'
import type { Announcing } from '../Announcing'
import type { Queries } from '../database'
import { Prisma } from '../generated/client'
import { decodeCursor, encodeCursor } from './cursor'
import { type NotificationRow, toNotification } from './rows'

export class PrismaNotificationRepository implements NotificationRepository {
  /**
   * @param queries - the pool, or a transaction.
   * @param announcing - how its transactions say what they change.
   */
  constructor(
    private readonly queries: Queries,
    private readonly announcing: Announcing,
  ) {}

  async list(userId: string, query: NotificationQuery): Promise<NotificationsPage> {
    const [user] = await this.queries.$queryRaw<{ version: number; unread: number }[]>`
      SELECT notification_version AS version, notification_unread AS unread FROM users WHERE id = ${userId}`
    const counters = { version: user?.version ?? 0, unread: user?.unread ?? 0 }
    if (query.sinceVersion === counters.version) return { notifications: [], nextCursor: null, ...counters }

    const after = query.cursor === undefined ? undefined : decodeCursor(query.cursor)
    const rows = await this.queries.$queryRaw<NotificationRow[]>`
      SELECT * FROM notifications
      WHERE user_id = ${userId}
      ${after ? Prisma.sql`AND created_at < ${after.time}::timestamptz` : Prisma.empty}
      ${query.status ? Prisma.sql`AND status = ${query.status}` : Prisma.empty}
      ORDER BY created_at DESC LIMIT ${query.limit + 1}`
    const page = rows.slice(0, query.limit)
    const last = page.at(-1)
    return {
      notifications: page.map(toNotification),
      nextCursor: rows.length > page.length && last ? encodeCursor(last.created_at, last.id) : null,
      ...counters,
    }
  }

  async since(userId: string, version: number | undefined): Promise<NotificationsSince> {
    const [user] = await this.queries.$queryRaw<{ version: number }[]>`
      SELECT notification_version AS version FROM users WHERE id = ${userId}`
    const now = user?.version ?? 0
    const rows =
      version === undefined || version >= now
        ? []
        : await this.queries.$queryRaw<(NotificationRow & { version: number })[]>`
            SELECT * FROM notifications WHERE user_id = ${userId} AND version > ${version}
            ORDER BY version LIMIT ${limits.notificationsPage + 1}`
    return {
      notifications: rows
        .slice(0, limits.notificationsPage)
        .map((row) => ({ version: row.version, notification: toNotification(row) })),
      version: now,
      hasMore: rows.length > limits.notificationsPage,
    }
  }

  async followers(topic: string): Promise<string[]> {
    const rows = await this.queries.$queryRaw<{ user_id: string }[]>`
      SELECT s.user_id FROM topic_subscriptions s JOIN topics t ON t.name = s.topic
      WHERE s.topic = ${topic} AND (t.is_public
        OR EXISTS (SELECT 1 FROM topic_access a WHERE a.user_id = s.user_id AND a.topic = s.topic))`
    return rows.map((row) => row.user_id)
  }

  async create(userIds: readonly string[], content: NewNotification): Promise<Notification[]> {
    const rows = await this.announcing.transaction(
      (origin) => this.queries.$queryRaw<NotificationRow[]>`
        SELECT * FROM create_notifications(
          ${userIds.map(() => randomUUID())}::text[], ${[...userIds]}::text[], ${JSON.stringify(content)}::jsonb, ${origin}::text)`,
    )
    return rows.map(toNotification)
  }

  async setStatus(userId: string, id: string, status: 'read' | 'unread'): Promise<{ changed: boolean } | null> {
    const [row] = await this.announcing.transaction(
      (origin) => this.queries.$queryRaw<{ changed: boolean }[]>`
        SELECT * FROM set_notification_status(${userId}, ${id}, ${status}, ${origin})`,
    )
    return row ?? null
  }

  async delete(userId: string, id: string): Promise<boolean> {
    const [row] = await this.announcing.transaction(
      (origin) => this.queries.$queryRaw<{ deleted: boolean }[]>`
        SELECT delete_notification(${userId}, ${id}, ${origin}) AS deleted`,
    )
    return row?.deleted ?? false
  }

  async markAllRead(userId: string): Promise<Sweep & { count: number }> {
    const [row] = await this.announcing.transaction(
      (origin) => this.queries.$queryRaw<{ count: number; version: number; up_to: Date | null }[]>`
        SELECT * FROM mark_all_notifications_read(${userId}, ${origin})`,
    )
    return { count: row?.count ?? 0, ...toSweep(row) }
  }

  async clear(userId: string): Promise<Sweep & { ids: string[] }> {
    const [row] = await this.announcing.transaction(
      (origin) => this.queries.$queryRaw<{ ids: string[]; version: number; up_to: Date | null }[]>`
        SELECT * FROM clear_notifications(${userId}, ${origin})`,
    )
    return { ids: row?.ids ?? [], ...toSweep(row) }
  }

  async subscribe(userId: string, topic: string): Promise<string[] | 'closed' | 'full'> {
    const [row] = await this.queries.$queryRaw<{ outcome: 'ok' | 'closed' | 'full' }[]>`
      SELECT subscribe_to_topic(${userId}, ${topic}, ${limits.topics}::int) AS outcome`
    if (row?.outcome !== 'ok') return row?.outcome ?? 'closed'
    return this.topicsOf(userId)
  }

  async unsubscribe(userId: string, topic: string): Promise<string[]> {
    await this.queries.topicSubscription.deleteMany({ where: { userId, topic } })
    return this.topicsOf(userId)
  }

  async topics(userId: string, after: string | undefined): Promise<TopicsPage> {
    const from = after ?? ''
    const size = limits.topicsPage
    const rows = await this.queries.$queryRaw<{ name: string }[]>`
      (SELECT name FROM topics WHERE is_public AND name > ${from} ORDER BY name LIMIT ${size + 1})
      UNION
      (SELECT topic FROM topic_access WHERE user_id = ${userId} AND topic > ${from} ORDER BY topic LIMIT ${size + 1})
      ORDER BY name LIMIT ${size + 1}`
    const open = rows.slice(0, size).map(({ name }) => name)
    const nextCursor = rows.length > size ? (open.at(-1) ?? null) : null
    return { topics: await this.topicsOf(userId), open, nextCursor }
  }

  private async topicsOf(userId: string): Promise<string[]> {
    const rows = await this.queries.topicSubscription.findMany({ where: { userId }, orderBy: { topic: 'asc' } })
    return rows.map((row) => row.topic)
  }
}

const toSweep = (row: { version: number; up_to: Date | null } | undefined): Sweep => ({
  version: row?.version ?? 0,
  upTo: row?.up_to?.toISOString() ?? null,
})
