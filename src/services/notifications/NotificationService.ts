import { AppError } from '@/contracts/errors'
import { limits } from '@/contracts/limits'
import type {
  Notification,
  NotificationContent,
  NotificationsCreated,
  NotificationsPage,
  NotificationUpdate,
} from '@/contracts/notifications'
import type { TopicsPage } from '@/contracts/topics'
import type { Publish } from '@/services/shared/changes'
import type { SessionUser } from '@/services/shared/SessionUser'
import type { CreateWork, Idempotency, NotificationQuery, NotificationRepository, NotificationsSince } from './ports'

export interface NotificationServiceDeps {
  notifications: NotificationRepository
  idempotency: Idempotency
  publish: Publish
}

/** A notification and whom it is for: exactly one of the three. */
export interface CreateNotifications extends NotificationContent {
  userId?: string | undefined
  userIds?: string[] | undefined
  topic?: string | undefined
}

/** People in one statement; more would hold their rows' locks for too long. */
const BATCH = 1_000

/** A person's notifications: the rules, for every transport. */
export class NotificationService {
  constructor(private readonly deps: NotificationServiceDeps) {}

  list(user: SessionUser, query: NotificationQuery): Promise<NotificationsPage> {
    return this.deps.notifications.list(user.id, query)
  }

  /**
   * What came or changed since the person's counter stood there (absent: nothing), a page at a time.
   * @throws AppError CONFLICT: it never stood there, since the database was restored.
   */
  async since(user: SessionUser, version: number | undefined): Promise<NotificationsSince> {
    const page = await this.deps.notifications.since(user.id, version)
    if ((version ?? 0) > page.version) {
      throw new AppError('CONFLICT', { message: 'There is nothing of this version: list the notifications anew.' })
    }
    return page
  }

  /**
   * Creates one notification for each recipient and tells them. With an `idempotencyKey` the same request again answers
   * the same and creates nothing.
   * @throws AppError NOT_FOUND (the one person asked for does not exist), CONFLICT (the key was used for another request).
   */
  async create(input: CreateNotifications, idempotencyKey?: string): Promise<NotificationsCreated> {
    const { userId, userIds, ...content } = input
    const made: Notification[] = []
    const work: CreateWork = async (repository) => {
      const recipients = userIds ?? (userId === undefined ? await repository.followers(content.topic ?? '') : [userId])
      // One order for all requests, so that two of them never wait for each other's people in a circle.
      const people = [...new Set(recipients)].sort()
      for (let i = 0; i < people.length; i += BATCH) {
        made.push(...(await repository.create(people.slice(i, i + BATCH), content)))
      }
      if (userId !== undefined && made.length === 0) {
        throw new AppError('NOT_FOUND', { message: 'There is nobody with this id.' })
      }
      return { count: made.length, ids: made.slice(0, limits.notificationIds).map((notification) => notification.id) }
    }
    const { answer, first } =
      idempotencyKey === undefined
        ? { answer: await work(this.deps.notifications), first: true }
        : await this.deps.idempotency.once(idempotencyKey, input, work)
    if (first) for (const notification of made) this.deps.publish({ type: 'notification', notification })
    return answer
  }

  /** @throws AppError NOT_FOUND (no such notification, or not one's own). */
  async setRead(user: SessionUser, id: string, read: boolean): Promise<NotificationUpdate> {
    const result = await this.deps.notifications.setStatus(user.id, id, read ? 'read' : 'unread')
    if (!result) throw notificationNotFound()
    if (result.changed) this.deps.publish({ type: 'notificationUpdated', userId: user.id, update: { id, read } })
    return { id, read }
  }

  /** @throws AppError NOT_FOUND (no such notification, or not one's own). */
  async delete(user: SessionUser, id: string): Promise<{ id: string }> {
    if (!(await this.deps.notifications.delete(user.id, id))) throw notificationNotFound()
    this.deps.publish({ type: 'notificationDeleted', userId: user.id, id })
    return { id }
  }

  /** Marks what there is now; what is created at the same moment is either before it (and read) or after it. */
  async markAllRead(user: SessionUser): Promise<{ count: number; version: number }> {
    const { count, version, upTo } = await this.deps.notifications.markAllRead(user.id)
    if (count > 0 && upTo !== null) {
      this.deps.publish({ type: 'notificationsRead', userId: user.id, swept: { version, upTo } })
    }
    return { count, version }
  }

  async clear(user: SessionUser): Promise<{ ids: string[]; version: number }> {
    const { ids, version, upTo } = await this.deps.notifications.clear(user.id)
    if (ids.length > 0 && upTo !== null) {
      this.deps.publish({ type: 'notificationsCleared', userId: user.id, swept: { version, upTo } })
    }
    return { ids, version }
  }

  /**
   * From now on this person gets what is sent to the topic.
   * @throws AppError FORBIDDEN (the topic is neither public nor granted to them), BAD_REQUEST beyond 200 topics.
   */
  async subscribe(user: SessionUser, topic: string): Promise<{ topics: string[] }> {
    const topics = await this.deps.notifications.subscribe(user.id, topic)
    if (topics === 'closed') {
      throw new AppError('FORBIDDEN', { message: `There is no topic “${topic}” that is open to you.` })
    }
    if (topics === 'full') {
      throw new AppError('BAD_REQUEST', { message: `You follow ${limits.topics} topics, which is the most.` })
    }
    return { topics }
  }

  async unsubscribe(user: SessionUser, topic: string): Promise<{ topics: string[] }> {
    return { topics: await this.deps.notifications.unsubscribe(user.id, topic) }
  }

  topics(user: SessionUser, cursor: string | undefined): Promise<TopicsPage> {
    return this.deps.notifications.topics(user.id, cursor)
  }
}

const notificationNotFound = (): AppError =>
  new AppError('NOT_FOUND', { message: 'This notification does not exist any more, or it is not yours.' })
