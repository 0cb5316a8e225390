import { auditQueries } from '@/contracts/audit'
import { route } from '@/server/web/routes'

export const GET = route(auditQueries.exportAudit)
