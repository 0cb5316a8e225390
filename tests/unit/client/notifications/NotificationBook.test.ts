import { expect, test } from 'vitest'
import { NotificationBook } from '@/client/notifications/NotificationBook'
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
function bookWithUnreadBelow() {
  const book = new NotificationBook()
  book.adoptFirstPage(page([numbered(9), numbered(8)], 'below 8', 2))
  book.adoptOlderPage('unread', page([numbered(5, 'unread')], 'unread below 5', 2))
  return book
}

test('unread ones that lie further back are no part of all until everything between is loaded', () => {
  const book = bookWithUnreadBelow()
  expect(ids(book.all())).toEqual(['n9', 'n8'])
  expect(ids(book.unreadAndBetween())).toEqual(['n9', 'n8', 'n5'])

  book.adoptOlderPage('all', page([numbered(7), numbered(6)], 'below 6'))
  expect(ids(book.all())).toEqual(['n9', 'n8', 'n7', 'n6'])
  expect(book.nextCursor('unread')).toBe('unread below 5')
  book.adoptOlderPage('all', page([numbered(5, 'unread'), numbered(4)], 'below 4'))
  expect(ids(book.all())).toEqual(['n9', 'n8', 'n7', 'n6', 'n5', 'n4'])
})

test('what was loaded of all is not asked for again as unread', () => {
  const book = bookWithUnreadBelow()
  book.adoptOlderPage('all', page([numbered(7), numbered(6), numbered(5, 'unread'), numbered(4)], 'below 4'))
  expect(book.nextCursor('unread')).toBe('below 4')
})

test('the last page of all is the last of the unread ones', () => {
  const book = bookWithUnreadBelow()
  book.adoptOlderPage('all', page([numbered(7), numbered(5, 'unread')], null))
  expect(book.nextCursor('all')).toBeNull()
  expect(book.nextCursor('unread')).toBeNull()
})

test('one that is unread again and was not loaded calls for a new look', () => {
  const book = bookWithUnreadBelow()
  expect(book.update({ id: 'n7', read: false })).toBe(false)
  expect(book.update({ id: 'n5', read: true })).toBe(true)
  expect(book.unread).toBe(2)
})

test('a sweep counts and clears what lies beyond all as well', () => {
  const book = bookWithUnreadBelow()
  book.sweepRead({ version: 11, upTo: numbered(9).createdAt })
  expect(book.unread).toBe(0)
  book.sweepAway({ version: 12, upTo: numbered(9).createdAt })
  expect(book.unreadAndBetween()).toEqual([])
  expect(book.nextCursor('unread')).toBeNull()
})

test('an older page leaves the lists in order, whether it continues them or lies between', () => {
  const book = bookWithUnreadBelow()
  const before = book.all()
  book.adoptOlderPage('unread', page([numbered(3, 'unread'), numbered(2, 'unread')], 'unread below 2'))
  expect(ids(book.unreadAndBetween())).toEqual(['n9', 'n8', 'n5', 'n3', 'n2'])
  expect(ids(book.all())).toEqual(['n9', 'n8'])
  book.adoptOlderPage('all', page([numbered(7), numbered(6), numbered(5, 'unread'), numbered(4)], 'below 4'))
  expect(ids(book.unreadAndBetween())).toEqual(['n9', 'n8', 'n7', 'n6', 'n5', 'n4', 'n3', 'n2'])
  expect(ids(book.all())).toEqual(['n9', 'n8', 'n7', 'n6', 'n5', 'n4'])
  expect(ids(before)).toEqual(['n9', 'n8'])
})
