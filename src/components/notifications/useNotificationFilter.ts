import { useMemo, useState } from 'react'
import type { Notification } from '@/contracts/notifications'

export type NotificationFilter = 'all' | 'unread'

/** All, or those that are unread. */
export function useNotificationFilter(notifications: readonly Notification[]) {
  const [filter, setFilter] = useState<NotificationFilter>('all')
  const shown = useMemo(
    () => (filter === 'all' ? notifications : notifications.filter(({ status }) => status === 'unread')),
    [filter, notifications],
  )
  return { filter, setFilter, shown }
}
