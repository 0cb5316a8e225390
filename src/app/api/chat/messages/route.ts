import { chatCommands, chatQueries } from '@/contracts/chat'
import { route } from '@/server/web/routes'

export const POST = route.user(
  chatCommands.sendMessage,
  { name: 'sendMessage', from: 'body', limit: 'chat-messages', permission: 'send_message' },
  async ({ app, user, reply }, input) => {
    const { message, created } = await app.messages.send(user, input)
    if (created) reply.status = 201
    return message
  },
)

export const GET = route.user(chatQueries.history, { name: 'history', from: 'query' }, ({ app, user }, input) =>
  app.messages.history(user, input),
)
