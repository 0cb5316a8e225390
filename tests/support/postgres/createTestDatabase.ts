import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { onTeardown } from '../teardown'
import { databaseUrl } from './databaseUrl'

/**
 * Makes an empty, migrated database (about 50 ms) and resolves with its connection string. It is dropped, with the
 * connections to it, after the test that asked for it, or after the file if asked for outside a test.
 */
export const createTestDatabase = (): Promise<string> => createDatabase(inject('templateDatabase'))

/** The same without any table. */
export const createEmptyDatabase = (): Promise<string> => createDatabase('template0')

async function createDatabase(template: string): Promise<string> {
  const clusterUrl = inject('clusterUrl')
  const name = `test_${randomBytes(6).toString('hex')}`
  await query(clusterUrl, `CREATE DATABASE ${name} TEMPLATE ${template}`)
  onTeardown(() => query(clusterUrl, `DROP DATABASE ${name} WITH (FORCE)`))
  return databaseUrl(clusterUrl, name)
}

async function query(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
