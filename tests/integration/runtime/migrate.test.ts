import { randomBytes } from 'node:crypto'
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client, type QueryResultRow } from 'pg'
import { beforeEach, describe, expect, inject, it } from 'vitest'
import { migrate } from '@/lib/db/migrate'
import { databaseUrl as urlOf } from '../../support/postgres/databaseUrl'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

let databaseUrl: string
let migrationsDir: string

async function query<Row extends QueryResultRow>(sql: string, connectionString = databaseUrl): Promise<Row[]> {
  const client = new Client({ connectionString })
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

async function write(name: string, sql: string): Promise<void> {
  await mkdir(path.join(migrationsDir, name), { recursive: true })
  await writeFile(path.join(migrationsDir, name, 'migration.sql'), sql)
}

beforeEach(async () => {
  const name = `empty_${randomBytes(6).toString('hex')}`
  await query(`CREATE DATABASE ${name}`, inject('clusterUrl'))
  onTeardown(async () => void (await query(`DROP DATABASE ${name} WITH (FORCE)`, inject('clusterUrl'))))
  databaseUrl = urlOf(inject('clusterUrl'), name)
  migrationsDir = await mkdtemp(path.join(tmpdir(), 'tandem-migrations-'))
  onTeardown(() => rm(migrationsDir, { recursive: true }))
})

interface Row extends QueryResultRow {
  migration_name: string
  checksum: string
  finished: boolean
  logs: string | null
  applied_steps_count: number
}

const ledger = () =>
  query<Row>(`SELECT migration_name, checksum, finished_at IS NOT NULL AS finished, logs, applied_steps_count
                FROM _prisma_migrations ORDER BY started_at, migration_name`)

const tables = async () =>
  (await query<{ name: string }>(`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`))
    .map(({ name }) => name)
    .filter((name) => name !== '_prisma_migrations')

describe('the migration that marks demo accounts', () => {
  const ours = path.resolve('prisma', 'migrations')

  it('finds those made before by their addresses, and marks nobody who comes later', async () => {
    const [first = '', ...later] = (await readdir(ours)).filter((name) => /^\d/.test(name)).sort()
    const copy = (name: string) => cp(path.join(ours, name), path.join(migrationsDir, name), { recursive: true })
    await copy(first)
    await migrate({ databaseUrl, migrationsDir })
    const add = (...names: string[]) =>
      query(
        `INSERT INTO users (id, email, name) SELECT n, n || '@example.com', n FROM unnest(ARRAY['${names.join("','")}']) n`,
      )
    await add('ada', 'grace', 'linus', 'zoe')
    for (const name of later) await copy(name)
    await migrate({ databaseUrl, migrationsDir })
    await add('yan')
    const marked = await query<{ id: string }>('SELECT id FROM users WHERE is_demo ORDER BY id')
    expect(marked.map(({ id }) => id)).toEqual(['ada', 'grace', 'linus'])
  })
})

describe('the migrations that bring permissions', () => {
  const ours = path.resolve('prisma', 'migrations')
  const since = '20261121060000'

  it('write no row of the many people, whom readers wait for, and leave processes of the version before at work', async () => {
    const names = (await readdir(ours)).filter((name) => /^\d/.test(name)).sort()
    const bring = async (from: string, to: string) => {
      for (const name of names.filter((one) => one >= from && one < to)) {
        await cp(path.join(ours, name), path.join(migrationsDir, name), { recursive: true })
      }
      await migrate({ databaseUrl, migrationsDir })
    }
    const register = (id: string, role = 'user') =>
      query(`INSERT INTO users (id, email, name, role) VALUES ('${id}', '${id}@example.com', '${id}', '${role}')`)
    const follow = (topic: string) =>
      query(`INSERT INTO topic_subscriptions (user_id, topic) VALUES ('ada', '${topic}')`)
    const placeOfAda = () => query(`SELECT ctid, xmin FROM users WHERE id = 'ada'`)

    await bring('', since)
    await register('ada')
    await register('grace', 'admin')
    await follow('news')
    const place = await placeOfAda()
    await bring(since, '20261121061000')
    await register('zoe')
    await bring('20261121061000', '20261121070000')

    expect(await placeOfAda()).toEqual(place)
    const held = await query<{ id: string; n: number; kept: boolean }>(
      `SELECT id, cardinality(permissions) AS n, permissions = effective_permissions(id, role) AS kept
       FROM users ORDER BY id`,
    )
    expect(held).toEqual([
      { id: 'ada', n: 7, kept: true },
      { id: 'grace', n: 12, kept: true },
      { id: 'zoe', n: 7, kept: true },
    ])
    await query(`INSERT INTO topics (name) VALUES ('closed')`)
    for (const topic of ['closed', 'nobody knew of it']) await follow(topic)
    expect(await query('SELECT topic FROM topic_subscriptions')).toEqual([{ topic: 'news' }])
  })
})

describe('the migrations that note who has written', () => {
  it('find everybody who wrote before, in however many rooms, and nobody else', async () => {
    const ours = path.resolve('prisma', 'migrations')
    const names = (await readdir(ours)).filter((name) => /^\d/.test(name)).sort()
    const copy = (name: string) => cp(path.join(ours, name), path.join(migrationsDir, name), { recursive: true })
    const isLater = (name: string) => name >= '20261121091000'
    for (const name of names) if (!isLater(name)) await copy(name)
    await migrate({ databaseUrl, migrationsDir })
    await query(
      `INSERT INTO users (id, email, name) SELECT n, n || '@example.com', n FROM unnest(ARRAY['ada', 'grace']) n`,
    )
    await query(`INSERT INTO rooms (id, kind) SELECT 'room ' || n, 'group' FROM generate_series(1, 1201) n`)
    await query(`INSERT INTO participants (room_id, user_id) SELECT r.id, u.id FROM rooms r, users u`)
    await query(
      `INSERT INTO messages (id, room_id, seq, rev, sender_id, client_id, message)
       SELECT gen_random_uuid(), id, 1, 1, 'ada', gen_random_uuid(), 'Hello' FROM rooms WHERE id <> 'room 7'`,
    )
    for (const name of names) if (isLater(name)) await copy(name)
    await migrate({ databaseUrl, migrationsDir })
    const written = await query(
      `SELECT user_id, has_written, count(*)::int AS n FROM participants GROUP BY 1, 2 ORDER BY 1, 2`,
    )
    expect(written).toEqual([
      { user_id: 'ada', has_written: false, n: 1 },
      { user_id: 'ada', has_written: true, n: 1_200 },
      { user_id: 'grace', has_written: false, n: 1_201 },
    ])
  })
})

describe('migrate', () => {
  it('applies what is missing, in the order of the names, and nothing twice', async () => {
    await write('2_second', 'ALTER TABLE a ADD COLUMN n int;')
    await write('1_first', 'CREATE TABLE a (id int); INSERT INTO a VALUES (1);')
    expect(await migrate({ databaseUrl, migrationsDir })).toEqual({ applied: ['1_first', '2_second'] })
    await write('3_third', 'CREATE TABLE b (id int);')
    expect(await migrate({ databaseUrl, migrationsDir })).toEqual({ applied: ['3_third'] })
    expect(await migrate({ databaseUrl, migrationsDir })).toEqual({ applied: [] })
    expect(await query('SELECT id, n FROM a')).toEqual([{ id: 1, n: null }])
  })

  it('keeps its books as Prisma does, so that Prisma sees the work as done', async () => {
    await write('1_first', 'CREATE TABLE a (id int);')
    await migrate({ databaseUrl, migrationsDir })
    expect(await ledger()).toEqual([
      {
        migration_name: '1_first',
        // sha256 of the file above, as `sha256sum` gives it
        checksum: '168f4af76cbece82a4185c6c57366e07883c6e4155f25ce28559018d99433b81',
        finished: true,
        logs: null,
        applied_steps_count: 1,
      },
    ])
    expect(
      await query(`SELECT column_name || ' ' || data_type || ' ' || is_nullable AS column FROM information_schema.columns
                    WHERE table_name = '_prisma_migrations' ORDER BY ordinal_position`),
    ).toEqual(
      [
        'id character varying NO',
        'checksum character varying NO',
        'finished_at timestamp with time zone YES',
        'migration_name character varying NO',
        'logs text YES',
        'rolled_back_at timestamp with time zone YES',
        'started_at timestamp with time zone NO',
        'applied_steps_count integer NO',
      ].map((column) => ({ column })),
    )
  })

  it('lets one of many that run at once do each migration', async () => {
    for (const name of ['1_a', '2_b', '3_c']) await write(name, `CREATE TABLE t${name} (id int);`)
    const runs = await Promise.all(Array.from({ length: 8 }, () => migrate({ databaseUrl, migrationsDir })))
    expect(runs.flatMap(({ applied }) => applied).sort()).toEqual(['1_a', '2_b', '3_c'])
    expect(await ledger()).toHaveLength(3)
  })

  it('makes an index without keeping writers out, also while other processes wait for their turn to migrate', async () => {
    await write('1_table', 'CREATE TABLE a (id int);')
    await write('2_index', '-- Alone in its file.\nCREATE INDEX CONCURRENTLY i ON a (id);')
    const runs = await Promise.all(Array.from({ length: 4 }, () => migrate({ databaseUrl, migrationsDir })))
    expect(runs.flatMap(({ applied }) => applied)).toEqual(['1_table', '2_index'])
    expect(await query('SELECT indisvalid FROM pg_index WHERE indexrelid = $$i$$::regclass')).toEqual([
      { indisvalid: true },
    ])
  })

  it('tries a migration again that would have waited too long for a table, and does it once', async () => {
    await write('1_table', 'CREATE TABLE a (id int);')
    await migrate({ databaseUrl, migrationsDir })
    await write(
      '2_column',
      `SET LOCAL lock_timeout = '200ms'; CREATE TABLE b (id int); ALTER TABLE a ADD COLUMN n int;`,
    )
    const reading = new Client({ connectionString: databaseUrl })
    await reading.connect()
    onTeardown(() => reading.end())
    await reading.query('BEGIN')
    await reading.query('SELECT FROM a')
    const migrating = migrate({ databaseUrl, migrationsDir })
    const tries = new Set<string>()
    await waitFor(async () => {
      const waiting = await query<{ since: string }>(
        `SELECT query_start::text AS since FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      )
      for (const { since } of waiting) tries.add(since)
      return tries.size > 1
    })
    await reading.query('COMMIT')
    expect(await migrating).toEqual({ applied: ['2_column'] })
    expect(await tables()).toEqual(['a', 'b'])
    expect(await ledger()).toHaveLength(2)
  })

  it('undoes a migration that fails, remembers why, and goes no further', async () => {
    await write('1_good', 'CREATE TABLE a (id int);')
    await write('2_bad', 'CREATE TABLE b (id int);\nALTER TABLE nowhere ADD COLUMN x int;')
    await write('3_later', 'CREATE TABLE c (id int);')
    await expect(migrate({ databaseUrl, migrationsDir })).rejects.toThrow(
      'Migration 2_bad failed: relation "nowhere" does not exist [42P01]',
    )
    expect(await tables()).toEqual(['a'])
    expect((await ledger())[1]).toMatchObject({
      migration_name: '2_bad',
      finished: false,
      logs: 'relation "nowhere" does not exist [42P01]',
      applied_steps_count: 0,
    })
  })

  it('names the line of a mistake in the file', async () => {
    await write('1_bad', 'CREATE TABLE a (id int);\n\nCREATE TABEL b (id int);')
    await expect(migrate({ databaseUrl, migrationsDir })).rejects.toThrow('syntax error at or near "TABEL" (line 3)')
  })

  it('refuses to go on after a failure until it is marked as undone', async () => {
    await write('1_bad', 'SELECT 1/0;')
    await expect(migrate({ databaseUrl, migrationsDir })).rejects.toThrow('division by zero')
    await write('1_bad', 'CREATE TABLE a (id int);')
    await expect(migrate({ databaseUrl, migrationsDir })).rejects.toThrow(
      'Migration 1_bad failed earlier on this database: division by zero',
    )
    await query(`UPDATE _prisma_migrations SET rolled_back_at = now()
                  WHERE migration_name = '1_bad' AND finished_at IS NULL`)
    expect(await migrate({ databaseUrl, migrationsDir })).toEqual({ applied: ['1_bad'] })
  })

  it('refuses a file that was changed after it was applied', async () => {
    await write('1_first', 'CREATE TABLE a (id int);')
    await migrate({ databaseUrl, migrationsDir })
    await write('1_first', 'CREATE TABLE a (id bigint);')
    await expect(migrate({ databaseUrl, migrationsDir })).rejects.toThrow(
      'Migration 1_first was changed after it was applied to this database.',
    )
  })

  it('leaves alone what a newer version has applied', async () => {
    await write('1_first', 'CREATE TABLE a (id int);')
    await write('2_newer', 'CREATE TABLE b (id int);')
    await migrate({ databaseUrl, migrationsDir })
    await rm(path.join(migrationsDir, '2_newer'), { recursive: true })
    expect(await migrate({ databaseUrl, migrationsDir })).toEqual({ applied: [] })
  })
})
