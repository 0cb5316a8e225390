import * as z from 'zod/mini'
import { command, commandTable, httpForm } from './command'
import { limits } from './limits'
import { atMost, Counter, Cursor, Id, Timestamp } from './primitives'

/** Whether somebody has a page open (`away`: not looked at), and when they were last seen. */
export const Presence = z.object({ isOnline: z.boolean(), lastSeen: Timestamp, away: z.optional(z.boolean()) })
export type Presence = z.infer<typeof Presence>

/**
 * `lastSeen` of a participant whose presence one is not told: it is told to people who share a group, or a direct room in
 * which both have written, and never to whom one has blocked. Such a participant is offline, always.
 */
export const NEVER_SEEN = '1970-01-01T00:00:00.000Z'

/** What is said of somebody whose presence one is not told. */
export const HIDDEN_PRESENCE = { isOnline: false, lastSeen: NEVER_SEEN } as const

/** Presence by the person's id. */
export const PresenceMap = z.record(Id, Presence)
export type PresenceMap = z.infer<typeof PresenceMap>

const presenceIds = atMost(limits.presenceIds, 'people', z.array(Id))

export const PresenceSyncInput = z.optional(z.object({ ids: z.optional(presenceIds) }))

/** In a query the ids are one value, with commas. */
export const presenceForm = httpForm(
  z.object({ ids: z.optional(z.string()) }),
  ({ ids }) => (ids === undefined ? undefined : { ids: ids.split(',').filter((id) => id !== '') }),
  (input) => (input?.ids === undefined ? {} : { ids: input.ids.join(',') }),
)

/** The presence of one person, for other services. */
export const UserStatus = z.extend(Presence, { userId: Id })
export type UserStatus = z.infer<typeof UserStatus>

/** Who is there, for other services. `total` counts all of them. */
export const OnlineUsersPage = z.object({
  users: z.array(z.object({ userId: Id, isOnline: z.boolean(), lastSeen: Timestamp })),
  nextCursor: z.nullable(Cursor),
  total: Counter,
})
export type OnlineUsersPage = z.infer<typeof OnlineUsersPage>

/** The status API for other services, on the socket server's port (requirements 003). */
export const statusQueries = commandTable(null, {
  /** Everybody who is here. */
  usersOnline: command({
    input: z.object({ cursor: z.optional(Cursor) }),
    data: OnlineUsersPage,
    http: 'GET /users/online',
    permission: 'service:presence',
    limit: null,
  }),
  /** Whether somebody is here. */
  userStatus: command({
    input: z.object({ userId: Id }),
    data: UserStatus,
    http: 'GET /users/:userId/status',
    permission: 'service:presence',
    limit: null,
    errors: ['NOT_FOUND'],
  }),
  /** Whether these are here; null for whom there is not. */
  userStatusBulk: command({
    input: z.object({
      userIds: atMost(limits.presenceIds, 'people', z.array(Id, { error: 'userIds is a list of ids.' })),
    }),
    data: z.object({ statuses: z.record(Id, z.nullable(Presence)) }),
    http: 'POST /users/status/bulk',
    permission: 'service:presence',
    limit: null,
  }),
})
