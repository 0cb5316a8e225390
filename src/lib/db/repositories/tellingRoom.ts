import type { Permission } from '@/contracts/permissions'
import { Prisma } from '../generated/client'

const seeing: Permission = 'presence:read'

/**
 * Whom one is told the presence of: people with whom one shares a group, or a direct room in which both have written, unless
 * they have blocked one (below). Said here for all queries. Each room is looked up by its key, whatever the statistics say.
 */
const tells = Prisma.sql`(r.kind = 'group' OR (r.kind = 'direct' AND mine.has_written AND theirs.has_written))`

/** The ids of all of them. */
export const toldPeople = (userId: Prisma.Sql): Prisma.Sql => Prisma.sql`
  SELECT theirs.user_id FROM participants mine
  CROSS JOIN LATERAL (SELECT kind FROM rooms WHERE id = mine.room_id LIMIT 1) r
  JOIN participants theirs ON theirs.room_id = mine.room_id
  WHERE mine.user_id = ${userId} AND ${tells}`

/** A row, where the person of the column `other` is one of them. */
export const tellingRoom = (userId: string, other: Prisma.Sql): Prisma.Sql => Prisma.sql`
  SELECT 1 FROM participants mine
  CROSS JOIN LATERAL (
    SELECT has_written FROM participants WHERE room_id = mine.room_id AND user_id = ${other} LIMIT 1
  ) theirs
  CROSS JOIN LATERAL (SELECT kind FROM rooms WHERE id = mine.room_id LIMIT 1) r
  WHERE mine.user_id = ${userId} AND ${tells}`

/** Whether the person in this row of `users` may know of anybody when they are here. */
export const maySeePresence = (row: 'u' | 'reader'): Prisma.Sql =>
  Prisma.sql`${seeing} = ANY (${Prisma.raw(row)}.permissions)`

/** The ids of those whom this person has blocked; a thousand at most. */
export const blockedBy = (userId: Prisma.Sql): Prisma.Sql => Prisma.sql`
  SELECT blocked_id FROM user_blocks WHERE blocker_id = ${userId}`

/** The ids of those who have blocked this person. */
export const blockersOf = (userId: string): Prisma.Sql => Prisma.sql`
  SELECT blocker_id FROM user_blocks WHERE blocked_id = ${userId}`
