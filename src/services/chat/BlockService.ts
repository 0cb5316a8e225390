import type { Block, BlockedPage } from '@/contracts/blocks'
import { AppError } from '@/contracts/errors'
import { limits } from '@/contracts/limits'
import type { Publish } from '@/services/shared/changes'
import type { SessionUser } from '@/services/shared/SessionUser'
import type { BlockRepository } from './ports'

export interface BlockServiceDeps {
  blocks: BlockRepository
  publish: Publish
}

/**
 * Whom one has blocked. In the direct room of the two neither can write, and whom one has blocked is not told when one is
 * here, wherever else they meet, nor that they were blocked. Groups stay as they are, except that one is not brought into a
 * group by them.
 */
export class BlockService {
  constructor(private readonly deps: BlockServiceDeps) {}

  /**
   * Blocks this person, or unblocks them; what is so already is done, and nothing is published.
   * @throws AppError BAD_REQUEST (oneself, or too many), NOT_FOUND (no such person to block).
   */
  async set(user: SessionUser, userId: string, blocked: boolean): Promise<Block> {
    if (userId === user.id) throw new AppError('BAD_REQUEST', { message: 'You cannot block yourself.' })
    const result = await this.deps.blocks.set(user.id, userId, blocked)
    if (result === 'nobody') throw new AppError('NOT_FOUND', { message: 'There is nobody with this id.' })
    if (result === 'full') {
      const message = `You can block at most ${limits.blockedUsers} people. Unblock somebody first.`
      throw new AppError('BAD_REQUEST', { message })
    }
    const { changed, roomId } = result
    if (changed && roomId !== null) this.deps.publish({ type: 'roomUpdated', roomId, userIds: [user.id] })
    if (changed) this.deps.publish({ type: 'block', userId: user.id, otherId: userId, blocked })
    return { userId, blocked }
  }

  /** Who was blocked last comes first. */
  list(user: SessionUser, cursor: string | undefined): Promise<BlockedPage> {
    return this.deps.blocks.list(user.id, cursor)
  }
}
