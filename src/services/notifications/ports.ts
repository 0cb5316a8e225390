import type {
  Notification,
  NotificationContent,
  NotificationsCreated,
  NotificationsPage,
} from '@/contracts/notifications'
import type { ChangePreferencesInput, Digest, NotificationPreferences } from '@/contracts/preferences'
import type { TopicsPage } from '@/contracts/topics'

/** Which page of somebody's notifications. */
export interface NotificationQuery {
  cursor?: string | undefined
  status?: 'read' | 'unread' | undefined
  limit: number
  sinceVersion?: number | undefined
}

/** Each with the counter at its last change. */
export interface NotificationsSince {
  notifications: { version: number; notification: Notification }[]
  /** The person's counter now. */
  version: number
  hasMore: boolean
}

/** What a sweep did; `upTo` is null when there was nothing to sweep. */
export interface Sweep {
  version: number
  upTo: string | null
}

/** A notification before it is stored. */
export interface NewNotification extends NotificationContent {
  /** What it is sent to, where that is no person. */
  topic?: string | undefined
}

/** Notifications and who follows which topic. Each change counts up the person's version. */
export interface NotificationRepository {
  list(userId: string, query: NotificationQuery): Promise<NotificationsPage>
  /** A page of those with a newer version than this (absent: none), in its order; and the person's counter. */
  since(userId: string, version: number | undefined): Promise<NotificationsSince>
  /** The people who follow a topic that is open to them. */
  followers(topic: string): Promise<string[]>
  /** One for each person that exists, in one statement; at most a batch of people. */
  create(userIds: readonly string[], content: NewNotification): Promise<Notification[]>
  /** Null when it is not there, or not theirs. */
  setStatus(userId: string, id: string, status: 'read' | 'unread'): Promise<{ changed: boolean } | null>
  /** False when it is not there, or not theirs. */
  delete(userId: string, id: string): Promise<boolean>
  markAllRead(userId: string): Promise<Sweep & { count: number }>
  clear(userId: string): Promise<Sweep & { ids: string[] }>
  /** `closed`: neither public nor granted to them. `full`: they follow as many as one may. */
  subscribe(userId: string, topic: string): Promise<string[] | 'closed' | 'full'>
  unsubscribe(userId: string, topic: string): Promise<string[]>
  /** What they follow, and a page of what is open to them, by name, from after this name on. */
  topics(userId: string, after: string | undefined): Promise<TopicsPage>
}

/** By channel; what is left out was not chosen. */
type ChosenChannels = Partial<Record<string, boolean>>

/** What a person chose of what may alert them. A process of another version may have written what this one does not know. */
export interface ChosenAlerts {
  kinds: Partial<Record<string, ChosenChannels>>
  /** Of each topic that they follow. */
  topics: Record<string, ChosenChannels>
  quietHours: Partial<NotificationPreferences['quietHours']>
}

/** What somebody chose, as the table holds it: it may be of another version of the software. */
export interface ChosenPreferences extends ChosenAlerts {
  digest: string | null
  emailProved: boolean
}

/** Where preferences are kept. */
export interface PreferenceRepository {
  chosen(userId: string): Promise<ChosenPreferences>
  /** False, and nothing is changed, when one of the topics is not followed. */
  change(userId: string, change: ChangePreferencesInput): Promise<boolean>
  /** Somebody who is gone is no error. */
  chooseDigest(userId: string, digest: Digest): Promise<void>
  /** By what stands in each digest. False: it is nobody's. */
  endDigests(token: string): Promise<boolean>
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
