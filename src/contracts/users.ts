import { z } from 'zod'
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
  avatarImage: z.string().optional(),
  /** An admin whose session may do what any person may, until it has a second factor. */
  needsSecondFactor: z.literal(true).optional(),
})
export type CurrentUser = z.infer<typeof CurrentUser>

/** Somebody one can start a chat with. */
export const Person = z.object({ id: Id, name: z.string(), avatarImage: z.string().optional() })
export type Person = z.infer<typeof Person>

export const FindUsersInput = z.object({
  query: text('A query')
    .pipe(z.string().trim().max(limits.queryLength, `A query has at most ${limits.queryLength} characters.`))
    .default(''),
})
export const FindUsersData = z.object({ users: z.array(Person).max(limits.usersPage) })
export type FindUsersData = z.infer<typeof FindUsersData>

/** The people search; over HTTP only. */
export const userQueries = commandTable(null, {
  findUsers: command({
    input: FindUsersInput,
    data: FindUsersData,
    http: 'GET /api/users',
    permission: 'users:search',
    limit: 'search',
    takesTurns: true,
  }),
})
