import { authCommands } from '@/contracts/auth'
import { route } from '@/server/web/routes'

export const POST = route(authCommands.forgotPassword)
