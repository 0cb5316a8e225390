import { chatCommands } from '@/contracts/chat'
import { route } from '@/server/web/routes'

export const PATCH = route.user(
  chatCommands.markMessagesRead,
  { name: 'markMessagesRead', from: 'body', limit: 'chat-read', permission: 'send_message' },
  ({ app, user }, input) => app.messages.markRead(user, input),
)
