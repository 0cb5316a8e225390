import type { Role } from '@/contracts/permissions'

/** Who a command acts for, whichever transport it came by. `sessionId` is the session's public id. */
export interface SessionUser {
  id: string
  name: string
  role: Role
  sessionId: string
}
