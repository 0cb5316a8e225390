import type { Room } from '@/contracts/chat'
import { HIDDEN_PRESENCE, type PresenceMap } from '@/contracts/presence'
import type { ChangeListener, Reach } from '@/lib/bus/Bus'
import type { Change } from '@/services/shared/changes'
import type { Logger } from '@/services/shared/Logger'
import { socketRooms } from './core/socketRooms'
import type { ChatNamespaceIo, NotificationsNamespaceIo } from './core/sockets'
import type { Memberships } from './Memberships'

export interface DispatcherDeps {
  chat: ChatNamespaceIo
  notifications: NotificationsNamespaceIo
  memberships: Pick<Memberships, 'changed' | 'left' | 'isIn'>
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
  memberships,
  viewsOfRoom,
  presenceOfEachOther,
  endSession,
  recheckUser,
  logger,
}: DispatcherDeps): ChangeListener {
  chat.on('left', ({ roomId, userId }) => memberships.left(roomId, userId))
  const inRoom = (roomId: string, reach: Reach) => (reach === 'here' ? chat.local : chat).to(socketRooms.room(roomId))
  const toUser = (userId: string) => notifications.local.to(socketRooms.user(userId))

  const showUpdate = async (roomId: string, userIds: readonly string[]): Promise<void> => {
    try {
      for (const [userId, room] of await viewsOfRoom(roomId, userIds)) {
        if (memberships.isIn(roomId, userId)) chat.local.to(socketRooms.user(userId)).emit('roomUpdated', room)
      }
    } catch (error) {
      // The system message of the change arrives all the same, and a page whose room is older than that reads it again.
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

    room: ({ memberIds }) => memberships.changed(memberIds),

    roomUpdated({ roomId, userIds }) {
      const inIt = [...(chat.adapter.rooms.get(socketRooms.room(roomId)) ?? [])]
      const members = userIds ?? [...new Set(inIt.flatMap((id) => chat.sockets.get(id)?.data.user.id ?? []))]
      const here = members.filter((userId) => memberships.isIn(roomId, userId))
      if (here.length > 0) void showUpdate(roomId, here)
    },

    removed({ roomId, userId }, reach) {
      memberships.left(roomId, userId)
      // Other processes hear of it by its announcement too; by Redis they do before what follows on that way.
      if (reach === 'everywhere') chat.serverSideEmit('left', { roomId, userId })
    },

    notification: ({ notification }) => toUser(notification.userId).emit('newNotification', notification),
    notificationUpdated: ({ userId, update }) => toUser(userId).emit('notificationUpdate', update),
    notificationDeleted: ({ userId, id }) => toUser(userId).emit('notificationDeleted', { id }),
    notificationsRead: ({ userId, swept }) => toUser(userId).emit('notificationsRead', swept),
    notificationsCleared: ({ userId, swept }) => toUser(userId).emit('notificationsCleared', swept),

    sessionEnded: ({ sessionId }) => endSession(sessionId),
    userChanged: ({ userId }) => recheckUser(userId),

    settings({ userIds }) {
      if (userIds.length > 0) notifications.local.to(userIds.map(socketRooms.user)).emit('settingsUpdated', {})
    },

    // Each process hears of it and tells its own.
    block({ userId, otherId, blocked }) {
      chat.local.to(socketRooms.user(userId)).emit('blockUpdated', { userId: otherId, blocked })
      if (blocked) presenceTo([otherId], 'here').emit('presence:update', { [userId]: HIDDEN_PRESENCE })
      else void showEachOther([userId, otherId], 'here')
    },

    acquainted: ({ userIds }, reach) => void showEachOther(userIds, reach),

    presence({ presence, audience }, reach) {
      if (audience.length > 0) presenceTo(audience, reach).emit('presence:update', presence)
    },
  }
  // Each row takes the change of its own name.
  return (change, reach) => (dispatch[change.type] as (change: Change, reach: Reach) => void)(change, reach)
}
