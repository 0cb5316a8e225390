import { chatCommands, chatQueries } from '@/contracts/chat'
import { route } from '@/server/web/routes'

export const GET = route(chatQueries.readRoom)
export const PATCH = route(chatCommands.updateRoom)
