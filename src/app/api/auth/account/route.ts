import { accountCommands } from '@/contracts/account'
import { route } from '@/server/web/routes'

export const GET = route(accountCommands.readAccount)
export const PATCH = route(accountCommands.updateProfile)
