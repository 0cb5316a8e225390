import { mailCommands } from '@/contracts/preferences'
import { route } from '@/server/web/routes'
import { oneClick, toUnsubscribePage } from '@/server/web/unsubscribe'

export const GET = toUnsubscribePage
export const POST = oneClick(route(mailCommands.endDigests))
