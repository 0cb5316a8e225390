import type { BlockedPage } from '@/contracts/blocks'
import { chatCommands, chatQueries } from '@/contracts/chat'
import { EventEmitter } from '../runtime/EventEmitter'
import type { ChatLink } from '../transport/SocketClient'
import type { Transport } from '../transport/Transport'

export interface BlocksDeps {
  transport: Transport
  link: Pick<ChatLink, 'connected' | 'connectedNow' | 'on'>
  /** Reads the list of conversations again; rejects when that fails. */
  refreshRooms(): Promise<void>
}

/**
 * Whom this person has blocked. A conversation itself says whether it is blocked (`Room.blocked`), and follows as whatever is
 * said of a room does. Each method rejects as `Transport.call` does; none of it waits in the queue.
 */
export class Blocks {
  /** Somebody was blocked or unblocked, on this page or another one; or that may have been missed. */
  readonly changed = new EventEmitter()

  constructor(private readonly deps: BlocksDeps) {}

  start(): void {
    const { link } = this.deps
    link.on('blockUpdated', () => this.changed.emit())
    link.connectedNow.on(() => this.changed.emit())
  }

  async set(userId: string, blocked: boolean): Promise<void> {
    const { transport, link, refreshRooms } = this.deps
    await transport.call(blocked ? chatCommands.blockUser : chatCommands.unblockUser, { userId })
    if (link.connected) return
    // Nobody tells this page of it.
    this.changed.emit()
    await refreshRooms()
  }

  list(cursor: { cursor?: string }): Promise<BlockedPage> {
    return this.deps.transport.call(chatQueries.listBlocked, cursor)
  }
}
