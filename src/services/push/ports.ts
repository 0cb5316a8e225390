import type { PushPayload, PushSubscriptionInput } from '@/contracts/push'
import type { ChosenAlerts } from '../notifications/ports'
import type { LastSeen } from '../presence/ports'

/** A browser that wants to be told. */
export interface NewSubscription extends PushSubscriptionInput {
  id: string
  userId: string
  /** The session's public id: it ends with it. */
  sessionId: string
}

/** The browsers of people who switched push on. */
export interface PushSubscriptions {
  /** The oldest of more than `most` goes. `taken`: the address is another person's, with other keys. `ended`: its session is over. */
  add(subscription: NewSubscription, most: number): Promise<'added' | 'taken' | 'ended'>
  remove(userId: string, endpoint: string): Promise<void>
}

/** What is unread of a conversation, of what may call for attention. */
export interface UnreadRoom {
  kind: 'direct' | 'group'
  name: string | null
  mutedUntil: string | null
  /** Of the newest message. */
  text: string
  senderName: string
  picture: string | null
  /** At most 100 are counted. */
  count: number
  /** Something unread there names them. */
  mentioned: boolean
}

/** A notification that is unread, as it is in its table. */
export interface UnreadNotification {
  id: string
  title: string
  message: string
  type: 'info' | 'warning' | 'error' | 'success'
  link: string | null
  topic: string | null
  picture: string | null
}

/** What one browser may be told now. */
export interface WaitingPush {
  subscription: {
    id: string
    /** Of the push service. */
    server: string
    endpoint: string
    keys: PushSubscriptionInput['keys']
    /** Attempts that failed since the last one that did not. */
    failures: number
  }
  tag: string
  /** What came in since it was told. */
  news: number
  /** How often it was told while nothing of it was read, and how long ago for the last time. */
  told: number
  toldMs: number
  person: LastSeen & { permissions: readonly string[]; chosen: ChosenAlerts }
  /** How long ago the newest of it happened, and the first that was not told yet. */
  newestMs: number
  oldestMs: number
  /** Null: nothing of it is unread. */
  room: (UnreadRoom & { id: string }) | null
  /** The newest first. */
  notifications: UnreadNotification[]
  /** All that were noted, also those that are read or gone. */
  notificationIds: string[]
}

/** How many pushes to take, for how long (milliseconds), and of which browsers none. */
export interface TakeOptions {
  most: number
  /** Whoever does not say within so long what became of it has died. */
  leaseMs: number
  /** Of each browser one is under way at a time, of one server at most so many. */
  mostOfServer: number
  underWay: readonly WaitingPush[]
}

/** What waits to be told to browsers. */
export interface PushQueue {
  /** Finds for some of what happened the browsers that may be told of it, after so long. `more`: there may be more of it. */
  spread(delayMs: number): Promise<'none' | 'some' | 'more'>
  /** Some of what is due. */
  take(options: TakeOptions): Promise<WaitingPush[]>
  /** It needs not be told; what came in meanwhile is told after so long. */
  done(push: WaitingPush, delayMs: number): Promise<void>
  /** It got through: whatever failed there before is over. For `rememberMs` it is known how often it was told. */
  sent(push: WaitingPush, times: { delayMs: number; rememberMs: number }): Promise<void>
  postpone(push: WaitingPush, ms: number): Promise<void>
  /** Resolves to how many pushes of this browser are given up with it. */
  failed(push: WaitingPush, times: { retryMs: number; giveUpMs: number; forgetMs: number }): Promise<number>
  /** There is no such browser any more. */
  gone(push: WaitingPush): Promise<void>
  /** When the next is due, in milliseconds; null: nothing waits. */
  nextInMs(): Promise<number | null>
}

/** Hands a push to the browser's push service. */
export interface PushSender {
  /** @throws where there is no answer. */
  send(request: PushRequest, signal: AbortSignal): Promise<{ status: number; retryAfterMs: number | undefined }>
}

/** One push, before it is encrypted. */
export interface PushRequest {
  endpoint: string
  keys: PushSubscriptionInput['keys']
  payload: PushPayload
  /** How long the push service keeps it for a browser that is not there, in seconds. */
  ttlSeconds: number
  /** `high` wakes a phone that sleeps. */
  urgency: 'normal' | 'high'
}
