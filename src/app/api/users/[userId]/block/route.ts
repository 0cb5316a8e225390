import { chatCommands } from '@/contracts/chat'
import { route } from '@/server/web/routes'

export const PUT = route(chatCommands.blockUser)
export const DELETE = route(chatCommands.unblockUser)
