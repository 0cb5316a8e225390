import { z } from 'zod'
import { ChatMessage } from './chatShapes'
import { command } from './command'
import { Cursor, Id } from './primitives'

const graphemes = (value: string): number => [...new Intl.Segmenter().segment(value)].length

/** One emoji, of however many characters it is made: a flag, a family, a digit in a box. */
export const Emoji = z
  .string({ error: 'Give an emoji.' })
  .max(64, 'Give one emoji.')
  .refine(
    (value) =>
      /^[\p{Extended_Pictographic}\p{Emoji_Component}]+$/u.test(value) &&
      /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u.test(value) &&
      graphemes(value) === 1,
    'Give one emoji.',
  )

export const SetReactionInput = z.object({
  messageId: Id,
  emoji: Emoji,
  on: z.boolean(),
  /** Makes it safe to send again, as with an edit. */
  clientId: Id.optional(),
})

export const ReactionsPage = z.object({
  reactions: z.array(z.object({ emoji: z.string(), userId: Id })),
  nextCursor: Cursor.nullable(),
})
export type ReactionsPage = z.infer<typeof ReactionsPage>

export const reactionCommands = {
  setReaction: command({
    input: SetReactionInput,
    data: ChatMessage,
    http: 'PUT /api/chat/messages/:messageId/reactions',
    permission: 'chat:write',
    limit: 'chat-edits',
  }),
}

export const reactionQueries = {
  /** Everybody who reacted, by emoji. */
  listReactions: command({
    input: z.object({ messageId: Id, cursor: Cursor.optional() }),
    data: ReactionsPage,
    http: 'GET /api/chat/messages/:messageId/reactions',
    permission: 'chat:read',
    limit: 'chat-history',
    takesTurns: true,
  }),
}
