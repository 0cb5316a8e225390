import type { ReadOutcome, RoomRepository } from '@/services/chat/ports'
import { GroupCommit } from '@/services/shared/GroupCommit'
import type { Announcing } from '../Announcing'
import type { Database } from '../database'
import { sqlState } from '../errors'
import { Prisma } from '../generated/client'

interface Read {
  roomId: string
  userId: string
  upToSeq: number | undefined
}

/** Null of who is no member. */
type Outcome = { outcome: ReadOutcome | null } | { error: unknown }

interface ReadRow {
  ord: number
  changed: boolean
  count: number
  last_read_seq: number
  notification_ids: string[]
  to_reader: boolean
}

/** Reads that one transaction carries. */
const AT_ONCE = 100
const MOST_WAITING = 10_000
const WAIT_MS = 4_000

/** SQLSTATEs that one of a batch may have caused: a value, a deadlock, a lock that does not come. */
const OF_ONE = /^(22|23|40|55)/

/** What is read while other reads are committed shares the next transaction. One that fails fails alone. */
export function createReads(db: Pick<Database, 'rows'>, announcing: Announcing): RoomRepository['markRead'] {
  const reads = new GroupCommit<Read, Outcome>({
    commit: (batch) => commitReads(db, announcing, batch),
    ...{ maxBatch: AT_ONCE, maxQueue: MOST_WAITING, maxWaitMs: WAIT_MS },
  })
  return async (userId, roomId, upToSeq) => {
    const answer = await reads.add({ roomId, userId, upToSeq })
    if ('error' in answer) throw answer.error
    return answer.outcome
  }
}

async function commitReads(
  db: Pick<Database, 'rows'>,
  announcing: Announcing,
  batch: readonly Read[],
): Promise<Outcome[]> {
  const [rooms, users] = [batch.map(({ roomId }) => roomId), batch.map(({ userId }) => userId)]
  const upTo = batch.map(({ upToSeq }) => upToSeq ?? null)
  try {
    const rows = await announcing.carriedTransaction((origin, always) =>
      db.rows<ReadRow>(Prisma.sql`
        SELECT * FROM mark_messages_read_batch(
          ${rooms}::text[], ${users}::text[], ${upTo}::int[], ${origin}::text, ${always}::text)`),
    )
    const found = new Map(rows.map((row) => [row.ord, row]))
    return batch.map((read, index) => {
      const row = found.get(index + 1)
      return { outcome: row ? toOutcome(read, row) : null }
    })
  } catch (error) {
    if (batch.length === 1 || !OF_ONE.test(sqlState(error) ?? '')) return batch.map(() => ({ error }))
    return (await Promise.all(batch.map((read) => commitReads(db, announcing, [read])))).flat()
  }
}

const toOutcome = ({ roomId, userId }: Read, row: ReadRow): ReadOutcome => ({
  read: { roomId, userId, count: row.count, lastReadSeq: row.last_read_seq },
  changed: row.changed,
  toReader: row.to_reader,
  notificationIds: row.notification_ids,
})
