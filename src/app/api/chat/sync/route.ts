import { chatCommands } from '@/contracts/chat'
import { route } from '@/server/web/routes'

export const POST = route(chatCommands.syncRooms)
