import type { WireError } from '@/contracts/errors'
import type { Notification } from '@/contracts/notifications'
import type { NotificationFilter } from './NotificationCache'

/** The id of the notification that stands for unread messages (requirements 000, NF-5). It is made up here and never stored. */
export const CHAT_UNREAD_ID = 'virtual-chat-unread'

/** This person's notifications, as far as they were loaded. A new object with every change. */
export interface NotificationsView {
  status: 'loading' | 'ready' | 'error'
  error: WireError | undefined
  /** Newest first, without those being deleted. */
  notifications: Notification[]
  /** The same and, further back, unread ones: none of those is missing down to the last, but read ones are. */
  unreadAndBetween: Notification[]
  /** Ids of those being deleted, oldest first: `undoRemove` still brings them back. */
  removing: readonly string[]
  /** Of all there are, not only of those loaded. */
  unread: number
  /** Whether the server has older ones: of all, and of those that are unread. */
  hasMore: Record<NotificationFilter, boolean>
  loadingMore: Record<NotificationFilter, boolean>
}

/** What one does with them. Promises resolve once the server has done it, and reject as `Transport.call` does. */
export interface NotificationsActions {
  setRead(id: string, read: boolean): Promise<void>
  markAllRead(): Promise<void>
  /** Hides it at once and deletes it a few seconds later, unless `undoRemove` comes before. */
  remove(id: string): void
  undoRemove(id: string): void
  clearAll(): Promise<void>
  /** The next page of all, or of those that are unread. */
  loadMore(filter: NotificationFilter): Promise<void>
  reload(): Promise<void>
}
