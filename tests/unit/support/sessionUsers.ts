import { type Permission, permissions } from '@/contracts/permissions'
import type { SessionUser } from '@/services/shared/SessionUser'

/** What the role of users allows, as a new database has it. */
export const userPermissions: Permission[] = permissions.filter((name) => !name.startsWith('admin:'))

export const ada: SessionUser = {
  id: 'ada',
  name: 'Ada',
  role: 'user',
  permissions: userPermissions,
  sessionId: 'session-of-ada',
}
export const grace: SessionUser = {
  id: 'grace',
  name: 'Grace',
  role: 'admin',
  permissions,
  sessionId: 'session-of-grace',
}
