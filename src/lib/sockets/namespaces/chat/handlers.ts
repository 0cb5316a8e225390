import { type ChatCommands, chatCommands } from '@/contracts/chat'
import { AppError } from '@/contracts/errors'
import { type HandlerTable, on } from '@/lib/pipeline/createEventHandler'
import type { ChatMessageService } from '@/services/chat/ChatMessageService'
import type { ChatRoomService } from '@/services/chat/ChatRoomService'
import type { HeartbeatService } from '@/services/chat/HeartbeatService'
import { socketRooms } from '../../core/socketRooms'
import type { ChatSocket } from '../../core/sockets'

export interface ChatServices {
  messages: ChatMessageService
  rooms: ChatRoomService
  heartbeat: HeartbeatService
}

/** The commands of `/chat`. Rules live in the services; here is only what concerns the asking socket. */
export const chatHandlers = ({ messages, rooms, heartbeat }: ChatServices): HandlerTable<ChatCommands, ChatSocket> => ({
  getOrCreateRoom: on(chatCommands.getOrCreateRoom, { limit: 'chat-rooms' }, async ({ socket, user }, input) => {
    const { roomId, created } = await rooms.getOrCreate(user, input.participantId)
    await joinFirst(socket, [roomId])
    const data = await rooms.load(user.id, roomId)
    // A new room's participants, this socket among them, were told when it was published.
    if (!created) socket.emit('roomData', data)
    return data
  }),

  joinRoom: on(chatCommands.joinRoom, {}, async ({ socket, user }, { roomId }) => {
    await joinFirst(socket, await rooms.roomIdsOf(user.id, [roomId]))
    try {
      return await rooms.load(user.id, roomId)
    } catch (error) {
      if (error instanceof AppError && error.code === 'NOT_FOUND') await socket.leave(socketRooms.room(roomId))
      throw error
    }
  }),

  sendMessage: on(chatCommands.sendMessage, { limit: 'chat-messages' }, async ({ user }, input) => {
    const { message } = await messages.send(user, input)
    return message
  }),

  markMessagesRead: on(chatCommands.markMessagesRead, { limit: 'chat-read' }, ({ user }, input) =>
    messages.markRead(user, input),
  ),

  syncRooms: on(chatCommands.syncRooms, {}, async ({ socket, user }, input) => {
    const missing = Object.keys(input.rooms).filter((roomId) => !socket.rooms.has(socketRooms.room(roomId)))
    if (missing.length > 0) await joinFirst(socket, await rooms.roomIdsOf(user.id, missing))
    const data = await messages.sync(user, input)
    for (const [roomId, room] of Object.entries(data.rooms)) {
      if ('gone' in room) await socket.leave(socketRooms.room(roomId))
    }
    return data
  }),

  ping: on(chatCommands.ping, { limit: 'chat-ping' }, ({ socket, user }, input) =>
    heartbeat.ping(user, socket.id, input),
  ),
})

/** Joined before anything is read: what is sent meanwhile arrives live, what was sent before is in what is read. */
async function joinFirst(socket: ChatSocket, memberOf: readonly string[]): Promise<void> {
  await socket.join(memberOf.map(socketRooms.room))
}
