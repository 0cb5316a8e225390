import type { Namespace } from '@/contracts/auth'
import { AppError } from '@/contracts/errors'
import type { Role } from '@/contracts/users'

export type Permission = 'send_message' | 'receive_notifications' | 'administer'

const permissionsOfRole: Record<Role, readonly Permission[]> = {
  user: ['send_message', 'receive_notifications'],
  admin: ['send_message', 'receive_notifications', 'administer'],
}

/** What a namespace asks of everybody who connects (requirements 004, step 5). */
export const namespacePermission: Record<Namespace, Permission> = {
  '/chat': 'send_message',
  '/notifications': 'receive_notifications',
  '/admin': 'administer',
}

export const mayUse = (role: Role, permission: Permission): boolean => permissionsOfRole[role].includes(permission)

/** @throws AppError FORBIDDEN */
export function requirePermission(role: Role, permission: Permission): void {
  if (!mayUse(role, permission)) throw new AppError('FORBIDDEN')
}
