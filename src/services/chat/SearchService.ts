import type { SearchPage } from '@/contracts/search'
import { searchWords } from '@/contracts/searchWords'
import type { SessionUser } from '@/services/shared/SessionUser'
import { roomNotFound } from './policy'
import type { RoomRepository, SearchRepository } from './ports'

/** Finding messages again. */
export class SearchService {
  constructor(private readonly deps: { search: SearchRepository; rooms: Pick<RoomRepository, 'membership'> }) {}

  /**
   * Messages of one's own rooms that have all these words, the last one at least begun; newest first.
   * @throws AppError NOT_FOUND (no such room, or not a member).
   */
  async find(
    user: SessionUser,
    { query, roomId, cursor }: { query: string; roomId?: string | undefined; cursor?: string | undefined },
  ): Promise<SearchPage> {
    if (roomId !== undefined && (await this.deps.rooms.membership(user.id, roomId)) === null) throw roomNotFound()
    const words = searchWords(query)
    if (words.length === 0) return { hits: [], nextCursor: null }
    return this.deps.search.find(user.id, { words, roomId, cursor })
  }
}
