import { accountCommands } from '@/contracts/account'
import { toGoogle } from '@/server/web/google'
import { route } from '@/server/web/routes'

export const GET = toGoogle
export const DELETE = route(accountCommands.unlinkGoogle)
