import { createDatabase, type Database } from '@/lib/db/database'
import { silentLogger } from '@/services/shared/Logger'
import { withDatabase } from './connectDatabase'

/** For scripts that use the app's own repositories. A database that cannot be reached is one sentence. */
export async function withRepositories<T>(databaseUrl: string, work: (db: Database) => Promise<T>): Promise<T> {
  await withDatabase(databaseUrl, async () => {})
  const db = createDatabase({ url: databaseUrl, poolSize: 1, logger: silentLogger, applicationName: 'tandem-script' })
  try {
    return await work(db)
  } finally {
    await db.close()
  }
}
