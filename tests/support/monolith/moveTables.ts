import { readFileSync } from 'node:fs'
import pg from 'pg'
import { migrateDatabase } from '../../../scripts/support/migrateDatabase'
import { inProject } from '../../../scripts/support/project'
import { documentBlock } from '../documentBlocks'
import { createEmptyDatabase } from '../postgres/createTestDatabase'
import { onTeardown } from '../teardown'

const GUIDE = 'docs/migration/nextauth-to-lucia.md'

export interface MovedDatabase {
  url: string
  /** Finds the old tables first, as the old app does. */
  old: pg.Pool
}

/** A database with the old app's tables, and Tandem's beside them as the guide's first step says; `fill` is the old days. */
export async function moveTables(fill: (db: pg.Pool) => Promise<void>): Promise<MovedDatabase> {
  const url = await createEmptyDatabase()
  const old = pool(url, 'public')
  await old.query(readFileSync(inProject('tests', 'support', 'monolith', 'schema.sql'), 'utf8'))
  await fill(old)
  await old.query(documentBlock(GUIDE, 'sql', 'aside'))
  await migrateDatabase({ url, migrationUrl: undefined, onProgress: () => {} })
  return { url, old: pool(url, 'monolith') }
}

function pool(connectionString: string, schema: string): pg.Pool {
  // Not UTC: what a time means is not to depend on who asks.
  const db = new pg.Pool({ connectionString, max: 8, options: `-c search_path=${schema} -c timezone=America/New_York` })
  db.on('error', () => {}) // the database is dropped under its last connections
  onTeardown(() => db.end())
  return db
}

export const peopleBlock = (name: string): string => documentBlock(GUIDE, 'sql', name)
