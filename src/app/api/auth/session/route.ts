import { authCommands } from '@/contracts/auth'
import { route } from '@/server/web/routes'

export const GET = route(authCommands.session)
