import { BaseNamespace, type NamespaceDeps } from '../../core/BaseNamespace'
import { socketRooms } from '../../core/socketRooms'
import type { ChatSocket } from '../../core/sockets'
import { type ChatServices, chatHandlers } from './handlers'

/** `/chat`: everyone is in all their rooms from the first moment. */
export class ChatNamespace extends BaseNamespace<ChatSocket> {
  constructor(
    deps: NamespaceDeps,
    private readonly services: ChatServices,
  ) {
    super('/chat', deps, 'Chat')
  }

  protected handlers() {
    return chatHandlers(this.services)
  }

  protected async prepare(socket: ChatSocket): Promise<void> {
    const roomIds = await this.services.rooms.roomIdsOf(socket.data.user.id)
    await socket.join(roomIds.map(socketRooms.room))
  }
}
