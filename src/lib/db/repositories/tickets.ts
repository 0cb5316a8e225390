import type { Ticket, TicketRegister } from '@/services/users/ports'
import type { Database } from '../database'
import { GroupCommit } from '../GroupCommit'
import { Prisma } from '../generated/client'
import { type LiveSessionRow, liveSessions, type SecondFactorRule, toLiveSession } from './sessions'

/** Most tickets in one statement. */
const MAX_BATCH = 200
/** Tickets that may wait: far more than handshakes are let in at a time. */
const MAX_QUEUE = 10_000
/** Whoever waited longer has given up, in milliseconds. */
const MAX_WAIT_MS = 10_000

/**
 * A handshake waits so long for others, in milliseconds: nobody notices, and a statement of its own for each is half of what
 * connecting costs.
 */
const LINGER_MS = 5

type Redeemed = Awaited<ReturnType<TicketRegister['redeem']>>

/**
 * Which tickets were used. One statement uses tickets up and reads their sessions, so that every process, with or without
 * Redis, agrees about it. Those of handshakes that come at the same moment (both namespaces of a page; everybody, when a
 * server was restarted) share one statement.
 */
export class PrismaTicketRegister implements TicketRegister {
  private readonly redeeming: GroupCommit<Ticket, { redeemed: Redeemed }>

  constructor(
    private readonly db: Database,
    private readonly rule: SecondFactorRule,
  ) {
    this.redeeming = new GroupCommit({
      commit: (tickets) => this.redeemAll(tickets),
      ...{ maxBatch: MAX_BATCH, maxQueue: MAX_QUEUE, maxWaitMs: MAX_WAIT_MS, lingerMs: LINGER_MS },
    })
  }

  async redeem(ticket: Ticket): Promise<Redeemed> {
    return (await this.redeeming.add(ticket)).redeemed
  }

  /** Of a ticket that is there twice the first is its first use. */
  private async redeemAll(tickets: readonly Ticket[]): Promise<{ redeemed: Redeemed }[]> {
    const column = <T>(pick: (ticket: Ticket) => T) => tickets.map(pick)
    const sessionIds = column(({ sessionId }) => sessionId)
    const rows = await this.db.rows<LiveSessionRow & { ord: number; is_first: boolean }>(Prisma.sql`
      WITH asked AS (
        SELECT a.*, row_number() OVER (PARTITION BY id ORDER BY ord) = 1 AS is_first
        FROM unnest(${column(({ id }) => id)}::text[], ${column(({ deadAt }) => deadAt)}::timestamptz[], ${sessionIds}::text[])
          WITH ORDINALITY AS a(id, dead_at, session_id, ord)
      ), used AS (
        INSERT INTO used_tickets (id, dead_at) SELECT id, dead_at FROM asked WHERE is_first ORDER BY id
        ON CONFLICT DO NOTHING RETURNING id
      ), live AS (${liveSessions(sessionIds)})
      SELECT a.ord::int, live.*, a.is_first AND EXISTS (SELECT FROM used WHERE used.id = a.id) AS is_first
      FROM asked a JOIN live ON live.session_id = a.session_id`)
    const found = new Map(rows.map((row) => [row.ord, row]))
    return tickets.map((_, index) => {
      const row = found.get(index + 1)
      return { redeemed: row && { session: toLiveSession(row, this.rule), isFirstUse: row.is_first } }
    })
  }
}
