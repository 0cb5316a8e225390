import { expect, test } from 'vitest'
import { NotificationCache } from '@/client/notifications/NotificationCache'
import type { Notification, NotificationsPage } from '@/contracts/notifications'

/** Number 1 is the oldest. */
const numbered = (number: number, status: Notification['status'] = 'read'): Notification => ({
  id: `n${number}`,
  title: `Number ${number}`,
  message: '',
  type: 'info',
  status,
  createdAt: new Date(number * 1_000).toISOString(),
  userId: 'ada',
})

const page = (notifications: Notification[], nextCursor: string | null, unread = 0): NotificationsPage => ({
  notifications,
  nextCursor,
  unread,
  version: 10,
})

const ids = (notifications: readonly Notification[]) => notifications.map(({ id }) => id)

/** Numbers 9 and 8 are loaded; 5 is the next that is unread. */
function cacheWithUnreadBelow() {
  const cache = new NotificationCache()
  cache.adoptFirstPage(page([numbered(9), numbered(8)], 'below 8', 2))
  cache.adoptOlderPage('unread', page([numbered(5, 'unread')], 'unread below 5', 2))
  return cache
}

test('unread ones that lie further back are no part of all until everything between is loaded', () => {
  const cache = cacheWithUnreadBelow()
  expect(ids(cache.all())).toEqual(['n9', 'n8'])
  expect(ids(cache.unreadAndBetween())).toEqual(['n9', 'n8', 'n5'])

  cache.adoptOlderPage('all', page([numbered(7), numbered(6)], 'below 6'))
  expect(ids(cache.all())).toEqual(['n9', 'n8', 'n7', 'n6'])
  expect(cache.nextCursor('unread')).toBe('unread below 5')
  cache.adoptOlderPage('all', page([numbered(5, 'unread'), numbered(4)], 'below 4'))
  expect(ids(cache.all())).toEqual(['n9', 'n8', 'n7', 'n6', 'n5', 'n4'])
})

test('what was loaded of all is not asked for again as unread', () => {
  const cache = cacheWithUnreadBelow()
  cache.adoptOlderPage('all', page([numbered(7), numbered(6), numbered(5, 'unread'), numbered(4)], 'below 4'))
  expect(cache.nextCursor('unread')).toBe('below 4')
})

test('the last page of all is the last of the unread ones', () => {
  const cache = cacheWithUnreadBelow()
  cache.adoptOlderPage('all', page([numbered(7), numbered(5, 'unread')], null))
  expect(cache.nextCursor('all')).toBeNull()
  expect(cache.nextCursor('unread')).toBeNull()
})

test('one that is unread again and was not loaded calls for a new look', () => {
  const cache = cacheWithUnreadBelow()
  expect(cache.update({ id: 'n7', read: false })).toBe(false)
  expect(cache.update({ id: 'n5', read: true })).toBe(true)
  expect(cache.unread).toBe(2)
})

test('a sweep counts and clears what lies beyond all as well', () => {
  const cache = cacheWithUnreadBelow()
  cache.sweepRead({ version: 11, upTo: numbered(9).createdAt })
  expect(cache.unread).toBe(0)
  cache.sweepAway({ version: 12, upTo: numbered(9).createdAt })
  expect(cache.unreadAndBetween()).toEqual([])
  expect(cache.nextCursor('unread')).toBeNull()
})

test('an older page leaves the lists in order, whether it continues them or lies between', () => {
  const cache = cacheWithUnreadBelow()
  const before = cache.all()
  cache.adoptOlderPage('unread', page([numbered(3, 'unread'), numbered(2, 'unread')], 'unread below 2'))
  expect(ids(cache.unreadAndBetween())).toEqual(['n9', 'n8', 'n5', 'n3', 'n2'])
  expect(ids(cache.all())).toEqual(['n9', 'n8'])
  cache.adoptOlderPage('all', page([numbered(7), numbered(6), numbered(5, 'unread'), numbered(4)], 'below 4'))
  expect(ids(cache.unreadAndBetween())).toEqual(['n9', 'n8', 'n7', 'n6', 'n5', 'n4', 'n3', 'n2'])
  expect(ids(cache.all())).toEqual(['n9', 'n8', 'n7', 'n6', 'n5', 'n4'])
  expect(ids(before)).toEqual(['n9', 'n8'])
})
