import type pg from 'pg'
import { MessagesRead } from '@/contracts/chat'
import type { RawClient } from '../clients/RawClient'
import { oneOf, type Random } from '../workload/random'
import { inParallel } from './inParallel'

export interface ReadRacesOptions {
  db: pg.Pool
  /** The same person on several connections. */
  readers: readonly RawClient[]
  roomId: string
  /** How many messages the room has. */
  lastSeq: number
  rounds: number
  random: Random
}

/**
 * Marks the room read up to random places, over the socket and HTTP, many at once. Resolves to a sentence for each time the
 * position went back: in the table, or in an answer to a question asked after a higher answer was there.
 */
export async function readRaces(options: ReadRacesOptions): Promise<string[]> {
  const { db, readers, roomId, lastSeq, rounds, random } = options
  const userId = readers[0]?.person.id
  const fell: string[] = []
  let answered = 0
  let asked = 0
  let over = false
  const watching = (async () => {
    for (let before = 0; !over; ) {
      const { rows } = await db.query<{ at: number }>(
        'SELECT last_read_seq AS at FROM participants WHERE room_id = $1 AND user_id = $2',
        [roomId, userId],
      )
      const now = rows[0]?.at ?? -1
      if (now < before) fell.push(`the table went back from ${before} to ${now}`)
      before = now
    }
  })()
  try {
    await inParallel(rounds, 16, async (index) => {
      // The places rise in the course of the rounds, so that there are new ones to the end.
      const upToSeq = Math.max(1, Math.ceil(((index + 1) / rounds) * lastSeq * random()))
      asked = Math.max(asked, upToSeq)
      const floor = answered
      const lastReadSeq = await markRead(oneOf(random, readers), roomId, upToSeq, random() < 0.5)
      if (lastReadSeq < Math.max(floor, upToSeq))
        fell.push(`asked for ${upToSeq} after ${floor}, answered ${lastReadSeq}`)
      answered = Math.max(answered, lastReadSeq)
    })
  } finally {
    over = true
    await watching
  }
  if (answered !== asked) fell.push(`the highest place asked for was ${asked}, the highest answered ${answered}`)
  return fell
}

async function markRead(reader: RawClient, roomId: string, upToSeq: number, overSocket: boolean): Promise<number> {
  if (overSocket) return (await reader.asked('markMessagesRead', { roomId, upToSeq })).lastReadSeq
  const { body } = await reader.http('PATCH', '/api/chat/messages/read', { roomId, upToSeq })
  return MessagesRead.parse(body).lastReadSeq
}
