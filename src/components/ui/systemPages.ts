import { may, type Permission } from '@/contracts/permissions'
import type { CurrentUser } from '@/contracts/users'

export interface SystemPageEntry {
  href: string
  name: string
  permission: Permission
}

/** The pages for admins, each with the permission that opens it; its `page.tsx` asks for the same. */
const systemPages: readonly SystemPageEntry[] = [
  { href: '/system/health', name: 'Overview', permission: 'admin:view-health' },
  { href: '/system/health/realtime', name: 'Live figures', permission: 'admin:view-health' },
  { href: '/system/people', name: 'People', permission: 'admin:manage-users' },
  { href: '/system/audit', name: 'Audit log', permission: 'admin:view-audit' },
  { href: '/system/notifications', name: 'Test notifications', permission: 'admin:view-health' },
]

/** Those that are open to this person; the first is where "System" leads. */
export const systemPagesOf = (user: CurrentUser | null): readonly SystemPageEntry[] =>
  systemPages.filter(({ permission }) => user !== null && may(user, permission))
