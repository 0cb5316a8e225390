import type { SyncRoomsData } from '@/contracts/chat'
import { ChatMessageService } from '@/services/chat/ChatMessageService'
import { ChatRoomService } from '@/services/chat/ChatRoomService'
import { GroupCommit } from '@/services/chat/GroupCommit'
import type { ChatPublisher, InsertOutcome, MessageRepository, NewMessage, RoomRepository } from '@/services/chat/ports'
import { NotificationService } from '@/services/notifications/NotificationService'
import type { Idempotency, NotificationPublisher, NotificationRepository } from '@/services/notifications/ports'
import { ChatPresenceService } from '@/services/presence/ChatPresenceService'
import { LastSeenBatch } from '@/services/presence/LastSeenBatch'
import type { ActiveUsersStore, LastSeenRepository } from '@/services/presence/ports'
import type { Logger } from '@/services/shared/Logger'

/** Most messages in one transaction; more gains nothing and delays the first of them. */
const MAX_BATCH = 500
/** Most messages that wait for the transaction before; at 4,000 characters each that is some 100 MB at worst. */
const MAX_QUEUE = 10_000
/** How long `lastSeen` updates are collected, in milliseconds. */
const LAST_SEEN_BATCH_MS = 2_000

export interface ServicesDeps {
  messages: MessageRepository
  rooms: RoomRepository
  users: LastSeenRepository
  notifications: NotificationRepository
  idempotency: Idempotency
  chatPublisher: ChatPublisher
  notificationPublisher: NotificationPublisher
  activeUsers: ActiveUsersStore | undefined
  commandTimeoutMs: number
  logger: Logger
  /** Who counts what happens inside; absent: nobody. */
  observer?: ServicesObserver | undefined
}

export interface ServicesObserver {
  committed(batchSize: number, durationMs: number): void
  caughtUp(answer: SyncRoomsData): void
}

/** The services as both processes use them. */
export function createServices(deps: ServicesDeps) {
  const commits = new GroupCommit<NewMessage, InsertOutcome>({
    commit: (batch) => deps.messages.insert(batch),
    maxBatch: MAX_BATCH,
    maxQueue: MAX_QUEUE,
    // An item that was not taken by then has nobody waiting for it any more.
    maxWaitMs: deps.commandTimeoutMs,
    onBatch: deps.observer?.committed,
  })
  const lastSeen = new LastSeenBatch({ repository: deps.users, logger: deps.logger, batchMs: LAST_SEEN_BATCH_MS })
  const presence = new ChatPresenceService({ repository: deps.users, lastSeen, activeUsers: deps.activeUsers })
  const rooms = new ChatRoomService({ rooms: deps.rooms, publisher: deps.chatPublisher, presence })
  return {
    /** To be waited for before the database is left. */
    commits,
    lastSeen,
    presence,
    messages: new ChatMessageService({
      messages: deps.messages,
      rooms: deps.rooms,
      publisher: deps.chatPublisher,
      participants: (roomId) => rooms.participants(roomId),
      store: (message) => commits.add(message),
      onCatchUp: deps.observer?.caughtUp,
    }),
    notifications: new NotificationService({
      notifications: deps.notifications,
      idempotency: deps.idempotency,
      publisher: deps.notificationPublisher,
    }),
    rooms,
  }
}
