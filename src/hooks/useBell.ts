import { useMemo } from 'react'
import { notificationsWithChatUnread } from '@/client/notifications/chatUnread'
import { CHAT_UNREAD_ID, type NotificationsActions, type NotificationsView } from '@/client/notifications/view'
import type { Notification } from '@/contracts/notifications'
import { useAuth } from './useAuth'
import { useChat } from './useChat'
import { useNotificationList } from './useNotificationList'

/** What the bell shows: notifications, and one for all unread messages. */
export interface Bell extends NotificationsActions, Omit<NotificationsView, 'notifications' | 'unreadAndBetween'> {
  /** Newest first; before them the one that stands for unread chat messages, when there are any. */
  notifications: readonly Notification[]
  /** The same before all that is known of unread ones: see `NotificationsView`. */
  unreadAndBetween: readonly Notification[]
  /** Unread notifications and unread messages together: what the tab's title and icon show. The bell shows `unread`. */
  total: number
}

/** The one that stands for unread chat messages: it can be neither read nor removed. */
export const isChatUnread = ({ id }: Pick<Notification, 'id'>): boolean => id === CHAT_UNREAD_ID

const isToMessage = (link: string | undefined): boolean => link?.startsWith('/chat/') ?? false

/** What the bell shows: the person's notifications and what is unread in their chats. */
export const useBell = (): Bell => {
  const { user } = useAuth()
  const view = useNotificationList()
  const { rooms, unreadTotal } = useChat()
  const userId = user?.id ?? ''
  return useMemo(() => {
    const chats = { total: unreadTotal, rooms }
    // What names this person is unread in its conversation and tells of itself here: one thing.
    const named = rooms.reduce((sum, { unreadMentions }) => sum + unreadMentions, 0)
    const told = view.unreadAndBetween.filter(({ status, link }) => status === 'unread' && isToMessage(link))
    return {
      ...view,
      notifications: notificationsWithChatUnread(view.notifications, userId, chats),
      unreadAndBetween: notificationsWithChatUnread(view.unreadAndBetween, userId, chats),
      total: view.unread + unreadTotal - Math.min(named, told.length),
    }
  }, [view, userId, rooms, unreadTotal])
}
