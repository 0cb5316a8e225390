import { chatCommands, chatQueries } from '@/contracts/chat'
import { route } from '@/server/web/routes'

export const GET = route(chatQueries.listReactions)
export const PUT = route(chatCommands.setReaction)
