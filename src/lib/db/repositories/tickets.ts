import type { Ticket, TicketRegister } from '@/services/users/ports'
import type { Database } from '../database'
import { type LiveSessionRow, liveSessions, type SecondFactorRule, toLiveSession } from './sessions'

/**
 * Which tickets were used. One statement uses a ticket up and reads its session, so that a handshake costs one round trip
 * as before, and every process, with or without Redis, agrees about it.
 */
export class PrismaTicketRegister implements TicketRegister {
  constructor(
    private readonly db: Database,
    private readonly rule: SecondFactorRule,
  ) {}

  async redeem({ id, deadAt, sessionId }: Ticket) {
    const [row] = await this.db.prisma.$queryRaw<(LiveSessionRow & { is_first: boolean })[]>`
      WITH used AS (
        INSERT INTO used_tickets (id, dead_at) VALUES (${id}, ${deadAt}) ON CONFLICT DO NOTHING RETURNING id
      ), live AS (${liveSessions([sessionId])})
      SELECT live.*, EXISTS (SELECT FROM used) AS is_first FROM live`
    return row && { session: toLiveSession(row, this.rule), isFirstUse: row.is_first }
  }
}
