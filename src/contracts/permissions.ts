import { z } from 'zod'

export const roles = ['user', 'admin'] as const
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

export type Permission = keyof typeof permissionTable
export const permissions = Object.keys(permissionTable) as [Permission, ...Permission[]] // Object.keys forgets the literal names
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

/**
 * Who may use a command: a signed-in person with that permission; `session`, anybody who is signed in; `anyone`, also who
 * is not; `service`, another service with the service key.
 */
export type Access = Permission | 'session' | 'anyone' | 'service'
