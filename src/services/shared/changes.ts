import { z } from 'zod'
import { Counter, Id, Timestamp } from '@/contracts/primitives'

/** The NOTIFY channel on which committed changes are announced. */
export const CHANGES_CHANNEL = 'tandem'

const origin = z.string()

/**
 * What a transaction announces: ids and counters only, below PostgreSQL's 8 kB. `origin` is the process that made the
 * change and publishes it to its own sockets itself.
 */
export const Change = z.discriminatedUnion('type', [
  // Of each room that a batch wrote into: the first and the last `rev`.
  z.object({ type: z.literal('messages'), rooms: z.array(z.tuple([Id, Counter, Counter])), origin }),
  z.object({ type: z.literal('read'), roomId: Id, userId: Id, count: Counter, lastReadSeq: Counter, origin }),
  z.object({ type: z.literal('room'), roomId: Id, origin }),
  z.object({ type: z.literal('removed'), roomId: Id, userId: Id, origin }),
  z.object({ type: z.literal('session'), sessionId: Id, origin }),
  z.object({ type: z.literal('notifications'), items: z.array(z.tuple([Id, Counter])), origin }),
  z.object({ type: z.literal('notificationUpdated'), userId: Id, id: Id, read: z.boolean(), origin }),
  z.object({ type: z.literal('notificationDeleted'), userId: Id, id: Id, origin }),
  z.object({ type: z.literal('notificationsRead'), userId: Id, version: Counter, upTo: Timestamp, origin }),
  z.object({ type: z.literal('notificationsCleared'), userId: Id, version: Counter, upTo: Timestamp, origin }),
  // Redis is not to be trusted: what was published there in the last `forMs` may be lost, and for some seconds everybody
  // announces what they change.
  z.object({ type: z.literal('redisDoubted'), forMs: Counter, origin }),
])
export type Change = z.infer<typeof Change>
