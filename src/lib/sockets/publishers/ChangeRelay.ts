import type { ChangeOrigin } from '@/lib/bus/ChangeOrigin'
import type { MessageRepository, RevRange, RoomRepository } from '@/services/chat/ports'
import type { NotificationPublisher, NotificationRepository } from '@/services/notifications/ports'
import type { Change } from '@/services/shared/changes'
import type { Logger } from '@/services/shared/Logger'
import type { ChatEmitter } from './ChatEmitter'
import type { SocketNotificationPublisher } from './SocketNotificationPublisher'

export interface ChangeRelayDeps {
  /** What this process announced, its services publish themselves. */
  origin: Pick<ChangeOrigin, 'isPublishedHere'>
  emitter: Pick<ChatEmitter, 'hasSockets' | 'message' | 'read' | 'room' | 'removed'>
  messages: Pick<MessageRepository, 'changed'>
  rooms: Pick<RoomRepository, 'memberIds'>
  notifications: Pick<NotificationRepository, 'byVersion'>
  notifier: NotificationPublisher & Pick<SocketNotificationPublisher, 'hasSockets'>
  endSession: (sessionId: string) => void
  /** Another process cannot rely on Redis; what was published in the last `forMs` may be lost. */
  redisDoubted: (forMs: number) => void
  /** Told of each announcement that could not be carried out; never throws. */
  onFailure?: (() => void) | undefined
  logger: Logger
}

/**
 * Turns other processes' announcements into events for the sockets of this one. Messages of the rooms in which such sockets
 * sit are read once for all that was announced while the read before was under way. A read that fails is not repeated: clients find the hole themselves.
 */
export class ChangeRelay {
  private ranges: RevRange[] = []
  private memberships: Promise<void> = Promise.resolve()
  private reading = false

  constructor(private readonly deps: ChangeRelayDeps) {}

  handle(change: Change): void {
    if (!this.deps.origin.isPublishedHere(change)) this.publish(change)
  }

  /** Tells the sockets of this process, whoever made the change. */
  publish(change: Change): void {
    switch (change.type) {
      case 'messages':
        this.announced(change.rooms)
        return
      case 'read':
        this.showRead(change)
        return
      case 'room':
        this.inTurn(() => this.showRoom(change.roomId))
        return
      case 'removed':
        this.inTurn(async () => this.deps.emitter.removed(change.roomId, change.userId))
        return
      case 'notifications':
        void this.showNotifications(change.items)
        return
      case 'notificationUpdated':
        this.deps.notifier.updated(change.userId, { id: change.id, read: change.read })
        return
      case 'notificationDeleted':
        this.deps.notifier.deleted(change.userId, change.id)
        return
      case 'notificationsRead':
        this.deps.notifier.read(change.userId, { version: change.version, upTo: change.upTo })
        return
      case 'notificationsCleared':
        this.deps.notifier.cleared(change.userId, { version: change.version, upTo: change.upTo })
        return
      case 'session':
        this.deps.endSession(change.sessionId)
        return
      case 'redisDoubted':
        this.deps.redisDoubted(change.forMs)
        return
    }
  }

  /** A room without a socket here is not read: whoever joins it now reads it afterwards. */
  private announced(rooms: Extract<Change, { type: 'messages' }>['rooms']): void {
    for (const [roomId, fromRev, toRev] of rooms) {
      if (this.deps.emitter.hasSockets(roomId)) this.ranges.push({ roomId, fromRev, toRev })
    }
    if (!this.reading) void this.readMessages()
  }

  private async readMessages(): Promise<void> {
    this.reading = true
    while (this.ranges.length > 0) {
      const ranges = this.ranges
      this.ranges = []
      try {
        for (const message of await this.deps.messages.changed(ranges)) this.deps.emitter.message(message, 'here')
      } catch (error) {
        this.deps.onFailure?.()
        this.deps.logger.warn('announced messages could not be read; clients will catch up', { error })
      }
    }
    this.reading = false
  }

  private showRead({ roomId, userId, count, lastReadSeq }: Extract<Change, { type: 'read' }>): void {
    this.deps.emitter.read({ roomId, userId, count, lastReadSeq }, 'here')
  }

  /** Joining and leaving in the order of their transactions: a removal must not be overtaken by the reading of members. */
  private inTurn(change: () => Promise<void>): void {
    this.memberships = this.memberships.then(change).catch((error: unknown) => {
      // One that fails must not keep the later ones from happening.
      this.deps.onFailure?.()
      this.deps.logger.error('an announced change of members could not be carried out', { error })
    })
  }

  private async showRoom(roomId: string): Promise<void> {
    try {
      this.deps.emitter.room(roomId, await this.deps.rooms.memberIds(roomId))
    } catch (error) {
      this.deps.onFailure?.()
      this.deps.logger.warn('an announced room could not be read; clients will see it with the next heads', {
        error,
        roomId,
      })
    }
  }

  private async showNotifications(items: readonly (readonly [userId: string, version: number])[]): Promise<void> {
    const here = items.filter(([userId]) => this.deps.notifier.hasSockets(userId))
    if (here.length === 0) return
    try {
      this.deps.notifier.created(await this.deps.notifications.byVersion(here))
    } catch (error) {
      this.deps.onFailure?.()
      this.deps.logger.warn('announced notifications could not be read; clients will see them with the next heads', {
        error,
      })
    }
  }
}
