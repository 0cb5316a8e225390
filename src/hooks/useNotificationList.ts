import { useMemo } from 'react'
import type { NotificationsActions, NotificationsView } from '@/client/notifications/view'
import { running, useClient } from './useClient'
import { useStore } from './useStore'

const STARTING: NotificationsView = {
  status: 'loading',
  error: undefined,
  notifications: [],
  unreadAndBetween: [],
  removing: [],
  unread: 0,
  hasMore: { all: false, unread: false },
  loadingMore: { all: false, unread: false },
}

/** The person's notifications, newest first, kept current in every tab and on every device. */
export const useNotificationList = (): NotificationsView & NotificationsActions => {
  const client = useClient()
  const view = useStore(client?.notifications.view, STARTING)
  const actions = useMemo(
    (): NotificationsActions => ({
      setRead: async (id, read) => running(client).notifications.setRead(id, read),
      markAllRead: async () => running(client).notifications.markAllRead(),
      remove: (id) => running(client).notifications.remove(id),
      undoRemove: (id) => running(client).notifications.undoRemove(id),
      clearAll: async () => running(client).notifications.clearAll(),
      loadMore: async (filter) => running(client).notifications.loadMore(filter),
      reload: async () => running(client).notifications.reload(),
    }),
    [client],
  )
  return useMemo(() => ({ ...view, ...actions }), [view, actions])
}
