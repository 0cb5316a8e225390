import * as z from 'zod/mini'
import { command, commandTable, httpForm } from './command'
import { limits } from './limits'
import { atMost, Counter, Id } from './primitives'
import { Person } from './users'

export const MessageDetailsInput = z.object({
  roomId: Id,
  /** The messages, by their places. */
  seqs: atMost(limits.messageDetails, 'messages', z.array(Counter)),
})

/** What messages that one sees leave open. */
export const MessageDetails = z.object({
  /** Whom they concern: who wrote, answered, named, reacted, or was brought in or taken out; in the room or not any more. */
  people: z.array(Person),
  /** By the message's id: what the asking person reacted with. The message itself names the first 20 people only. */
  ownReactions: z.record(Id, z.array(z.string())),
})
export type MessageDetails = z.infer<typeof MessageDetails>

/** In a query the places are one value, with commas. */
const seqsForm = httpForm(
  z.object({ roomId: z.string(), seqs: z.string() }),
  ({ roomId, seqs }) => ({ roomId, seqs: seqs.split(',').filter(Boolean).map(Number) }),
  ({ roomId, seqs }) => ({ roomId, seqs: seqs.join(',') }),
)

/** Not among `chatQueries`: pages load it with the first conversation that is opened. */
export const messageDetailQueries = commandTable(null, {
  /** What messages do not say themselves; who may read them may know it. */
  messageDetails: command({
    input: MessageDetailsInput,
    data: MessageDetails,
    http: 'GET /api/chat/rooms/:roomId/details',
    httpForm: seqsForm,
    permission: 'chat:read',
    limit: 'chat-history',
    errors: ['NOT_FOUND'],
    takesTurns: true,
  }),
})
