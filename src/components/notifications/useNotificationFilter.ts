import { useMemo, useState } from 'react'
import type { NotificationFilter } from '@/client/notifications/NotificationCache'
import type { Bell } from '@/hooks/useBell'

const none: ReadonlySet<string> = new Set()

/**
 * All, or those that are unread. One that is read while only unread ones are shown keeps its place until another filter is
 * chosen: nothing moves under the pointer, and it can be marked as unread again. When all are read at once they go.
 */
export function useNotificationFilter({ notifications, unreadAndBetween }: Bell) {
  const [filter, setFilter] = useState<NotificationFilter>('all')
  /** Those that were unread when they were shown; null: those that are read now are not kept. */
  const [kept, setKept] = useState<ReadonlySet<string> | null>(none)
  const unread = useMemo(() => unreadAndBetween.filter(({ status }) => status === 'unread'), [unreadAndBetween])
  const added = filter === 'unread' && kept !== null ? unread.filter(({ id }) => !kept.has(id)) : []

  if (kept !== null && added.length > 0) setKept(new Set([...kept, ...added.map(({ id }) => id)]))
  // The last one is gone: what comes from now on is kept again.
  if (kept === null && unread.length === 0) setKept(none)

  const shown = useMemo(() => {
    if (filter === 'all') return notifications
    return unreadAndBetween.filter(({ id, status }) => status === 'unread' || kept?.has(id))
  }, [filter, notifications, unreadAndBetween, kept])

  return {
    filter,
    shown,
    setFilter: (chosen: NotificationFilter) => {
      setFilter(chosen)
      setKept(none)
    },
    /** Those that are read, now and in a moment, need not keep their place. */
    letGo: () => setKept(null),
  }
}
