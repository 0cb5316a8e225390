import { webhookCommands } from '@/contracts/webhooks'
import { route } from '@/server/web/routes'

export const GET = route(webhookCommands.readWebhook)
export const PATCH = route(webhookCommands.changeWebhook)
export const DELETE = route(webhookCommands.deleteWebhook)
