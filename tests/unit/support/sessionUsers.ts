import { type Permission, permissions, serviceScopes } from '@/contracts/permissions'
import type { Service } from '@/lib/pipeline/caller'
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

/** Another service whose key may do everything. */
export const service: Service = { isService: true, name: 'billing', scopes: serviceScopes }
