import type { ChatMessage, MessagesRead, RoomData } from '@/contracts/chat'
import type { Logger } from '@/services/shared/Logger'
import { socketRooms } from '../core/socketRooms'
import type { ChatNamespaceIo } from '../core/sockets'

export interface LocalChatEmitterDeps {
  namespace: ChatNamespaceIo
  loadRoom: (userId: string, roomId: string) => Promise<RoomData>
  logger: Logger
}

/** Tells the sockets of this process, and moves them in and out of rooms. */
export class LocalChatEmitter {
  constructor(private readonly deps: LocalChatEmitterDeps) {}

  message(message: ChatMessage): void {
    this.deps.namespace.local.to(socketRooms.room(message.roomId)).emit('receiveMessage', message)
  }

  read(read: MessagesRead): void {
    this.deps.namespace.local.to(socketRooms.room(read.roomId)).emit('messagesRead', read)
  }

  /** Joins the members' sockets at once, then shows each member the room as they see it. */
  room(roomId: string, memberIds: readonly string[]): void {
    const here = memberIds.filter((userId) => this.socketIdsOf(userId).length > 0)
    for (const userId of here) {
      // The adapter, not socketsJoin(): a socket that is still in its handshake must not be passed over.
      for (const socketId of this.socketIdsOf(userId)) {
        void this.deps.namespace.adapter.addAll(socketId, new Set([socketRooms.room(roomId)]))
      }
    }
    for (const userId of here) void this.showRoom(userId, roomId)
  }

  removed(roomId: string, userId: string): void {
    for (const socketId of this.socketIdsOf(userId)) {
      void this.deps.namespace.adapter.del(socketId, socketRooms.room(roomId))
    }
  }

  private socketIdsOf(userId: string): string[] {
    return [...(this.deps.namespace.adapter.rooms.get(socketRooms.user(userId)) ?? [])]
  }

  private async showRoom(userId: string, roomId: string): Promise<void> {
    try {
      const data = await this.deps.loadRoom(userId, roomId)
      this.deps.namespace.local.to(socketRooms.user(userId)).emit('roomData', data)
    } catch (error) {
      // They have joined: its messages arrive, and the next heads show the room.
      this.deps.logger.warn('a new room could not be shown', { error, roomId, userId })
    }
  }
}
