import * as z from 'zod/mini'
import { command, commandTable } from './command'
import { limits } from './limits'
import { Permission, Role } from './permissions'
import { Id, text } from './primitives'

/** The signed-in person, as they see themselves. */
export const CurrentUser = z.object({
  id: Id,
  name: z.string(),
  email: z.string(),
  role: Role,
  /** What they may do, by role and personal list. */
  permissions: z.array(Permission),
  avatarImage: z.optional(z.string()),
  /** An admin whose session may do what any person may, until it has a second factor. */
  needsSecondFactor: z.optional(z.literal(true)),
})
export type CurrentUser = z.infer<typeof CurrentUser>

/** Somebody one can start a chat with. */
export const Person = z.object({ id: Id, name: z.string(), avatarImage: z.optional(z.string()) })
export type Person = z.infer<typeof Person>

export const FindUsersInput = z.object({
  query: z._default(
    z.pipe(
      text('A query'),
      z
        .string()
        .check(z.trim(), z.maxLength(limits.queryLength, `A query has at most ${limits.queryLength} characters.`)),
    ),
    '',
  ),
})
/** At most `limits.usersPage` people, and whether one could be invited. */
export const FindUsersData = z.object({
  users: z.array(Person).check(z.maxLength(limits.usersPage)),
  /** What was looked for is an address that nobody has, and whoever asks may have an invite mailed to it. */
  invites: z.optional(z.literal(true)),
})
export type FindUsersData = z.infer<typeof FindUsersData>

/** The people search; over HTTP only. */
export const userQueries = commandTable(null, {
  /** People to start a conversation with, by name. */
  findUsers: command({
    input: FindUsersInput,
    data: FindUsersData,
    http: 'GET /api/users',
    permission: 'users:search',
    limit: 'search',
    takesTurns: true,
  }),
})
