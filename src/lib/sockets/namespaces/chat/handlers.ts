import type { ChatCommands } from '@/contracts/chat'
import { AppError } from '@/contracts/errors'
import type { SocketTable } from '@/lib/pipeline/createEventHandler'
import type { BlockService } from '@/services/chat/BlockService'
import type { ChatMessageService } from '@/services/chat/ChatMessageService'
import type { ChatRoomService } from '@/services/chat/ChatRoomService'
import type { GroupService } from '@/services/chat/GroupService'
import type { HeartbeatService } from '@/services/chat/HeartbeatService'
import { socketRooms } from '../../core/socketRooms'
import type { ChatSocket } from '../../core/sockets'
import type { Memberships } from '../../Memberships'

/** What both transports need. */
export interface ChatServices {
  messages: ChatMessageService
  rooms: ChatRoomService
  groups: GroupService
  blocks: BlockService
}

/** What only sockets need besides. */
export interface ChatSocketServices extends ChatServices {
  heartbeat: HeartbeatService
  memberships: Pick<Memberships, 'update' | 'left'>
}

/** The commands that `/chat` and HTTP share: calls of services. */
export const chatHandlers = ({ messages, rooms, groups, blocks }: ChatServices) =>
  ({
    async getOrCreateRoom({ user, created }, { participantId = '', participantIds, name = '', clientId }) {
      // The input has one of the two, and with the second a name.
      const found = participantIds
        ? await groups.create(user, { name, userIds: participantIds, clientId })
        : await rooms.getOrCreate(user, participantId)
      if (found.created) created()
      return rooms.load(user.id, found.roomId)
    },

    joinRoom: ({ user }, { roomId }) => rooms.load(user.id, roomId),

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

    blockUser: ({ user }, { userId }) => blocks.set(user, userId, true),
    unblockUser: ({ user }, { userId }) => blocks.set(user, userId, false),

    syncRooms: ({ user }, input) => messages.sync(user, input),
  }) satisfies Partial<SocketTable<ChatCommands, ChatSocket>>

/** All commands of `/chat`: those, and beside them which rooms the asker's sockets are in. */
export function chatSocketHandlers({
  heartbeat,
  memberships,
  ...services
}: ChatSocketServices): SocketTable<ChatCommands, ChatSocket> {
  const { rooms } = services
  const shared = chatHandlers(services)

  /** Joined before anything is read: what is sent meanwhile arrives live, what was sent before is in what is read. */
  const joinMissing = async (socket: ChatSocket, userId: string, roomIds: readonly string[]): Promise<void> => {
    const missing = roomIds.filter((roomId) => !isIn(socket, roomId))
    if (missing.length > 0 && (await rooms.roomIdsOf(userId, missing)).length > 0) await memberships.update(userId)
  }
  const leave = (socket: ChatSocket, userId: string, roomIds: readonly string[]): void => {
    for (const roomId of roomIds) if (isIn(socket, roomId)) memberships.left(roomId, userId)
  }

  return {
    ...shared,

    getOrCreateRoom: {
      handle: shared.getOrCreateRoom,
      async onSocket({ socket, user, wasCreated }, _input, handle) {
        const data = await handle()
        const roomId = data.room.id
        if (isIn(socket, roomId)) {
          // Whom a room is new to is shown it when they join.
          if (!wasCreated()) socket.emit('roomData', data)
          return data
        }
        await memberships.update(user.id)
        return rooms.load(user.id, roomId)
      },
    },

    joinRoom: {
      handle: shared.joinRoom,
      async onSocket({ socket, user }, { roomId }, handle) {
        await joinMissing(socket, user.id, [roomId])
        try {
          return await handle()
        } catch (error) {
          if (error instanceof AppError && error.code === 'NOT_FOUND') leave(socket, user.id, [roomId])
          throw error
        }
      },
    },

    syncRooms: {
      handle: shared.syncRooms,
      async onSocket({ socket, user }, input, handle) {
        await joinMissing(socket, user.id, Object.keys(input.rooms))
        const data = await handle()
        const gone = Object.entries(data.rooms).filter(([, room]) => 'gone' in room)
        leave(
          socket,
          user.id,
          gone.map(([roomId]) => roomId),
        )
        return data
      },
    },

    typing: {
      async socketOnly({ user }, input) {
        await rooms.typing(user, input)
        return {}
      },
    },

    ping: {
      async socketOnly({ socket, user }, input) {
        const data = await heartbeat.ping(user, socket.id, input, 'rooms')
        leave(socket, user.id, data.gone ?? [])
        return data
      },
    },
  }
}

const isIn = (socket: ChatSocket, roomId: string): boolean => socket.rooms.has(socketRooms.room(roomId))
