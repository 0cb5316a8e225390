import type { BlockedPage } from '@/contracts/blocks'
import { limits } from '@/contracts/limits'
import type { BlockRepository } from '@/services/chat/ports'
import type { Announcing } from '../Announcing'
import type { Database } from '../database'
import { sqlState } from '../errors'
import { Prisma } from '../generated/client'
import { decodeCursor, encodeCursor } from './cursor'

interface BlockRow {
  outcome: 'done' | 'full'
  changed: boolean
  direct_room: string | null
}

interface BlockedRow {
  id: string
  name: string
  avatar_image: string | null
  created_at: Date
}

export class PrismaBlockRepository implements BlockRepository {
  /** @param announcing - how its transactions say what they change. */
  constructor(
    private readonly db: Database,
    private readonly announcing: Announcing,
  ) {}

  async set(
    userId: string,
    otherId: string,
    blocked: boolean,
  ): Promise<{ changed: boolean; roomId: string | null } | 'nobody' | 'full'> {
    try {
      const [row] = await this.announcing.transaction(
        (origin) => this.db.prisma.$queryRaw<BlockRow[]>`
          SELECT * FROM set_block(${userId}, ${otherId}, ${blocked}, ${limits.blockedUsers}::int, ${origin})`,
      )
      if (row?.outcome === 'full') return 'full'
      return { changed: row?.changed ?? false, roomId: row?.direct_room ?? null }
    } catch (error) {
      if (sqlState(error) === '23503') return 'nobody'
      throw error
    }
  }

  async list(userId: string, cursor: string | undefined): Promise<BlockedPage> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor)
    const rows = await this.db.prisma.$queryRaw<BlockedRow[]>`
      SELECT u.id, u.name, u.avatar_image, b.created_at FROM (
        SELECT blocked_id, created_at FROM user_blocks
        WHERE blocker_id = ${userId}
        ${after ? Prisma.sql`AND (created_at, blocked_id) < (${after.time}::timestamptz, ${after.id})` : Prisma.empty}
        ORDER BY created_at DESC, blocked_id DESC LIMIT ${limits.blockedPage + 1}
      ) b
      CROSS JOIN LATERAL (SELECT id, name, avatar_image FROM users WHERE id = b.blocked_id LIMIT 1) u
      ORDER BY b.created_at DESC, u.id DESC`
    const page = rows.slice(0, limits.blockedPage)
    const last = page.at(-1)
    return {
      users: page.map(({ id, name, avatar_image }) => ({
        ...{ id, name },
        ...(avatar_image === null ? {} : { avatarImage: avatar_image }),
      })),
      nextCursor: rows.length > page.length && last ? encodeCursor(last.created_at, last.id) : null,
    }
  }
}
