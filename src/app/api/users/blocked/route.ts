import { chatQueries } from '@/contracts/chat'
import { route } from '@/server/web/routes'

export const GET = route(chatQueries.listBlocked)
