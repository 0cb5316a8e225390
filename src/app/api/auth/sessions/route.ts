import { accountCommands } from '@/contracts/account'
import { route } from '@/server/web/routes'

export const GET = route(accountCommands.listSessions)
export const DELETE = route(accountCommands.endOtherSessions)
