import { AppError } from '@/contracts/errors'
import type { InsertOutcome, NewMessage } from '@/services/chat/ports'
import type { Announcing } from '../Announcing'
import type { Database } from '../database'
import { sqlState } from '../errors'
import { toChatMessage } from './rows'

interface InsertRow {
  ord: number
  outcome: 'new' | 'duplicate' | 'conflict' | 'not_found'
  id: string | null
  seq: number
  rev: number
  message: string
  created_at: Date
  edited_at: Date | null
  deleted_at: Date | null
  met: string | null
}

/** 23505: the same client id is being stored elsewhere at this moment. 40P01: deadlock. Both pass by themselves. */
const RETRY_STATES = new Set(['23505', '40P01', '40001'])
const RETRIES = 5

/**
 * Stores a batch in one transaction. When a room's lock does not come (55P03) or the database refuses a value, the batch
 * is split until only the message concerned fails: one bad message never fails its neighbours.
 */
export async function insertMessages(
  db: Database,
  announcing: Announcing,
  batch: readonly NewMessage[],
): Promise<InsertOutcome[]> {
  try {
    return await insertWithRetry(db, announcing, batch)
  } catch (error) {
    const parts = isolate(batch, error)
    if (parts.length === 1) return batch.map(() => ({ outcome: 'failed', error: asError(error) }))
    const outcomes = new Map<NewMessage, InsertOutcome>()
    for (const part of parts) {
      const results = await insertMessages(db, announcing, part)
      part.forEach((message, index) => {
        const result = results[index]
        if (result) outcomes.set(message, result)
      })
    }
    return batch.map((message) => outcomes.get(message) ?? { outcome: 'failed', error: asError(error) })
  }
}

async function insertWithRetry(
  db: Database,
  announcing: Announcing,
  batch: readonly NewMessage[],
): Promise<InsertOutcome[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await announcing.carriedTransaction((name) => insertOnce(db, name, batch))
    } catch (error) {
      if (attempt > RETRIES || !RETRY_STATES.has(sqlState(error) ?? '')) throw error
    }
  }
}

/** The parts to try apart: by room while there are several (a lock concerns one room), then each alone. */
function isolate(batch: readonly NewMessage[], error: unknown): (readonly NewMessage[])[] {
  const state = sqlState(error) ?? ''
  const isLock = state === '55P03'
  const isData = /^(22|23)/.test(state)
  if (!isLock && !isData) return [batch]
  const roomIds = new Set(batch.map((message) => message.roomId))
  if (roomIds.size > 1) return [...roomIds].map((roomId) => batch.filter((message) => message.roomId === roomId))
  return isData ? batch.map((message) => [message]) : [batch]
}

async function insertOnce(db: Database, origin: string | null, batch: readonly NewMessage[]): Promise<InsertOutcome[]> {
  const column = (pick: (message: NewMessage) => string) => batch.map(pick)
  const rows = await db.prisma.$queryRaw<InsertRow[]>`
    SELECT * FROM insert_messages(
      ${column((m) => m.id)}::text[], ${column((m) => m.roomId)}::text[], ${column((m) => m.senderId)}::text[],
      ${column((m) => m.clientId)}::text[], ${column((m) => m.message)}::text[], ${origin}::text)`
  return batch.map((message, index) => {
    const row = rows[index]
    if (!row)
      throw new AppError('INTERNAL', { cause: `insert_messages answered ${rows.length} of ${batch.length} rows` })
    return toOutcome(message, row)
  })
}

function toOutcome(message: NewMessage, row: InsertRow): InsertOutcome {
  if (row.outcome === 'conflict' || row.outcome === 'not_found' || row.id === null) {
    return { outcome: row.outcome === 'conflict' ? 'conflict' : 'not_found' }
  }
  const stored = {
    ...row,
    id: row.id,
    room_id: message.roomId,
    sender_id: message.senderId,
    client_id: message.clientId,
  }
  return { outcome: row.outcome, message: toChatMessage(stored), ...(row.met === null ? {} : { met: row.met }) }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new AppError('INTERNAL', { cause: error })
}
