import type { SyncRoomsData } from '@/contracts/chat'
import { GroupCommit } from '@/lib/db/GroupCommit'
import { Turns } from '@/lib/pipeline/Turns'
import { BlockService } from '@/services/chat/BlockService'
import { ChatMessageService } from '@/services/chat/ChatMessageService'
import { ChatRoomService } from '@/services/chat/ChatRoomService'
import { GroupService } from '@/services/chat/GroupService'
import type {
  BlockRepository,
  GroupRepository,
  InsertOutcome,
  MessageRepository,
  NewMessage,
  RoomRepository,
  SearchRepository,
} from '@/services/chat/ports'
import { SearchService } from '@/services/chat/SearchService'
import { NotificationService } from '@/services/notifications/NotificationService'
import { PreferenceService } from '@/services/notifications/PreferenceService'
import type { Idempotency, NotificationRepository, PreferenceRepository } from '@/services/notifications/ports'
import type { PresenceReader } from '@/services/presence/ports'
import type { Publish } from '@/services/shared/changes'

/** Most messages in one transaction; more gains nothing and delays the first of them. */
const MAX_BATCH = 500
/** Most messages that wait for the transaction before; at 4,000 characters each that is some 100 MB at worst. */
const MAX_QUEUE = 10_000

/** Of the database's connections, what one person may have at a time. */
const PERSON_SHARE = 0.3
/** Commands of one person that may wait for their turn: a bound for memory, beyond what anybody rightly asks at once. */
const MOST_WAITING = 1_000

/** When commands that read a lot are worked on, in a process with so many connections to its database. */
export const createTurns = ({
  databasePoolSize,
  commandTimeoutMs,
}: {
  databasePoolSize: number
  commandTimeoutMs: number
}): Turns =>
  new Turns({
    atOnce: Math.max(2, Math.floor(databasePoolSize * PERSON_SHARE)),
    mostWaiting: MOST_WAITING,
    maxWaitMs: commandTimeoutMs,
  })

export interface ServicesDeps {
  messages: MessageRepository
  rooms: RoomRepository
  groups: GroupRepository
  blocks: BlockRepository
  search: SearchRepository
  notifications: NotificationRepository
  idempotency: Idempotency
  preferences: PreferenceRepository
  /** Whether this installation sends e-mail. */
  hasMail: boolean
  publish: Publish
  presence: PresenceReader
  commandTimeoutMs: number
  /** Who counts what happens inside; absent: nobody. */
  observer?: ServicesObserver | undefined
}

export interface ServicesObserver {
  committed(batchSize: number, durationMs: number): void
  caughtUp(answer: SyncRoomsData): void
}

/** The services as both processes use them. */
export function createServices({ publish, presence, observer, ...deps }: ServicesDeps) {
  const commits = new GroupCommit<NewMessage, InsertOutcome>({
    commit: (batch) => deps.messages.insert(batch),
    maxBatch: MAX_BATCH,
    maxQueue: MAX_QUEUE,
    // An item that was not taken by then has nobody waiting for it any more.
    maxWaitMs: deps.commandTimeoutMs,
    onBatch: observer?.committed,
  })
  const rooms = new ChatRoomService({ rooms: deps.rooms, publish, presence })
  return {
    /** To be waited for before the database is left. */
    commits,
    rooms,
    groups: new GroupService({ groups: deps.groups, publish, presence }),
    blocks: new BlockService({ blocks: deps.blocks, publish }),
    search: new SearchService({ search: deps.search, rooms: deps.rooms }),
    messages: new ChatMessageService({
      messages: deps.messages,
      rooms: deps.rooms,
      publish,
      participants: (userId, roomId) => rooms.participants(userId, roomId),
      store: (message) => commits.add(message),
      onCatchUp: observer?.caughtUp,
    }),
    notifications: new NotificationService({
      notifications: deps.notifications,
      idempotency: deps.idempotency,
      publish,
    }),
    preferences: new PreferenceService({ preferences: deps.preferences, hasMail: deps.hasMail }),
  }
}
