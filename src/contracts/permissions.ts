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
const adminPermissions = ['admin:view-health', 'admin:manage-connections', 'admin:view-audit'] as const

export type Permission = (typeof userPermissions)[number] | (typeof adminPermissions)[number]

const permissionsOfRole: Record<Role, ReadonlySet<Permission>> = {
  user: new Set(userPermissions),
  admin: new Set([...userPermissions, ...adminPermissions]),
}

export const hasPermission = (role: Role, permission: Permission): boolean => permissionsOfRole[role].has(permission)

/** What a key of another service may be for. */
export const serviceScopes = ['notify', 'presence', 'metrics', 'admin', 'webhooks'] as const
export type ServiceScope = (typeof serviceScopes)[number]
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
