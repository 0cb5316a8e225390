import * as z from 'zod/mini'
import { command, commandTable } from './command'
import { limits } from './limits'
import { Permission, Role } from './permissions'
import { Counter, Cursor, Id, Timestamp, text } from './primitives'

const PermissionList = z.array(Permission)

/** What a person's own list changes of their role's permissions. A permission stands in one of the two at most. */
export const PersonalPermissions = z.object({ added: PermissionList, removed: PermissionList }).check(
  z.refine(({ added, removed }) => !added.some((permission) => removed.includes(permission)), {
    error: 'A permission can be added or removed, not both.',
  }),
)
export type PersonalPermissions = z.infer<typeof PersonalPermissions>

/** Somebody with an account, as those see them who manage people. */
export const Account = z.object({
  id: Id,
  name: z.string(),
  email: z.string(),
  avatarImage: z.optional(z.string()),
  role: Role,
  /** It cannot sign in and has no sessions. */
  disabled: z.boolean(),
  permissions: z.object({
    /** What they may do by role and list together. */
    effective: PermissionList,
    added: PermissionList,
    removed: PermissionList,
  }),
  /** Browsers in which they are signed in. */
  sessions: Counter,
  lastSeen: Timestamp,
})
export type Account = z.infer<typeof Account>

/** Which accounts: all, or those that the query finds. */
export const ListAccountsInput = z.object({
  /** Part of the name or the address. */
  query: z._default(
    z.pipe(text('A query'), z.string().check(z.trim(), z.maxLength(100, 'A query has at most 100 characters.'))),
    '',
  ),
  cursor: z.optional(Cursor),
})

/** By name. `roles` is what each role allows. */
export const AccountsPage = z.object({
  users: z.array(Account).check(z.maxLength(limits.accountsPage)),
  nextCursor: z.nullable(Cursor),
  roles: z.record(Role, PermissionList),
})
export type AccountsPage = z.infer<typeof AccountsPage>

/** What is left out stays as it is. */
export const ChangeAccountInput = z
  .object({
    id: Id,
    role: z.optional(Role),
    /** The whole list, in place of the one before. */
    permissions: z.optional(PersonalPermissions),
    disabled: z.optional(z.boolean()),
  })
  .check(
    z.refine(({ role, permissions, disabled }) => role !== undefined || permissions || disabled !== undefined, {
      error: 'Say what to change: role, permissions or disabled.',
    }),
  )
export type ChangeAccountInput = z.output<typeof ChangeAccountInput>

const rules = { permission: 'admin:manage-users', limit: 'admin' } as const

/** Who may do what, for those who manage people; over HTTP only. */
export const peopleCommands = commandTable(null, {
  /** All accounts, found by name or address. */
  listAccounts: command({ ...rules, input: ListAccountsInput, data: AccountsPage, http: 'GET /api/admin/users' }),
  /**
   * Role, permissions, or whether the account is closed.
   *
   * @throws NOT_FOUND, or FORBIDDEN with the rule that stands against it.
   */
  changeAccount: command({
    ...rules,
    input: ChangeAccountInput,
    data: Account,
    http: 'PATCH /api/admin/users/:id',
    errors: ['NOT_FOUND'],
    audit: 'in transaction',
  }),
  /** Signs a person out everywhere. @throws NOT_FOUND */
  endSessionsOf: command({
    ...rules,
    input: z.object({ id: Id }),
    data: z.object({ count: Counter }),
    http: 'DELETE /api/admin/users/:id/sessions',
    errors: ['NOT_FOUND'],
    audit: 'in transaction',
  }),
})
