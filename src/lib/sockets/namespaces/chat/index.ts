import { type ChatCommands, chatCommands } from '@/contracts/chat'
import { BaseNamespace, type NamespaceDeps } from '../../core/BaseNamespace'
import type { ChatSocket } from '../../core/sockets'
import { type ChatSocketServices, chatSocketHandlers } from './handlers'

/** `/chat`: everyone is in all their rooms from the first moment. */
export class ChatNamespace extends BaseNamespace<ChatCommands, ChatSocket> {
  constructor(
    deps: NamespaceDeps,
    private readonly services: ChatSocketServices,
  ) {
    super('/chat', chatCommands, deps, 'Chat')
  }

  protected handlers() {
    return chatSocketHandlers(this.services)
  }

  protected prepare(socket: ChatSocket): Promise<void> {
    return this.services.memberships.update(socket.data.user.id)
  }
}
