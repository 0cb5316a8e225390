import type { ChatMessage, MessagesRead, Typing } from '@/contracts/chat'
import type { Notification, NotificationsSwept, NotificationUpdate } from '@/contracts/notifications'
import type { PresenceMap } from '@/contracts/presence'

/** A message is new; or one that was sent before has a new `rev`. */
export type MessageChange = { type: 'message'; message: ChatMessage } | { type: 'messageUpdated'; message: ChatMessage }

/** A notification is new, or was taken back. */
export type NotificationChange =
  | { type: 'notification'; notification: Notification }
  | { type: 'notificationDeleted'; userId: string; id: string }

/** What changed, with all that has to be said of it. */
export type Change =
  | MessageChange
  /** `toReader`: so many are in the room that nobody else is told. */
  | { type: 'read'; read: MessagesRead; toReader?: boolean | undefined }
  /** Somebody begins to type, goes on, or has stopped; kept nowhere. */
  | { type: 'typing'; typing: Typing }
  /** A room is new, or somebody came into it: these people see it from here on. */
  | { type: 'room'; roomId: string; memberIds: readonly string[] }
  /** What is said of a room changed, for these members (absent: all). */
  | { type: 'roomUpdated'; roomId: string; userIds?: readonly string[] | undefined }
  | { type: 'removed'; roomId: string; userId: string }
  | NotificationChange
  | { type: 'notificationUpdated'; userId: string; update: NotificationUpdate }
  | { type: 'notificationsRead'; userId: string; swept: NotificationsSwept }
  | { type: 'notificationsCleared'; userId: string; swept: NotificationsSwept }
  | { type: 'sessionEnded'; sessionId: string }
  /** What this person may do, or whether their account is open. */
  | { type: 'userChanged'; userId: string }
  /** What these people follow changed, or what they may follow. */
  | { type: 'settings'; userIds: readonly string[] }
  /** This person has blocked another one, or unblocked them. */
  | { type: 'block'; userId: string; otherId: string; blocked: boolean }
  /** Each has now written to the other: from here on they are told each other's presence. */
  | { type: 'acquainted'; userIds: readonly [string, string] }
  | { type: 'presence'; presence: PresenceMap; audience: readonly string[] }

/**
 * The one way out for a change: to be called after its transaction committed and before it is acknowledged. Delivery is
 * best effort: a client that misses an event finds the hole and catches up from the database. Never throws.
 */
export type Publish = (change: Change) => void
