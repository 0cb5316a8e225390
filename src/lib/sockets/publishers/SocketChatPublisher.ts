import type { ChatMessage, MessagesRead } from '@/contracts/chat'
import type { ChatPublisher } from '@/services/chat/ports'
import type { Logger } from '@/services/shared/Logger'
import type { ChatEmitter, Reach } from './ChatEmitter'

/**
 * What this process changed, to its own sockets, and while the adapter carries messages to those of all processes.
 * Otherwise they hear of it by the NOTIFY in the transaction, as they always do of rooms and members. Nothing thrown here may fail a command whose transaction has committed.
 */
export class SocketChatPublisher implements ChatPublisher {
  constructor(
    private readonly emitter: ChatEmitter,
    private readonly isCarried: () => boolean,
    private readonly logger: Logger,
    /** Told of each event that could not be published; never throws. */
    private readonly onFailure: () => void = () => {},
  ) {}

  messageSent(message: ChatMessage): void {
    this.attempt(() => this.emitter.message(message, this.reach))
  }

  messagesRead(read: MessagesRead): void {
    this.attempt(() => this.emitter.read(read, this.reach))
  }

  roomCreated(roomId: string, memberIds: readonly string[]): void {
    this.attempt(() => this.emitter.room(roomId, memberIds))
  }

  participantRemoved(roomId: string, userId: string): void {
    this.attempt(() => this.emitter.removed(roomId, userId))
  }

  private get reach(): Reach {
    return this.isCarried() ? 'everywhere' : 'here'
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
