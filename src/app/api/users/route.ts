import { userQueries } from '@/contracts/users'
import { route } from '@/server/web/routes'

export const GET = route(userQueries.findUsers)
