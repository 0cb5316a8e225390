import type {
  Notification,
  NotificationContent,
  NotificationsCreated,
  NotificationsPage,
} from '@/contracts/notifications'

export interface NotificationQuery {
  cursor?: string | undefined
  status?: 'read' | 'unread' | undefined
  limit: number
  sinceVersion?: number | undefined
}

/** What a sweep did; `upTo` is null when there was nothing to sweep. */
export interface Sweep {
  version: number
  upTo: string | null
}

export interface NotificationRepository {
  list(userId: string, query: NotificationQuery): Promise<NotificationsPage>
  /** The people who follow a topic that is open to them. */
  followers(topic: string): Promise<string[]>
  /** One for each person that exists, in one statement; at most a batch of people. */
  create(userIds: readonly string[], content: NotificationContent): Promise<Notification[]>
  /** Null when it is not there, or not theirs. */
  setStatus(userId: string, id: string, status: 'read' | 'unread'): Promise<{ changed: boolean } | null>
  /** False when it is not there, or not theirs. */
  delete(userId: string, id: string): Promise<boolean>
  markAllRead(userId: string): Promise<Sweep & { count: number }>
  clear(userId: string): Promise<Sweep & { ids: string[] }>
  /** `closed`: neither public nor granted to them. `full`: they follow as many as one may. */
  subscribe(userId: string, topic: string): Promise<string[] | 'closed' | 'full'>
  unsubscribe(userId: string, topic: string): Promise<string[]>
}

/** Creates notifications through the given repository, which may be inside a transaction. */
export type CreateWork = (repository: NotificationRepository) => Promise<NotificationsCreated>

/** Runs work once for each key, in one transaction with the note that it was done. */
export interface Idempotency {
  /**
   * The answer of the first call with this key; `work` runs only then. Calls at the same time wait for the first.
   * @throws AppError CONFLICT when the key was used for another request.
   */
  once(key: string, request: unknown, work: CreateWork): Promise<{ answer: NotificationsCreated; first: boolean }>
}
