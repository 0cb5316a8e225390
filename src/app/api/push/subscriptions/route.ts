import { pushCommands } from '@/contracts/push'
import { route } from '@/server/web/routes'

export const POST = route(pushCommands.subscribeToPush)
export const DELETE = route(pushCommands.unsubscribeFromPush)
