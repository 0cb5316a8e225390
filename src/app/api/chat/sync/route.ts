import { chatCommands } from '@/contracts/chat'
import { route } from '@/server/web/routes'

export const POST = route.user(
  chatCommands.syncRooms,
  { name: 'syncRooms', from: 'body', permission: 'send_message' },
  ({ app, user }, input) => app.messages.sync(user, input),
)
