import type { ChatMessage, MessagesRead } from '@/contracts/chat'
import type { ChatPublisher } from '@/services/chat/ports'
import type { Logger } from '@/services/shared/Logger'
import type { LocalChatEmitter } from './LocalChatEmitter'

/**
 * What this process changed, to its own sockets. The other processes hear of it by the NOTIFY in the transaction.
 * Nothing thrown here may fail a command whose transaction has committed.
 */
export class SocketChatPublisher implements ChatPublisher {
  constructor(
    private readonly emitter: LocalChatEmitter,
    private readonly logger: Logger,
    /** Told of each event that could not be published; never throws. */
    private readonly onFailure: () => void = () => {},
  ) {}

  messageSent(message: ChatMessage): void {
    this.attempt(() => this.emitter.message(message))
  }

  messagesRead(read: MessagesRead): void {
    this.attempt(() => this.emitter.read(read))
  }

  roomCreated(roomId: string, memberIds: readonly string[]): void {
    this.attempt(() => this.emitter.room(roomId, memberIds))
  }

  participantRemoved(roomId: string, userId: string): void {
    this.attempt(() => this.emitter.removed(roomId, userId))
  }

  private attempt(publish: () => void): void {
    try {
      publish()
    } catch (error) {
      this.onFailure()
      this.logger.error('an event could not be published; clients will find it by catching up', { error })
    }
  }
}
