import { messageDetailQueries } from '@/contracts/messageDetails'
import { route } from '@/server/web/routes'

export const GET = route(messageDetailQueries.messageDetails)
