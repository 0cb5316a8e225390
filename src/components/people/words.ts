import type { Role } from '@/contracts/permissions'

export const roleNames: Record<Role, string> = { user: 'User', admin: 'Administrator' }

export const sessionsText = (count: number): string =>
  count === 0 ? 'Not signed in' : `Signed in with ${count} ${count === 1 ? 'browser' : 'browsers'}`
