import { z } from 'zod'
import { Counter, Id, Timestamp } from '@/contracts/primitives'

/** The NOTIFY channel. */
export const ANNOUNCEMENTS_CHANNEL = 'tandem'

const origin = z.string()

/**
 * What a transaction announces: ids and counters only, below PostgreSQL's 8 kB. `origin` is the name of the transaction,
 * by which its own process knows it.
 */
export const Announcement = z.discriminatedUnion('type', [
  /** Of each room that a batch wrote into: its id, and the first and last `rev`. */
  z.object({ type: z.literal('messages'), rooms: z.array(z.tuple([Id, Counter, Counter])), origin }),
  z.object({
    ...{ type: z.literal('read'), roomId: Id, userId: Id, count: Counter, lastReadSeq: Counter },
    /** Nobody else is told: the room is large. */
    toReader: z.boolean().optional(),
    origin,
  }),
  /** Whom a room is new to; absent: to all its members. */
  z.object({ type: z.literal('room'), roomId: Id, userIds: z.array(Id).optional(), origin }),
  /** To whom it looks otherwise; absent: to all its members. */
  z.object({ type: z.literal('roomUpdated'), roomId: Id, userIds: z.array(Id).optional(), origin }),
  z.object({ type: z.literal('removed'), roomId: Id, userId: Id, origin }),
  z.object({ type: z.literal('block'), userId: Id, otherId: Id, blocked: z.boolean(), origin }),
  z.object({ type: z.literal('acquainted'), userIds: z.tuple([Id, Id]), origin }),
  z.object({ type: z.literal('session'), sessionId: Id, origin }),
  /** What somebody may do changed, or their account was closed or opened. Said by the table itself, whoever wrote there. */
  z.object({ type: z.literal('user'), userId: Id, origin }),
  /** Whose topics changed, or what they may follow. Said by the tables themselves too. */
  z.object({ type: z.literal('settings'), userIds: z.array(Id), origin }),
  /** Each person with the version of their notification. */
  z.object({ type: z.literal('notifications'), items: z.array(z.tuple([Id, Counter])), origin }),
  z.object({ type: z.literal('notificationUpdated'), userId: Id, id: Id, read: z.boolean(), origin }),
  z.object({ type: z.literal('notificationDeleted'), userId: Id, id: Id, origin }),
  z.object({ type: z.literal('notificationsRead'), userId: Id, version: Counter, upTo: Timestamp, origin }),
  z.object({ type: z.literal('notificationsCleared'), userId: Id, version: Counter, upTo: Timestamp, origin }),
  /** Something waits to be delivered to other services. Said by the database's own functions. */
  z.object({ type: z.literal('webhooks'), origin }),
  /** Something happened that browsers may be told of, by push. Said by them, too. */
  z.object({ type: z.literal('push'), origin }),
  // Redis is not to be trusted: what was published there in the last `forMs` may be lost, and for some seconds everybody
  // announces what they change.
  z.object({ type: z.literal('redisDoubted'), forMs: Counter, origin }),
  /** A process begins to listen that was given no Redis; those that use it answer. */
  z.object({ type: z.literal('redisUnused'), origin }),
  z.object({ type: z.literal('redisUsed'), origin }),
])
export type Announcement = z.infer<typeof Announcement>
