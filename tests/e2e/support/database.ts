import pg from 'pg'
import { databaseUrlOf, readDatabaseRecord } from '@/lib/env/databaseRecord'

/** Runs statements on the app's own database, past the app: for amounts that its routes would take minutes to make. */
export async function withDatabase<T>(work: (db: pg.Client) => Promise<T>): Promise<T> {
  const record = await readDatabaseRecord(process.env.E2E_DATA_DIR ?? '')
  if (!record) throw new Error('The app has no database.')
  const db = new pg.Client({ connectionString: databaseUrlOf(record) })
  await db.connect()
  try {
    return await work(db)
  } finally {
    await db.end()
  }
}
