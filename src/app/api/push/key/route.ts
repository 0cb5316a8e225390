import { pushCommands } from '@/contracts/push'
import { route } from '@/server/web/routes'

export const GET = route(pushCommands.readPushKey)
