import { CHANGES_CHANNEL, type Change } from '@/services/shared/changes'
import type { Database } from './database'

/** Tells every listening socket process something that no transaction of ours announces. */
export async function announceChange(db: Database, change: Change): Promise<void> {
  await db.prisma.$queryRaw`SELECT pg_notify(${CHANGES_CHANNEL}, ${JSON.stringify(change)})::text`
}
