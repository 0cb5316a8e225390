import { webhookCommands } from '@/contracts/webhooks'
import { route } from '@/server/web/routes'

export const POST = route(webhookCommands.replayDelivery)
