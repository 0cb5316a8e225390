import { chatCommands } from '@/contracts/chat'
import { route } from '@/server/web/routes'

export const GET = route(chatCommands.joinRoom)
export const PATCH = route(chatCommands.updateRoom)
