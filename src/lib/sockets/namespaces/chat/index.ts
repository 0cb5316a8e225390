import { type ChatCommands, chatCommands } from '@/contracts/chat'
import type { HeartbeatService } from '@/services/chat/HeartbeatService'
import { BaseNamespace, type NamespaceDeps } from '../../core/BaseNamespace'
import { socketRooms } from '../../core/socketRooms'
import type { ChatSocket } from '../../core/sockets'
import { type ChatServices, chatSocketHandlers } from './handlers'

/** `/chat`: everyone is in all their rooms from the first moment. */
export class ChatNamespace extends BaseNamespace<ChatCommands, ChatSocket> {
  constructor(
    deps: NamespaceDeps,
    private readonly services: ChatServices & { heartbeat: HeartbeatService },
  ) {
    super('/chat', chatCommands, deps, 'Chat')
  }

  protected handlers() {
    return chatSocketHandlers(this.services)
  }

  protected async prepare(socket: ChatSocket): Promise<void> {
    const userId = socket.data.user.id
    const roomIds = await this.services.rooms.roomIdsOf(userId)
    if (roomIds.length === 0) return
    await socket.join(roomIds.map(socketRooms.room))
    // Whoever was taken out between that look and the joining was not in the room yet, and could not be made to leave it.
    const now = new Set(await this.services.rooms.roomIdsOf(userId))
    for (const roomId of roomIds) if (!now.has(roomId)) await socket.leave(socketRooms.room(roomId))
  }
}
