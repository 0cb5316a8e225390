import { randomBytes } from 'node:crypto'
import path from 'node:path'
import pg from 'pg'
import { beforeEach, expect, inject, test } from 'vitest'
import { limits } from '@/contracts/limits'
import { announceOnly } from '@/lib/bus/announceOnly'
import { createDatabase } from '@/lib/db/database'
import { migrate } from '@/lib/db/migrate'
import { PrismaUserRepository } from '@/lib/db/repositories/PrismaUserRepository'
import { silentLogger } from '@/services/shared/Logger'
import { createTestDatabase } from '../../support/postgres/createTestDatabase'
import { databaseUrl as urlOf } from '../../support/postgres/databaseUrl'
import { onTeardown } from '../../support/teardown'
import { insertPeople } from '../../support/workload/people'

let db: pg.Pool
let users: PrismaUserRepository

async function open(url: string): Promise<void> {
  // One connection: it knows what it has read before the others hear of it.
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  // It may still be saying goodbye when its database goes.
  pool.on('error', () => {})
  onTeardown(() => pool.end())
  db = pool
  const database = createDatabase({ url, poolSize: 2, logger: silentLogger, applicationName: 'test' })
  onTeardown(() => database.close())
  users = new PrismaUserRepository(database, announceOnly('test'))
}

beforeEach(async () => open(await createTestDatabase()))

const named = async (query: string, except = 'nobody') => (await users.search(query, except)).map(({ name }) => name)

test('people are found by any part of their name, those whose name begins with it first, each by name', async () => {
  await insertPeople(db, ['Charlotte Ada', 'Ada Lovelace', 'Bella Adams', 'Adam Riese', 'Grace Hopper', 'Ramadan'])
  expect(await named('ada')).toEqual(['Ada Lovelace', 'Adam Riese', 'Bella Adams', 'Charlotte Ada', 'Ramadan'])
  expect(await named('LOVELACE')).toEqual(['Ada Lovelace'])
  expect(await named('race Ho')).toEqual(['Grace Hopper'])
  expect(await named('')).toEqual([
    'Ada Lovelace',
    'Adam Riese',
    'Bella Adams',
    'Charlotte Ada',
    'Grace Hopper',
    'Ramadan',
  ])
})

test('one or two letters are looked for where a name or one of its words begins', async () => {
  await insertPeople(db, ['Charlotte Ada', 'Ada Lovelace', 'Ramadan'])
  expect(await named('ad')).toEqual(['Ada Lovelace', 'Charlotte Ada'])
  expect(await named('l')).toEqual(['Ada Lovelace'])
})

test('people are found by their whole address, and nobody finds themselves', async () => {
  const [ada] = await insertPeople(db, ['Ada', 'Another Ada'])
  expect(await named(`${ada?.id.toUpperCase()}@example.com`)).toEqual(['Ada'])
  expect(await named('@example.com')).toEqual([])
  expect(await named('ada', ada?.id)).toEqual(['Another Ada'])
})

test('whoever disabled their account is not found, in no way', async () => {
  const [ada] = await insertPeople(db, ['Ada Lovelace'])
  await db.query('UPDATE users SET disabled_at = now()')
  for (const query of ['', 'a', 'ada', 'lovelace', `${ada?.id}@example.com`])
    expect(await named(query), query).toEqual([])
})

test('signs that mean something to databases mean themselves', async () => {
  await insertPeople(db, ['100% Ada', 'Snake_case', 'Back\\slash', "O'Hara", 'Ömer Äöü', '田中太郎'])
  for (const [query, name] of [
    ['100%', '100% Ada'],
    ['0% a', '100% Ada'],
    ['ke_c', 'Snake_case'],
    ['k\\s', 'Back\\slash'],
    ["o'h", "O'Hara"],
    ['ÖMER', 'Ömer Äöü'],
    ['田中', '田中太郎'],
    ['中太郎', '田中太郎'],
  ] as const)
    expect(await named(query)).toEqual([name])
  for (const query of ['%', '_', '%%%', '___', '\\', 'a%a']) expect(await named(query)).toEqual([])
})

