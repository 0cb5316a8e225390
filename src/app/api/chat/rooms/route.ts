import { chatCommands, chatQueries } from '@/contracts/chat'
import { route } from '@/server/web/routes'

export const POST = route.user(
  chatCommands.getOrCreateRoom,
  { name: 'getOrCreateRoom', from: 'body', limit: 'chat-rooms', permission: 'send_message' },
  async ({ app, user, reply }, input) => {
    const { roomId, created } = await app.rooms.getOrCreate(user, input.participantId)
    if (created) reply.status = 201
    return app.rooms.load(user.id, roomId)
  },
)

export const GET = route.user(chatQueries.listRooms, { name: 'listRooms', from: 'query' }, ({ app, user }, input) =>
  app.rooms.list(user, input.cursor),
)
