import { adminQueries } from '@/contracts/admin'
import { route } from '@/server/web/routes'

export const GET = route(adminQueries.systemMetrics)
