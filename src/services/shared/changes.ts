import { z } from 'zod'
import { Counter, Id } from '@/contracts/primitives'

/** The NOTIFY channel on which committed changes are announced. */
export const CHANGES_CHANNEL = 'tandem'

const origin = z.string()

/**
 * What a transaction announces: ids and counters only, below PostgreSQL's 8 kB. `origin` is the process that made the
 * change and publishes it to its own sockets itself.
 */
export const Change = z.discriminatedUnion('type', [
  z.object({ type: z.literal('messages'), roomId: Id, fromRev: Counter, toRev: Counter, origin }),
  z.object({ type: z.literal('read'), roomId: Id, userId: Id, count: Counter, lastReadSeq: Counter, origin }),
  z.object({ type: z.literal('room'), roomId: Id, origin }),
  z.object({ type: z.literal('removed'), roomId: Id, userId: Id, origin }),
  z.object({ type: z.literal('session'), sessionId: Id, origin }),
])
export type Change = z.infer<typeof Change>
