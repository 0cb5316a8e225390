import type { LocalAudience } from '@/lib/bus/Bus'
import { socketRooms } from './core/socketRooms'
import type { ChatNamespaceIo, NotificationsNamespaceIo } from './core/sockets'

/** Whom the sockets of this process belong to. */
export function localAudience(chat: ChatNamespaceIo, notifications: NotificationsNamespaceIo): LocalAudience {
  const prefix = socketRooms.room('')
  return {
    roomIds: () =>
      [...chat.adapter.rooms.keys()].flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : [])),
    hasRoom: (roomId) => chat.adapter.rooms.has(socketRooms.room(roomId)),
    hasUser: (userId) => notifications.adapter.rooms.has(socketRooms.user(userId)),
  }
}
