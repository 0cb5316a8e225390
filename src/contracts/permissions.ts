import { z } from 'zod'

export const roles = ['user', 'admin'] as const
export const Role = z.enum(roles)
export type Role = z.infer<typeof Role>

/** What everybody who signs in may do. */
const userPermissions = [
  'chat:read',
  'chat:write',
  'chat:create-room',
  'notifications:read',
  'topics:subscribe',
  'presence:read',
  'users:search',
] as const

/** What only admins may do. */
const adminPermissions = ['admin:view-health', 'admin:manage-connections', 'admin:manage-users'] as const

export type Permission = (typeof userPermissions)[number] | (typeof adminPermissions)[number]

const permissionsOfRole: Record<Role, ReadonlySet<Permission>> = {
  user: new Set(userPermissions),
  admin: new Set([...userPermissions, ...adminPermissions]),
}

export const hasPermission = (role: Role, permission: Permission): boolean => permissionsOfRole[role].has(permission)

/**
 * Who may use a command: a signed-in person with that permission; `session`, anybody who is signed in; `anyone`, also who
 * is not; `service`, another service with the service key.
 */
export type Access = Permission | 'session' | 'anyone' | 'service'
