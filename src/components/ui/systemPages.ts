import { may, type Permission } from '@/contracts/permissions'
import type { CurrentUser } from '@/contracts/users'

export interface SystemPageEntry {
  href: string
  name: string
  /** What it is good for; absent of the overview, which says this of the others. */
  text?: string
  permission: Permission
}

/** The pages for admins, each with the permission that opens it; its `page.tsx` asks for the same. */
const systemPages: readonly SystemPageEntry[] = [
  { href: '/system/health', name: 'Overview', permission: 'admin:view-health' },
  {
    href: '/system/health/realtime',
    name: 'Live figures',
    text: 'Connections, events, latency, rooms and processes as they are this second; disconnect somebody, try the path out.',
    permission: 'admin:view-health',
  },
  {
    href: '/system/people',
    name: 'People',
    text: 'Roles, permissions and sessions; sign somebody out, disable an account, invite somebody.',
    permission: 'admin:manage-users',
  },
  {
    href: '/system/audit',
    name: 'Audit log',
    text: 'Who did what, when and from where: sign-ins, connections, and what administrators did.',
    permission: 'admin:view-audit',
  },
  {
    href: '/system/webhooks',
    name: 'Webhooks',
    text: 'Other services that are told of what happens: what was sent, what was answered; send it again.',
    permission: 'admin:manage-webhooks',
  },
  {
    href: '/system/notifications',
    name: 'Test notifications',
    text: 'Send yourself a notification of each kind to see that they arrive.',
    permission: 'admin:view-health',
  },
]

/** Those that are open to this person; the first is where "System" leads. */
export const systemPagesOf = (user: CurrentUser | null): readonly SystemPageEntry[] =>
  systemPages.filter(({ permission }) => user !== null && may(user, permission))
