import { webhookCommands } from '@/contracts/webhooks'
import { route } from '@/server/web/routes'

export const GET = route(webhookCommands.listWebhooks)
export const POST = route(webhookCommands.createWebhook)
