import type { WireError } from '@/contracts/errors'
import type { Notification } from '@/contracts/notifications'
import type { PresenceMap } from '@/contracts/presence'

/** The id of the notification that stands for unread messages (requirements 000, NF-5). It is made up here and never stored. */
export const CHAT_UNREAD_ID = 'virtual-chat-unread'

export interface NotificationsView {
  status: 'loading' | 'ready' | 'error'
  error: WireError | undefined
  /** Newest first, without those being deleted. */
  notifications: Notification[]
  /** Ids of those being deleted, oldest first: `undoRemove` still brings them back. */
  removing: readonly string[]
  /** Of all there are, not only of those loaded. */
  unread: number
  hasMore: boolean
  loadingMore: boolean
}

export interface NotificationsActions {
  setRead(id: string, read: boolean): Promise<void>
  markAllRead(): Promise<void>
  /** Hides it at once and deletes it a few seconds later, unless `undoRemove` comes before. */
  remove(id: string): void
  undoRemove(id: string): void
  clearAll(): Promise<void>
  loadMore(): Promise<void>
  reload(): Promise<void>
}

/** What is known of the people one shares a room with; absent: nothing yet. */
export type PresenceView = PresenceMap
