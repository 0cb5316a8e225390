import * as z from 'zod/mini'
import { command } from './command'
import { Cursor, Id } from './primitives'
import { Person } from './users'

export const BlockInput = z.object({ userId: Id })

/** Whether the asking person has blocked this one. */
export const Block = z.object({ userId: Id, blocked: z.boolean() })
export type Block = z.infer<typeof Block>

/** Who was blocked last comes first. */
export const BlockedPage = z.object({ users: z.array(Person), nextCursor: z.nullable(Cursor) })
export type BlockedPage = z.infer<typeof BlockedPage>

/**
 * In their direct conversation neither of the two can write any more, and who was blocked is told nothing of when the other is
 * here, nor of the block. Groups stay as they are. Each may be repeated.
 */
export const blockCommands = {
  /** They can neither write in the direct room nor see whether one is here, and are not told why. */
  blockUser: command({
    input: BlockInput,
    data: Block,
    http: 'PUT /api/users/:userId/block',
    permission: 'chat:read',
    limit: 'chat-preferences',
    errors: ['NOT_FOUND'],
  }),
  /** As it was before they were blocked. */
  unblockUser: command({
    input: BlockInput,
    data: Block,
    http: 'DELETE /api/users/:userId/block',
    permission: 'chat:read',
    limit: 'chat-preferences',
  }),
}

/** Over HTTP only. */
export const blockQueries = {
  /** Whom one has blocked, the latest first. */
  listBlocked: command({
    input: z.object({ cursor: z.optional(Cursor) }),
    data: BlockedPage,
    http: 'GET /api/users/blocked',
    permission: 'chat:read',
    limit: 'chat-history',
  }),
}
