import { AppError } from '@/contracts/errors'
import type { Barred, InsertOutcome, NewMessage } from '@/services/chat/ports'
import type { Announcing } from '../Announcing'
import type { Connections } from '../database'
import { sqlState } from '../errors'
import { textArray } from '../textArray'
import { type ToldRow, toChatMessage, toNotificationChange } from './rows'

/** The batch's answer: see the function's migration. */
type BatchRow = [
  at: string,
  seqs: number[],
  revs: number[],
  others: (StoredRow | Extract<ToldRow, { told: unknown }>)[] | null,
  met: [ord: number, partnerId: string][] | null,
]

/** By its place in the batch, from 1: a message that is not new, or what is to be said of a new one beside its place. */
interface StoredRow {
  ord: number
  outcome: 'new' | 'duplicate' | 'conflict' | 'not_found' | 'no_original' | Barred
  id: string
  seq: number
  rev: number
  message: string
  created_at: string
  edited_at: string | null
  deleted_at: string | null
  reactions: unknown
  reply_to: unknown
  mentions: unknown
}

/** 23505: the same client id is being stored elsewhere at this moment. 40P01: deadlock. Both pass by themselves. */
const RETRY_STATES = new Set(['23505', '40P01', '40001'])
const RETRIES = 5

/**
 * Stores a batch in one transaction. When a room's lock does not come (55P03) or the database refuses a value, the batch
 * is split until only the message concerned fails: one bad message never fails its neighbours.
 */
export async function insertMessages(
  db: Connections,
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
  db: Connections,
  announcing: Announcing,
  batch: readonly NewMessage[],
): Promise<InsertOutcome[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await announcing.carriedTransaction((name, always) => insertOnce(db, name, always, batch))
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

async function insertOnce(
  db: Connections,
  origin: string | null,
  always: string,
  batch: readonly NewMessage[],
): Promise<InsertOutcome[]> {
  const column = (pick: (message: NewMessage) => string) => textArray(batch.map(pick))
  const columns = [
    ...[column((m) => m.id), column((m) => m.roomId), column((m) => m.senderId)],
    ...[column((m) => m.clientId), column((m) => m.message), origin],
  ]
  const [row] = await db.prepared<BatchRow>(
    'insert_messages_batch',
    'SELECT * FROM insert_messages_batch($1, $2, $3, $4, $5, $6, $7, $8)',
    [...columns, extrasOf(batch), always],
  )
  if (!row) throw new AppError('INTERNAL', { cause: 'the batch was not answered' })
  const [at, seqs, revs, others, met] = row
  const createdAt = new Date(at)
  const stored = new Map(others?.flatMap((other) => ('ord' in other ? [[other.ord, other]] : [])))
  const told = others?.flatMap((other) => ('told' in other ? [other] : []))
  const partners = new Map(met)
  return batch.map((message, index) => {
    const [ord, seq, rev] = [index + 1, seqs[index], revs[index]]
    if (!seq || !rev) return toOutcome(message, stored.get(ord))
    const partner = partners.get(ord)
    return {
      outcome: 'new',
      message: toChatMessage({ ...rowOf(message), seq, rev, created_at: createdAt, ...extrasNow(stored.get(ord)) }),
      ...(told === undefined
        ? {}
        : { told: told.filter(({ messageId }) => messageId === message.id).map(toNotificationChange) }),
      ...(partner === undefined ? {} : { met: partner }),
    }
  })
}

const extrasNow = (stored: StoredRow | undefined) => ({
  reply_to: stored?.reply_to ?? null,
  mentions: stored?.mentions ?? null,
})

/** What a few messages have besides, by their id; null: none has anything. */
function extrasOf(batch: readonly NewMessage[]): string | null {
  const extended = batch.filter(({ replyToId, mentions }) => replyToId !== undefined || mentions !== undefined)
  if (extended.length === 0) return null
  return JSON.stringify(
    Object.fromEntries(extended.map(({ id, replyToId, mentions }) => [id, { replyTo: replyToId, mentions }])),
  )
}

function toOutcome(message: NewMessage, stored: StoredRow | undefined): InsertOutcome {
  if (stored === undefined || stored.outcome === 'new') return { outcome: 'not_found' }
  if (stored.outcome !== 'duplicate') return { outcome: stored.outcome }
  const date = (iso: string | null) => (iso === null ? null : new Date(iso))
  return {
    outcome: 'duplicate',
    message: toChatMessage({
      ...rowOf(message),
      ...stored,
      created_at: new Date(stored.created_at),
      edited_at: date(stored.edited_at),
      deleted_at: date(stored.deleted_at),
    }),
  }
}

/** A message as its row is when it is new; UTF-8 has no half characters. */
const rowOf = (message: NewMessage) => ({
  id: message.id,
  room_id: message.roomId,
  sender_id: message.senderId,
  client_id: message.clientId,
  message: message.message.toWellFormed(),
  edited_at: null,
  deleted_at: null,
  system: null,
  reactions: null,
})

function asError(error: unknown): Error {
  return error instanceof Error ? error : new AppError('INTERNAL', { cause: error })
}
