import * as z from 'zod/mini'
import { ChatMessage } from './chatShapes'
import { command } from './command'
import { areEmojis, canonicalEmoji } from './emoji'
import { Cursor, Id } from './primitives'

/** One emoji, in the one way to write it: no release has ever stored another, so none has to be looked for. */
export const Emoji = z.string({ error: 'Give an emoji.' }).check(
  z.maxLength(64, 'Give one emoji.'),
  z.overwrite(canonicalEmoji),
  z.refine((value) => areEmojis(value, 1), 'Give one emoji.'),
)

export const SetReactionInput = z.object({
  messageId: Id,
  emoji: Emoji,
  on: z.boolean(),
  /** Makes it safe to send again, as with an edit. */
  clientId: z.optional(Id),
})

export const ListReactionsInput = z.object({
  messageId: Id,
  cursor: z.optional(Cursor),
})

/** Who reacted with what, also who has left the room since. */
export const ReactionsPage = z.object({
  reactions: z.array(
    z.object({ emoji: z.string(), userId: Id, name: z.string(), avatarImage: z.optional(z.string()) }),
  ),
  nextCursor: z.nullable(Cursor),
})
export type ReactionsPage = z.infer<typeof ReactionsPage>

/** What one does to messages with emojis; on both transports. */
export const reactionCommands = {
  /** One's own emoji at a message, on or off. */
  setReaction: command({
    input: SetReactionInput,
    data: ChatMessage,
    http: 'PUT /api/chat/messages/:messageId/reactions',
    permission: 'chat:write',
    limit: 'chat-edits',
    errors: ['NOT_FOUND', 'CONFLICT'],
  }),
}

/** Reads of reactions that HTTP alone has. */
export const reactionQueries = {
  /** Everybody who reacted, by emoji. */
  listReactions: command({
    input: ListReactionsInput,
    data: ReactionsPage,
    http: 'GET /api/chat/messages/:messageId/reactions',
    permission: 'chat:read',
    limit: 'chat-history',
    errors: ['NOT_FOUND'],
    takesTurns: true,
  }),
}
