import type { Permission, Role } from '@/contracts/permissions'

/** Who a command acts for, whichever transport it came by. `sessionId` is the session's public id. */
export interface SessionUser {
  id: string
  name: string
  role: Role
  /** What they may do at this moment. */
  permissions: Permission[]
  sessionId: string
}
