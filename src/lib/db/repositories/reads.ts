import type { ReadOutcome, RoomRepository } from '@/services/chat/ports'
import type { Announcing } from '../Announcing'
import type { Database } from '../database'
import { Prisma } from '../generated/client'
import { sharedStatement } from './sharedStatement'

interface Read {
  roomId: string
  userId: string
  upToSeq: number | undefined
}

interface ReadRow {
  ord: number
  changed: boolean
  count: number
  last_read_seq: number
  notification_ids: string[]
  to_reader: boolean
}

/** What is read at the same moment shares a transaction; a room whose lock does not come concerns nobody elsewhere. */
export function createReads(db: Pick<Database, 'rows'>, announcing: Announcing): RoomRepository['markRead'] {
  const markRead = sharedStatement(
    (batch: readonly Read[]) => markAllRead(db, announcing, batch),
    ({ roomId }) => roomId,
  )
  return async (userId, roomId, upToSeq) => (await markRead({ userId, roomId, upToSeq })).outcome
}

/** `outcome`: null of who is no member. */
async function markAllRead(
  db: Pick<Database, 'rows'>,
  announcing: Announcing,
  reads: readonly Read[],
): Promise<{ outcome: ReadOutcome | null }[]> {
  const [rooms, users] = [reads.map(({ roomId }) => roomId), reads.map(({ userId }) => userId)]
  const upTo = reads.map(({ upToSeq }) => upToSeq ?? null)
  const rows = await announcing.carriedTransaction((origin, always) =>
    db.rows<ReadRow>(Prisma.sql`
      SELECT * FROM mark_messages_read_batch(
        ${rooms}::text[], ${users}::text[], ${upTo}::int[], ${origin}::text, ${always}::text)`),
  )
  const found = new Map(rows.map((row) => [row.ord, row]))
  return reads.map((read, index) => {
    const row = found.get(index + 1)
    return { outcome: row ? toOutcome(read, row) : null }
  })
}

const toOutcome = ({ roomId, userId }: Read, row: ReadRow): ReadOutcome => ({
  read: { roomId, userId, count: row.count, lastReadSeq: row.last_read_seq },
  changed: row.changed,
  toReader: row.to_reader,
  notificationIds: row.notification_ids,
})
