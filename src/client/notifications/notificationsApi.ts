import type { z } from 'zod'
import { limits } from '@/contracts/limits'
import { notificationCommands, notificationQueries } from '@/contracts/notifications'
import type { PresenceMap } from '@/contracts/presence'
import type { HttpPort } from '../transport/ports'

type Page = z.output<typeof notificationQueries.listNotifications.data>

/** The HTTP routes of notifications and presence, typed by the contract. */
export const createNotificationsApi = (http: HttpPort) => ({
  list: (query: { cursor?: string; status?: 'unread'; sinceVersion?: number } = {}): Promise<Page> =>
    http.request({
      method: 'GET',
      path: '/api/notifications',
      // Whoever scrolls back wants many.
      query: { ...query, limit: query.cursor === undefined ? 30 : limits.notificationsPage },
      schema: notificationQueries.listNotifications.data,
    }),

  setRead: (id: string, read: boolean) =>
    http.request({
      method: 'PATCH',
      path: `/api/notifications/${encodeURIComponent(id)}`,
      body: { status: read ? 'read' : 'unread' },
      schema: notificationCommands.markAsRead.data,
    }),

  markAllRead: () =>
    http.request({
      method: 'PATCH',
      path: '/api/notifications',
      body: { status: 'read' },
      schema: notificationCommands.markAllAsRead.data,
    }),

  remove: (id: string) =>
    http.request({
      method: 'DELETE',
      path: `/api/notifications/${encodeURIComponent(id)}`,
      schema: notificationCommands.deleteNotification.data,
    }),

  clearAll: () =>
    http.request({
      method: 'DELETE',
      path: '/api/notifications/clear-all',
      schema: notificationCommands.clearAll.data,
    }),

  presence: (): Promise<PresenceMap> =>
    http.request({ method: 'GET', path: '/api/presence', schema: notificationCommands['presence:sync'].data }),
})

export type NotificationsApi = ReturnType<typeof createNotificationsApi>
