import { chatCommands, chatQueries } from '@/contracts/chat'
import { route } from '@/server/web/routes'

export const GET = route(chatQueries.listRooms)
export const POST = route(chatCommands.getOrCreateRoom)