test('of very many that match, a page is answered, and whoever has exactly that name is on it', async () => {
  await insertPeople(db, [...Array.from({ length: 1_000 }, (_, i) => `Anna ${String(i).padStart(4, '0')}`), 'Anna'])
  expect((await named('anna'))[0]).toBe('Anna')
  expect(await named('nna')).toHaveLength(limits.usersPage)
  expect(await named('nna 0999')).toEqual(['Anna 0999'])
})

/** Rows of `users` that sequential scans have read so far. */
async function readBySequentialScans(): Promise<number> {
  await db.query('SELECT pg_stat_force_next_flush()')
  const { rows } = await db.query(`SELECT seq_tup_read::int AS n FROM pg_stat_user_tables WHERE relname = 'users'`)
  return rows[0].n
}

const queries = ['', 'a', 'gr', 'grace', 'person 4', 'nobody of that name', '4999', 'erson', 'ace h']

test.each([
  ['was analysed while it was empty', 'ANALYZE users'],
  ['was never analysed', 'SELECT 1'],
])('no search reads the whole table, though it %s', async (_, before) => {
  await db.query('ALTER TABLE users SET (autovacuum_enabled = off)')
  await db.query(before)
  await insertPeople(db, ['Grace Hopper', ...Array.from({ length: 5_000 }, (_, i) => `Person ${i}`)])
  const read = await readBySequentialScans()
  for (const query of queries) await db.query('SELECT * FROM find_people($1, $2, 20)', [query, 'nobody'])
  expect(await readBySequentialScans()).toBe(read)
  // What is measured here would be seen.
  await db.query('DROP INDEX users_name_parts_idx')
  await db.query('SELECT * FROM find_people($1, $2, 20)', ['erson', 'nobody'])
  expect(await readBySequentialScans()).toBeGreaterThan(read)
})

test('where pg_trgm is missing people are found all the same, and its index is made once it is there', async () => {
  await db.query('DROP EXTENSION pg_trgm CASCADE')
  await insertPeople(db, ['Ada Lovelace', 'Grace Hopper'])
  expect(await named('velac')).toEqual(['Ada Lovelace'])
  expect((await db.query('SELECT index_names() AS made')).rows).toEqual([{ made: false }])
  await db.query('CREATE SCHEMA elsewhere')
  await db.query('CREATE EXTENSION pg_trgm SCHEMA elsewhere')
  for (let i = 0; i < 2; i++) expect((await db.query('SELECT index_names() AS made')).rows).toEqual([{ made: true }])
  expect(await named('velac')).toEqual(['Ada Lovelace'])
})

test('a role that may not make extensions migrates, and is told what is left to do', async () => {
  const name = `limited_${randomBytes(6).toString('hex')}`
  const cluster = new pg.Pool({ connectionString: inject('clusterUrl'), max: 1 })
  onTeardown(() => cluster.end())
  await cluster.query(`CREATE ROLE ${name} LOGIN PASSWORD 'limited'`)
  await cluster.query(`CREATE DATABASE ${name}`)
  onTeardown(async () => {
    await cluster.query(`DROP DATABASE ${name} WITH (FORCE)`)
    await cluster.query(`DROP ROLE ${name}`)
  })
  const url = new URL(urlOf(inject('clusterUrl'), name))
  const owner = new pg.Client({ connectionString: url.href })
  await owner.connect()
  onTeardown(() => owner.end())
  await owner.query(`GRANT ALL ON SCHEMA public TO ${name}`)
  url.username = name
  url.password = 'limited'

  const warnings: string[] = []
  const onWarning = (message: string) => void warnings.push(message)
  await migrate({ databaseUrl: url.href, migrationsDir: path.resolve('prisma', 'migrations'), onWarning })
  expect(warnings).toEqual([expect.stringContaining('CREATE EXTENSION pg_trgm')])
  await open(url.href)
  await insertPeople(db, ['Ada Lovelace'])
  expect(await named('velac')).toEqual(['Ada Lovelace'])
})
