import { z } from 'zod'
import { command } from './command'
import { limits } from './limits'
import { atMost, Counter, Cursor, Id, Timestamp } from './primitives'

export const Presence = z.object({ isOnline: z.boolean(), lastSeen: Timestamp, away: z.boolean().optional() })
export type Presence = z.infer<typeof Presence>

export const PresenceMap = z.record(Id, Presence)
export type PresenceMap = z.infer<typeof PresenceMap>

export const PresenceSyncInput = z
  .object({
    ids: atMost(limits.presenceIds, 'people', z.array(Id)).optional(),
  })
  .optional()

export const UserStatus = Presence.extend({ userId: Id })
export type UserStatus = z.infer<typeof UserStatus>

export const OnlineUsersPage = z.object({
  users: z.array(z.object({ userId: Id, isOnline: z.boolean(), lastSeen: Timestamp })),
  nextCursor: Cursor.nullable(),
  total: Counter,
})
export type OnlineUsersPage = z.infer<typeof OnlineUsersPage>

/** The status API for other services, on the socket server's port (requirements 003). */
export const statusQueries = {
  online: command(z.object({ cursor: Cursor.optional() }), OnlineUsersPage),
  status: command(z.object({ userId: Id }), UserStatus),
  bulk: command(
    z.object({
      userIds: atMost(limits.presenceIds, 'people', z.array(Id, { error: 'userIds is a list of ids.' })),
    }),
    z.object({ statuses: z.record(Id, Presence.nullable()) }),
  ),
}
