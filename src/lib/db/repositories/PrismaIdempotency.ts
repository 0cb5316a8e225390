import { createHash } from 'node:crypto'
import { AppError } from '@/contracts/errors'
import { NotificationsCreated } from '@/contracts/notifications'
import type { CreateWork, Idempotency } from '@/services/notifications/ports'
import type { Announcing } from '../Announcing'
import type { Database, Queries } from '../database'
import { translateDatabaseError } from '../errors'
import { PrismaNotificationRepository } from './PrismaNotificationRepository'

/** How long a whole request may take, in milliseconds: ten thousand people are ten statements. */
const TRANSACTION_TIMEOUT_MS = 20_000
/** How long it may wait for a connection, in milliseconds: many retries of one request wait for the first. */
const MAX_WAIT_MS = 4_000

export class PrismaIdempotency implements Idempotency {
  constructor(
    private readonly db: Database,
    private readonly announcing: Announcing,
  ) {}

  async once(
    key: string,
    request: unknown,
    work: CreateWork,
  ): Promise<{ answer: NotificationsCreated; first: boolean }> {
    const fingerprint = createHash('sha256').update(JSON.stringify(request)).digest('hex')
    const done = this.db.prisma.$transaction(
      async (transaction) => {
        // Whoever comes second waits here for the first's transaction, and then finds its answer.
        const claimed = await transaction.$executeRaw`
          INSERT INTO idempotency_keys (key, fingerprint, response) VALUES (${key}, ${fingerprint}, 'null') ON CONFLICT (key) DO NOTHING`
        if (claimed === 0) return { answer: await earlier(transaction, key, fingerprint), first: false }
        const answer = await work(new PrismaNotificationRepository(transaction, this.announcing))
        await transaction.$executeRaw`UPDATE idempotency_keys SET response = ${JSON.stringify(answer)}::jsonb WHERE key = ${key}`
        return { answer, first: true }
      },
      { timeout: TRANSACTION_TIMEOUT_MS, maxWait: MAX_WAIT_MS },
    )
    // What fails outside its statements (no connection in time, the commit itself) passes by the client's translation.
    return done.catch((error: unknown) => {
      throw translateDatabaseError(error)
    })
  }
}

async function earlier(queries: Queries, key: string, fingerprint: string): Promise<NotificationsCreated> {
  const row = await queries.idempotencyKey.findUnique({ where: { key } })
  if (row?.fingerprint !== fingerprint) {
    throw new AppError('CONFLICT', {
      message: 'This Idempotency-Key was already used for another request. Use a new one.',
    })
  }
  return NotificationsCreated.parse(row.response)
}
