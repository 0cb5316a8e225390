import type { Room, RoomData } from '@/contracts/chat'
import type { PresenceMap } from '@/contracts/presence'
import type { ChangeListener, Reach } from '@/lib/bus/Bus'
import type { Change } from '@/services/shared/changes'
import type { Logger } from '@/services/shared/Logger'
import { socketRooms } from './core/socketRooms'
import type { ChatNamespaceIo, NotificationsNamespaceIo } from './core/sockets'

export interface DispatcherDeps {
  chat: ChatNamespaceIo
  notifications: NotificationsNamespaceIo
  /** A room as this member sees it. */
  loadRoom: (userId: string, roomId: string) => Promise<RoomData>
  /** A room as each of these people sees it, those left out who are not in it. */
  viewsOfRoom: (roomId: string, userIds: readonly string[]) => Promise<ReadonlyMap<string, Room>>
  /** Who of two people is told the other's presence, and what of it. */
  presenceOfEachOther: (userIds: readonly [string, string]) => Promise<{ to: string; presence: PresenceMap }[]>
  endSession: (sessionId: string) => void
  /** Looks within a moment whether this person's sockets may stay, and what they may do. */
  recheckUser: (userId: string) => void
  logger: Logger
}

type Dispatch = { [T in Change['type']]: (change: Extract<Change, { type: T }>, reach: Reach) => void }

/** What clients hear of each change, whoever made it: one row a change. */
export function createDispatcher({
  chat,
  notifications,
  loadRoom,
  viewsOfRoom,
  presenceOfEachOther,
  endSession,
  recheckUser,
  logger,
}: DispatcherDeps): ChangeListener {
  const inRoom = (roomId: string, reach: Reach) => (reach === 'here' ? chat.local : chat).to(socketRooms.room(roomId))
  const toUser = (userId: string) => notifications.local.to(socketRooms.user(userId))
  const socketIdsOf = (userId: string) => [...(chat.adapter.rooms.get(socketRooms.user(userId)) ?? [])]

  const showRoom = async (userId: string, roomId: string): Promise<void> => {
    try {
      const data = await loadRoom(userId, roomId)
      chat.local.to(socketRooms.user(userId)).emit('roomData', data)
    } catch (error) {
      // They have joined: its messages arrive, and the next heads show the room.
      logger.warn('a new room could not be shown', { error, roomId, userId })
    }
  }

  const showUpdate = async (roomId: string, userIds: readonly string[]): Promise<void> => {
    try {
      for (const [userId, room] of await viewsOfRoom(roomId, userIds)) {
        chat.local.to(socketRooms.user(userId)).emit('roomUpdated', room)
      }
    } catch (error) {
      // Its row is read again with whatever happens next in it.
      logger.warn('a change of a room could not be shown', { error, roomId })
    }
  }

  const presenceTo = (userIds: readonly string[], reach: Reach) =>
    (reach === 'here' ? notifications.local : notifications).to(userIds.map(socketRooms.user))

  const showEachOther = async (userIds: readonly [string, string], reach: Reach): Promise<void> => {
    try {
      for (const { to, presence } of await presenceOfEachOther(userIds)) {
        presenceTo([to], reach).emit('presence:update', presence)
      }
    } catch (error) {
      // Whoever opens the conversation asks for it.
      logger.warn('two people who met could not be shown each other', { error })
    }
  }

  const dispatch: Dispatch = {
    message: ({ message }, reach) => inRoom(message.roomId, reach).emit('receiveMessage', message),
    messageUpdated: ({ message }, reach) => inRoom(message.roomId, reach).emit('messageUpdated', message),
    typing: ({ typing }, reach) =>
      inRoom(typing.roomId, reach).except(socketRooms.user(typing.userId)).emit('typing', typing),
    read({ read, toReader }, reach) {
      const to = toReader
        ? (reach === 'here' ? chat.local : chat).to(socketRooms.user(read.userId))
        : inRoom(read.roomId, reach)
      to.emit('messagesRead', read)
    },

    /** Joins the members' sockets at once, then shows each member the room as they see it. */
    room({ roomId, memberIds }) {
      const here = memberIds.filter((userId) => socketIdsOf(userId).length > 0)
      for (const socketId of here.flatMap(socketIdsOf)) {
        // The adapter, not socketsJoin(): a socket that is still in its handshake must not be passed over.
        void chat.adapter.addAll(socketId, new Set([socketRooms.room(roomId)]))
      }
      for (const userId of here) void showRoom(userId, roomId)
    },

    roomUpdated({ roomId, userIds }) {
      const inIt = [...(chat.adapter.rooms.get(socketRooms.room(roomId)) ?? [])]
      const members = userIds ?? [...new Set(inIt.flatMap((id) => chat.sockets.get(id)?.data.user.id ?? []))]
      const here = members.filter((userId) => socketIdsOf(userId).length > 0)
      if (here.length > 0) void showUpdate(roomId, here)
    },

    removed({ roomId, userId }, reach) {
      for (const socketId of socketIdsOf(userId)) void chat.adapter.del(socketId, socketRooms.room(roomId))
      chat.local.to(socketRooms.user(userId)).emit('roomRemoved', { roomId })
      // Other processes hear of it by its announcement, and tell their sockets; here they only leave, before what follows.
      if (reach === 'everywhere') chat.in(socketRooms.user(userId)).socketsLeave(socketRooms.room(roomId))
    },

    notification: ({ notification }) => toUser(notification.userId).emit('newNotification', notification),
    notificationUpdated: ({ userId, update }) => toUser(userId).emit('notificationUpdate', update),
    notificationDeleted: ({ userId, id }) => toUser(userId).emit('notificationDeleted', { id }),
    notificationsRead: ({ userId, swept }) => toUser(userId).emit('notificationsRead', swept),
    notificationsCleared: ({ userId, swept }) => toUser(userId).emit('notificationsCleared', swept),

    sessionEnded: ({ sessionId }) => endSession(sessionId),
    userChanged: ({ userId }) => recheckUser(userId),

    acquainted: ({ userIds }, reach) => void showEachOther(userIds, reach),

    presence({ presence, audience }, reach) {
      if (audience.length > 0) presenceTo(audience, reach).emit('presence:update', presence)
    },
  }
  // Each row takes the change of its own name.
  return (change, reach) => (dispatch[change.type] as (change: Change, reach: Reach) => void)(change, reach)
}
