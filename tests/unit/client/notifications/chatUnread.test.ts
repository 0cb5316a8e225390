import { describe, expect, it } from 'vitest'
import { notificationsWithChatUnread } from '@/client/notifications/chatUnread'
import { CHAT_UNREAD_ID } from '@/client/notifications/view'
import type { Notification } from '@/contracts/notifications'

const stored: Notification = {
  id: 'n1',
  title: 'Backup failed',
  message: 'The disk did not answer.',
  type: 'error',
  status: 'read',
  createdAt: '2026-01-02T10:00:00.000Z',
  userId: 'ada',
}

const room = (unread: number, createdAt: string) => ({ unread, updatedAt: createdAt, lastMessage: { createdAt } })

describe('the notification that stands for unread chat messages', () => {
  it('is first, unread, and says how many there are in all', () => {
    const rooms = [room(2, '2026-01-02T09:00:00.000Z'), room(1, '2026-01-02T09:30:00.000Z')]
    const [first, second, ...rest] = notificationsWithChatUnread([stored], 'ada', { total: 3, rooms })
    expect(first).toMatchObject({ id: CHAT_UNREAD_ID, status: 'unread', message: '3 unread messages', userId: 'ada' })
    expect(second).toBe(stored)
    expect(rest).toEqual([])
  })

  it('is dated like the newest unread message, whatever was read after it', () => {
    const rooms = [room(0, '2026-01-03T00:00:00.000Z'), room(1, '2026-01-02T09:30:00.000Z')]
    const [first] = notificationsWithChatUnread([], 'ada', { total: 1, rooms })
    expect(first?.createdAt).toBe('2026-01-02T09:30:00.000Z')
    expect(first?.message).toBe('1 unread message')
  })

  it('is not there when everything is read', () => {
    const notifications = [stored]
    expect(notificationsWithChatUnread(notifications, 'ada', { total: 0, rooms: [] })).toBe(notifications)
  })
})
