import type { ChatMessage, MessagesRead, RoomData } from '@/contracts/chat'
import type { Logger } from '@/services/shared/Logger'
import { socketRooms } from '../core/socketRooms'
import type { ChatNamespaceIo } from '../core/sockets'

export interface ChatEmitterDeps {
  namespace: ChatNamespaceIo
  loadRoom: (userId: string, roomId: string) => Promise<RoomData>
  logger: Logger
}

/** `everywhere` also takes the way of the adapter: to the sockets of all processes. */
export type Reach = 'here' | 'everywhere'

/** Tells sockets, and moves those of this process in and out of rooms. */
export class ChatEmitter {
  constructor(private readonly deps: ChatEmitterDeps) {}

  /** Whether a socket of this process sits in the room. */
  hasSockets(roomId: string): boolean {
    return this.deps.namespace.adapter.rooms.has(socketRooms.room(roomId))
  }

  message(message: ChatMessage, reach: Reach): void {
    this.to(socketRooms.room(message.roomId), reach).emit('receiveMessage', message)
  }

  read(read: MessagesRead, reach: Reach): void {
    this.to(socketRooms.room(read.roomId), reach).emit('messagesRead', read)
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

  private to(room: string, reach: Reach) {
    const { namespace } = this.deps
    return (reach === 'here' ? namespace.local : namespace).to(room)
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
