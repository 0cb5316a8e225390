import { accountCommands } from '@/contracts/account'
import { route } from '@/server/web/routes'

export const POST = route(accountCommands.startTotp)
export const DELETE = route(accountCommands.removeTotp)
