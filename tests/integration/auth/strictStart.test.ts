import { readFile } from 'node:fs/promises'
import pg from 'pg'
import { expect, test } from 'vitest'
import { refuseDemoAccountsOnceAnswered } from '@/lib/db/refuseDemoAccounts'
import { createTestDatabase } from '../../support/postgres/createTestDatabase'
import { TcpProxy } from '../../support/proxy/TcpProxy'
import { recordingLogger } from '../../support/recordingLogger'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

async function openDatabase() {
  const databaseUrl = await createTestDatabase()
  const db = new pg.Client({ connectionString: databaseUrl })
  db.on('error', () => {})
  await db.connect()
  onTeardown(() => db.end())
  return { databaseUrl, db }
}

const addPeople = (db: pg.Client, ...names: string[]) =>
  db.query(
    `INSERT INTO users (id, email, name, created_at)
     SELECT name, name || '@example.com', name, now() + place * interval '1 second'
     FROM unnest($1::text[]) WITH ORDINALITY AS person (name, place)`,
    [names],
  )

test('a strict process waits for a database that does not answer yet, and then looks for demo accounts', async () => {
  const { databaseUrl, db } = await openDatabase()
  await addPeople(db, 'yan')
  await db.query('UPDATE users SET is_demo = true')
  const address = new URL(databaseUrl)
  const proxy = await TcpProxy.start(Number(address.port))
  onTeardown(() => proxy.stop())
  proxy.impose({ admit: 'refuse' })
  address.port = String(proxy.port)
  const { logger, lines } = recordingLogger()
  const answer = refuseDemoAccountsOnceAnswered({ appEnv: 'production', databaseUrl: address.href }, logger).then(
    () => 'serves',
    (error: Error) => error.message,
  )
  await waitFor(() => lines.length === 1)
  expect(lines).toEqual(['warn the database does not answer; serving nobody until it does'])

  proxy.calm()
  expect(await answer).toContain('there must be no demo accounts, and this database has yan@example.com')
})

test('older accounts are known as the demo’s by their addresses only where they were the first', async () => {
  const migration = await readFile('prisma/migrations/20261121020000_demo_accounts/migration.sql', 'utf8')
  const demo = ['ada', 'grace', 'linus']
  const marked = async (...names: string[]) => {
    const { db } = await openDatabase()
    await db.query('ALTER TABLE users DROP COLUMN is_demo')
    await addPeople(db, ...names)
    await db.query(migration)
    return (await db.query<{ id: string }>('SELECT id FROM users WHERE is_demo ORDER BY id')).rows.map(({ id }) => id)
  }
  expect(await marked(...demo)).toEqual(demo)
  expect(await marked(...demo, 'zoe')).toEqual(demo)
  // Somebody who registered one of these addresses in a database without a demo keeps their account.
  expect(await marked('zoe', 'ada')).toEqual([])
  expect(await marked('zoe', ...demo)).toEqual([])
})
