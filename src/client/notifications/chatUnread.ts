import type { Notification } from '@/contracts/notifications'
import { CHAT_UNREAD_ID } from './view'

interface UnreadRoom {
  unread: number
  updatedAt: string
  lastMessage?: { createdAt: string } | undefined
}

/** What a chat's unread messages say of themselves, in all conversations together. */
export interface ChatUnread {
  total: number
  rooms: readonly UnreadRoom[]
}

const latest = (rooms: readonly UnreadRoom[]) =>
  rooms
    .filter(({ unread }) => unread > 0)
    .map(({ lastMessage, updatedAt }) => lastMessage?.createdAt ?? updatedAt)
    .reduce((a, b) => (a < b ? b : a), '')

/** "1 unread message", "3 unread messages". */
export const unreadMessagesText = (total: number): string => `${total} unread message${total === 1 ? '' : 's'}`

/**
 * The notifications with the one that stands for unread chat messages (requirements 000, NF-5) before them; without it
 * when everything is read. It is dated like the newest unread message that is known.
 */
export const notificationsWithChatUnread = (
  notifications: readonly Notification[],
  userId: string,
  { total, rooms }: ChatUnread,
): readonly Notification[] => {
  if (total <= 0) return notifications
  const virtual: Notification = {
    id: CHAT_UNREAD_ID,
    title: 'Chats',
    message: unreadMessagesText(total),
    type: 'info',
    status: 'unread',
    createdAt: latest(rooms) || (notifications[0]?.createdAt ?? new Date(0).toISOString()),
    userId,
    avatarIcon: 'chat',
  }
  return [virtual, ...notifications]
}
