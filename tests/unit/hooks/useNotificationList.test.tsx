// @vitest-environment jsdom
import { act, renderHook } from '@testing-library/react'
import { expect, test } from 'vitest'
import { useNotificationList } from '@/hooks/useNotificationList'
import { around, notification, notificationsPage, openPage, untilShown } from './support/openPage'

const openList = async () => {
  const page = await openPage({
    listNotifications: () => notificationsPage([notification('first')]),
    ping: () => ({
      lastSeen: '2026-01-01T00:00:00.000Z',
      asOf: '2026-01-01T00:00:00.000Z',
      nextPingMs: 25_000,
      rooms: {},
      notifications: { version: 0, unread: 1 },
    }),
    markAsRead: ({ notificationId, read }: { notificationId: string; read: boolean }) => ({ id: notificationId, read }),
    deleteNotification: ({ notificationId }: { notificationId: string }) => ({ id: notificationId }),
  })
  const { result } = renderHook(useNotificationList, page)
  await untilShown(() => result.current.status === 'ready')
  await untilShown(() => page.client.socket.linkOf('/notifications')?.connected)
  return { page, result, ids: () => result.current.notifications.map(({ id }) => id) }
}

test('a page that has just been opened is loading, and can do nothing yet', async () => {
  const { result } = renderHook(useNotificationList, { wrapper: around(null) })

  expect(result.current).toMatchObject({ status: 'loading', notifications: [], unread: 0 })
  await expect(result.current.markAllRead()).rejects.toMatchObject({ code: 'UNAVAILABLE' })
})

test('it shows the newest page and what comes after it', async () => {
  const { page, result, ids } = await openList()
  expect(ids()).toEqual(['first'])

  page.emit('/notifications', 'newNotification', notification('second', { createdAt: '2026-01-02T00:00:00.000Z' }))
  await untilShown(() => ids().length === 2)

  expect(ids()).toEqual(['second', 'first'])
  expect(result.current.unread).toBe(2)
})

test('one is marked as read where the server says so', async () => {
  const { page, result } = await openList()

  await act(() => result.current.setRead('first', true))
  expect(page.asked('markAsRead')).toEqual([{ notificationId: 'first', read: true }])
  page.emit('/notifications', 'notificationUpdate', { id: 'first', read: true })
  await untilShown(() => result.current.unread === 0)

  expect(result.current.notifications).toMatchObject([{ id: 'first', status: 'read' }])
})

test('one that is removed is hidden at once, and deleted only if nobody brings it back', async () => {
  const { page, result, ids } = await openList()

  act(() => result.current.remove('first'))
  await untilShown(() => ids().length === 0)
  expect([ids(), result.current.removing, result.current.unread]).toEqual([[], ['first'], 0])
  act(() => result.current.undoRemove('first'))
  await untilShown(() => ids().length === 1)
  expect(page.asked('deleteNotification')).toEqual([])

  act(() => result.current.remove('first'))
  page.client.notifications.flushRemovals()
  await untilShown(() => page.asked('deleteNotification').length === 1)
})
