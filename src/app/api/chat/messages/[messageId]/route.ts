import { chatCommands } from '@/contracts/chat'
import { route } from '@/server/web/routes'

export const PATCH = route(chatCommands.editMessage)
export const DELETE = route(chatCommands.deleteMessage)
