import type { Account, AccountsPage, PersonalPermissions } from '@/contracts/people'
import type { Permission, Role } from '@/contracts/permissions'

/** What an admin is about to make of somebody's rights. */
export interface Draft extends PersonalPermissions {
  role: Role
}

type RolePermissions = AccountsPage['roles']

/** Where a permission comes from, or why it is missing. */
export type Standing = 'by role' | 'added' | 'removed' | 'not by role'

export const draftOf = ({ role, permissions: { added, removed } }: Account): Draft => ({ role, added, removed })

const isByRole = ({ role }: Draft, roles: RolePermissions, permission: Permission): boolean =>
  roles[role].includes(permission)

export function standingOf(draft: Draft, roles: RolePermissions, permission: Permission): Standing {
  if (draft.removed.includes(permission)) return 'removed'
  if (isByRole(draft, roles, permission)) return 'by role'
  return draft.added.includes(permission) ? 'added' : 'not by role'
}

export const isOn = (standing: Standing): boolean => standing === 'by role' || standing === 'added'

/** Switched on or off: what the role says anyway needs no line of its own. */
export function withPermission(draft: Draft, roles: RolePermissions, permission: Permission, on: boolean): Draft {
  const without = (list: Permission[]) => list.filter((other) => other !== permission)
  const plain = { ...draft, added: without(draft.added), removed: without(draft.removed) }
  if (on === isByRole(draft, roles, permission)) return plain
  return on ? { ...plain, added: [...plain.added, permission] } : { ...plain, removed: [...plain.removed, permission] }
}

/** What of the draft is different, as the command takes it; undefined: nothing. */
export function changesOf(
  account: Account,
  draft: Draft,
): { role?: Role; permissions?: PersonalPermissions } | undefined {
  const before = draftOf(account)
  const isSame = (one: Permission[], other: Permission[]) => [...one].sort().join() === [...other].sort().join()
  const { role, added, removed } = draft
  const isSameList = isSame(before.added, added) && isSame(before.removed, removed)
  if (before.role === role && isSameList) return undefined
  return { ...(before.role === role ? {} : { role }), ...(isSameList ? {} : { permissions: { added, removed } }) }
}
