import * as z from 'zod/mini'
import { ChatMessage, Room } from './chatShapes'
import { command } from './command'
import { limits } from './limits'
import { Cursor, Id, line } from './primitives'

export const SearchInput = z.object({
  /** Words that a message must all have; of the last one its beginning is enough. */
  query: line('A query', limits.queryLength),
  /** In this room alone. */
  roomId: z.optional(Id),
  cursor: z.optional(Cursor),
})

/** A message that was found, and where. */
export const SearchHit = z.object({
  message: ChatMessage,
  /** Who wrote it, whether or not they are still in the room. */
  senderName: z.string(),
  /** As the asking person sees it. */
  room: Room,
})
export type SearchHit = z.infer<typeof SearchHit>

/** Newest first. `nextCursor`: there are older ones; null: there are none. */
export const SearchPage = z.object({
  hits: z.array(SearchHit).check(z.maxLength(limits.searchPage)),
  nextCursor: z.nullable(Cursor),
})
export type SearchPage = z.infer<typeof SearchPage>

/** The search; over HTTP only. */
export const searchQueries = {
  /** Messages of one's own rooms, newest first. What was just sent or edited is found within a moment. */
  searchMessages: command({
    input: SearchInput,
    data: SearchPage,
    http: 'GET /api/chat/search',
    permission: 'chat:read',
    limit: 'search',
    errors: ['NOT_FOUND'],
    takesTurns: true,
  }),
}
