import type pg from 'pg'
import type { Audience } from '@/contracts/audiences'
import { onlyKey } from '@/lib/auth/keyRing'
import { createSessionTokens } from '@/lib/auth/sessionToken'
import { insertPeople } from '../workload/people'

/** Somebody who is signed in, as far as the socket server is concerned. */
export interface Visitor {
  id: string
  sessionId: string
  /** A new one each time. */
  ticket(audience?: Audience): Promise<string>
}

/** So many new people with a session each, and tickets without asking the pages: to come in all at once. */
export async function insertVisitors(db: pg.Pool, secret: string, count: number): Promise<Visitor[]> {
  const tokens = createSessionTokens(onlyKey(secret))
  const people = await insertPeople(
    db,
    Array.from({ length: count }, (_, i) => `Visitor ${i}`),
  )
  const { rows } = await db.query<{ id: string; session_id: string }>(
    'SELECT user_id AS id, public_id AS session_id FROM sessions WHERE user_id = ANY ($1::text[])',
    [people.map(({ id }) => id)],
  )
  return rows.map(({ id, session_id: sessionId }) => ({
    id,
    sessionId,
    ticket: async (audience = '/chat') => tokens.issue({ userId: id, sessionId }, audience).token,
  }))
}
