import { chatCommands, chatQueries } from '@/contracts/chat'
import { route } from '@/server/web/routes'

export const GET = route(chatQueries.listParticipants)
export const POST = route(chatCommands.addParticipants)
