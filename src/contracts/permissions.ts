import * as z from 'zod/mini'

/** What an account is; an admin holds every permission, a user those without `admin:`. */
export const roles = ['user', 'admin'] as const
/** One of `roles`. */
export const Role = z.enum(roles)
export type Role = z.infer<typeof Role>

/** Every permission there is, with what somebody who holds it may do, as the end of "Your account may …". */
export const permissionTable = {
  'chat:read': 'read chats',
  'chat:write': 'write messages',
  'chat:create-room': 'begin conversations',
  'notifications:read': 'get notifications',
  'topics:subscribe': 'follow topics',
  'presence:read': 'see who is online',
  'users:search': 'search for people',
  'admin:view-health': 'see the health of the system',
  'admin:manage-connections': 'close connections of others',
  'admin:manage-users': 'manage people',
  'admin:view-audit': 'read the audit log',
  'admin:manage-webhooks': 'manage webhooks',
} as const

/** One of `permissions`. */
export type Permission = keyof typeof permissionTable
/** The names of `permissionTable`. */
export const permissions = Object.keys(permissionTable) as [Permission, ...Permission[]] // Object.keys forgets the literal names
/** One of `permissions`. */
export const Permission = z.enum(permissions, { error: `A permission is one of ${permissions.join(', ')}.` })

/** Those of the given names that are permissions here: another version of the software may know others. */
export const knownPermissions = (names: readonly string[]): Permission[] =>
  permissions.filter((permission) => names.includes(permission))

/** Whether this person may do that. What they hold was worked out from their role and their own additions and removals. */
export const may = (person: { permissions: readonly Permission[] }, permission: Permission): boolean =>
  person.permissions.includes(permission)

/** What to say to somebody who lacks it. */
export const refusalOf = (permission: Permission): string =>
  `Your account may not ${permissionTable[permission]}. An administrator can change that.`

/** What a key of another service may be for. */
export const serviceScopes = ['notify', 'presence', 'metrics', 'admin', 'webhooks'] as const
export type ServiceScope = (typeof serviceScopes)[number]
/** For other services alone, whose key has this scope. */
export type ServiceAccess = `service:${ServiceScope}`

/**
 * Who may use a command: a signed-in person with that permission; `session`, anybody who is signed in; `anyone`, also who
 * is not; `service:…`, another service whose key has that scope.
 */
export type Access = Permission | 'session' | 'anyone' | ServiceAccess

/** Whether no person may do this, whatever they may otherwise. */
export const isForServices = (access: Access): access is ServiceAccess => access.startsWith('service:')

/** The scope with which another service may do this; undefined: no service may. What admins may do has one as well. */
export function serviceScopeOf(access: Access): ServiceScope | undefined {
  const named = serviceScopes.find((scope) => access === `service:${scope}`)
  if (named) return named
  if (access.endsWith(':manage-webhooks')) return 'webhooks'
  return access.startsWith('admin:') ? 'admin' : undefined
}
