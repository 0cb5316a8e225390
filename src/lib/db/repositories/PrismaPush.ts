import type { ChosenAlerts } from '@/services/notifications/ports'
import type {
  NewSubscription,
  PushQueue,
  PushSubscriptions,
  TakeOptions,
  UnreadNotification,
  UnreadRoom,
  WaitingPush,
} from '@/services/push/ports'
import type { Database } from '../database'
import { sqlState } from '../errors'
import { Prisma } from '../generated/client'
import { textArray } from '../textArray'

/** Of what happened, in one statement; fewer where that takes too long. */
const SPREAD_AT_ONCE = 100
const STATEMENT_TIMEOUT = '57014'

/** As `push_take` answers it. */
interface TakenRow {
  subscription_id: string
  tag: string
  news: number
  failures: number
  server: string
  endpoint: string
  p256dh: string
  auth: string
  user_id: string
  last_seen: Date
  permissions: string[]
  kinds: ChosenAlerts['kinds']
  quiet_hours: ChosenAlerts['quietHours']
  topics: ChosenAlerts['topics']
  newest_ms: number
  oldest_ms: number
  told: number
  /** Null: it was not told yet. */
  told_ms: number | null
  notification_ids: string[]
  room: UnreadRoom | null
  notifications: (Omit<UnreadNotification, 'picture'> & { avatar_image: string | null })[]
}

/** Past Prisma, as other jobs. */
export class PrismaPush implements PushSubscriptions, PushQueue {
  private spreadAtOnce = SPREAD_AT_ONCE

  constructor(private readonly db: Pick<Database, 'rows'>) {}

  async add({ id, userId, sessionId, endpoint, keys }: NewSubscription, most: number) {
    const [row] = await this.db.rows<{ outcome: 'added' | 'taken' | 'ended' }>(Prisma.sql`
      SELECT add_push_subscription(${id}, ${userId}, ${sessionId}, ${endpoint}, ${keys.p256dh}, ${keys.auth}, ${most}::int) AS outcome`)
    return row?.outcome ?? 'ended'
  }

  async remove(userId: string, endpoint: string): Promise<void> {
    await this.db.rows(Prisma.sql`DELETE FROM push_subscriptions WHERE endpoint = ${endpoint} AND user_id = ${userId}`)
  }

  async spread(delayMs: number): Promise<'none' | 'some' | 'more'> {
    const most = this.spreadAtOnce
    try {
      const [{ taken } = { taken: 0 }] = await this.db.rows<{ taken: number }>(
        Prisma.sql`SELECT push_spread(${most}::int, ${delayMs}::int) AS taken`,
      )
      this.spreadAtOnce = Math.min(SPREAD_AT_ONCE, most * 2)
      return taken === 0 ? 'none' : taken < most ? 'some' : 'more'
    } catch (error) {
      if (sqlState(error) !== STATEMENT_TIMEOUT || most === 1) throw error
      this.spreadAtOnce = Math.ceil(most / 4)
      return 'more'
    }
  }

  async take({ most, leaseMs, mostOfServer, underWay }: TakeOptions): Promise<WaitingPush[]> {
    const subscriptions = underWay.map(({ subscription }) => subscription.id)
    const servers: Record<string, number> = {}
    for (const { subscription } of underWay) servers[subscription.server] = (servers[subscription.server] ?? 0) + 1
    const rows = await this.db.rows<TakenRow>(Prisma.sql`
      SELECT * FROM push_take(${most}::int, ${leaseMs}::int, ${mostOfServer}::int, ${textArray(subscriptions)}::text[], ${JSON.stringify(servers)}::jsonb)`)
    return rows.map((row) => ({
      subscription: {
        id: row.subscription_id,
        server: row.server,
        endpoint: row.endpoint,
        keys: { p256dh: row.p256dh, auth: row.auth },
        failures: row.failures,
      },
      tag: row.tag,
      news: row.news,
      told: row.told,
      toldMs: row.told_ms ?? Number.POSITIVE_INFINITY,
      person: {
        id: row.user_id,
        lastSeen: row.last_seen.toISOString(),
        permissions: row.permissions,
        chosen: { kinds: row.kinds, topics: row.topics, quietHours: row.quiet_hours },
      },
      newestMs: row.newest_ms,
      oldestMs: row.oldest_ms,
      room: row.room && { ...row.room, id: row.tag.slice('room:'.length) },
      notifications: row.notifications.map(({ avatar_image: picture, ...notification }) => ({
        ...notification,
        picture,
      })),
      notificationIds: row.notification_ids,
    }))
  }

  async done({ subscription, tag, news }: WaitingPush, delayMs: number): Promise<void> {
    await this.db.rows(Prisma.sql`SELECT push_done(${subscription.id}, ${tag}, ${news}::int, ${delayMs}::int)::text`)
  }

  async sent(push: WaitingPush, { delayMs, rememberMs }: Parameters<PushQueue['sent']>[1]): Promise<void> {
    const { subscription, tag, news, told, notificationIds, notifications } = push
    const toldIds = textArray(notifications.map(({ id }) => id))
    await this.db.rows(Prisma.sql`
      SELECT push_sent(${subscription.id}, ${tag}, ${news}::int, ${told + 1}::int, ${textArray(notificationIds)}::text[], ${toldIds}::text[],
        ${delayMs}::int, ${rememberMs}::int)::text`)
  }

  async postpone({ subscription, tag }: WaitingPush, ms: number): Promise<void> {
    await this.db.rows(Prisma.sql`
      UPDATE push_waiting SET due_at = clock_timestamp() + ${ms} * interval '1 millisecond'
      WHERE subscription_id = ${subscription.id} AND tag = ${tag}`)
  }

  async failed(
    { subscription }: WaitingPush,
    { retryMs, giveUpMs, forgetMs }: Parameters<PushQueue['failed']>[1],
  ): Promise<number> {
    const [row] = await this.db.rows<{ given_up: number }>(Prisma.sql`
      SELECT push_failed(${subscription.id}, ${Math.round(retryMs)}::int, ${giveUpMs}::bigint, ${forgetMs}::bigint) AS given_up`)
    return row?.given_up ?? 0
  }

  async gone({ subscription }: WaitingPush): Promise<void> {
    await this.db.rows(Prisma.sql`DELETE FROM push_subscriptions WHERE id = ${subscription.id}`)
  }

  async nextInMs(): Promise<number | null> {
    const [row] = await this.db.rows<{ ms: number }>(Prisma.sql`
      SELECT extract(epoch FROM due_at - clock_timestamp())::float8 * 1000 AS ms FROM push_waiting WHERE news > 0 ORDER BY due_at LIMIT 1`)
    return row?.ms ?? null
  }
}
