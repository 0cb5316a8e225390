import type { ChatCommands } from '@/contracts/chat'
import { AppError } from '@/contracts/errors'
import type { SocketTable } from '@/lib/pipeline/createEventHandler'
import type { ChatMessageService } from '@/services/chat/ChatMessageService'
import type { ChatRoomService } from '@/services/chat/ChatRoomService'
import type { GroupService } from '@/services/chat/GroupService'
import type { HeartbeatService } from '@/services/chat/HeartbeatService'
import { socketRooms } from '../../core/socketRooms'
import type { ChatSocket } from '../../core/sockets'

/** What both transports need. */
export interface ChatServices {
  messages: ChatMessageService
  rooms: ChatRoomService
  groups: GroupService
}

/** The commands that `/chat` and HTTP share: calls of services, and beside them what concerns the asking socket alone. */
export const chatHandlers = ({ messages, rooms, groups }: ChatServices) =>
  ({
    getOrCreateRoom: {
      async handle({ user, created }, { participantId = '', participantIds, name = '', clientId }) {
        // The input has one of the two, and with the second a name.
        const found = participantIds
          ? await groups.create(user, { name, userIds: participantIds, clientId })
          : await rooms.getOrCreate(user, participantId)
        if (found.created) created()
        return rooms.load(user.id, found.roomId)
      },
      async onSocket({ socket, wasCreated }, _input, handle) {
        const data = await handle()
        // A new room's participants, this socket among them, were told when it was published.
        if (wasCreated()) return data
        const current = isIn(socket, data.room.id) ? data : await joinFirst(socket, [data.room.id], handle)
        socket.emit('roomData', current)
        return current
      },
    },

    joinRoom: {
      handle: ({ user }, { roomId }) => rooms.load(user.id, roomId),
      async onSocket({ socket, user }, { roomId }, handle) {
        try {
          return await joinFirst(socket, await rooms.roomIdsOf(user.id, [roomId]), handle)
        } catch (error) {
          if (error instanceof AppError && error.code === 'NOT_FOUND') await socket.leave(socketRooms.room(roomId))
          throw error
        }
      },
    },

    async sendMessage({ user, created }, input) {
      const sent = await messages.send(user, input)
      if (sent.created) created()
      return sent.message
    },

    editMessage: ({ user }, input) => messages.edit(user, input),
    deleteMessage: ({ user }, input) => messages.delete(user, input),

    setReaction: ({ user }, input) => messages.react(user, input),

    markMessagesRead: ({ user }, input) => messages.markRead(user, input),

    updateRoom: ({ user }, input) => groups.update(user, input),
    addParticipants: ({ user }, input) => groups.add(user, input),
    removeParticipant: ({ user }, input) => groups.remove(user, input),
    setParticipantRole: ({ user }, input) => groups.setRole(user, input),
    setRoomPreferences: ({ user }, input) => groups.setPreferences(user, input),

    syncRooms: {
      handle: ({ user }, input) => messages.sync(user, input),
      async onSocket({ socket, user }, input, handle) {
        const missing = Object.keys(input.rooms).filter((roomId) => !isIn(socket, roomId))
        const memberOf = missing.length > 0 ? await rooms.roomIdsOf(user.id, missing) : []
        const data = await joinFirst(socket, memberOf, handle)
        for (const [roomId, room] of Object.entries(data.rooms)) {
          if ('gone' in room) await socket.leave(socketRooms.room(roomId))
        }
        return data
      },
    },
  }) satisfies Partial<SocketTable<ChatCommands, ChatSocket>>

/** All commands of `/chat`. */
export const chatSocketHandlers = ({
  heartbeat,
  ...services
}: ChatServices & { heartbeat: HeartbeatService }): SocketTable<ChatCommands, ChatSocket> => ({
  ...chatHandlers(services),
  typing: {
    async socketOnly({ user }, input) {
      await services.rooms.typing(user, input)
      return {}
    },
  },
  ping: { socketOnly: ({ socket, user }, input) => heartbeat.ping(user, socket.id, input, 'rooms') },
})

const isIn = (socket: ChatSocket, roomId: string): boolean => socket.rooms.has(socketRooms.room(roomId))

/** Joined before anything is read: what is sent meanwhile arrives live, what was sent before is in what is read. */
async function joinFirst<T>(socket: ChatSocket, memberOf: readonly string[], read: () => Promise<T>): Promise<T> {
  await socket.join(memberOf.map(socketRooms.room))
  return read()
}
