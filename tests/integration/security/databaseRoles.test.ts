import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { beforeAll, expect, inject, test } from 'vitest'
import { AuditPage } from '@/contracts/audit'
import { migrateDatabase } from '../../../scripts/support/migrateDatabase'
import { databaseUrl } from '../../support/postgres/databaseUrl'
import { startServers, type TestServers } from '../../support/servers/servers'
import { asked } from '../../support/servers/testUser'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

const tag = randomBytes(6).toString('hex')
const owner = { name: `owner_${tag}`, password: 'of the owner' }
const app = { name: `app_${tag}`, password: 'of the app' }
const clusterUrl = inject('clusterUrl')

async function asSuperuser(statements: readonly string[], connectionString = clusterUrl): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}

function urlOf({ name, password }: typeof owner): string {
  const url = new URL(databaseUrl(clusterUrl, `roles_${tag}`))
  url.username = name
  url.password = password
  return url.href
}

const progress: string[] = []
const migrateNow = () =>
  migrateDatabase({ url: urlOf(app), migrationUrl: urlOf(owner), onProgress: (line) => progress.push(line) })

let servers: TestServers

beforeAll(async () => {
  await asSuperuser([
    `CREATE ROLE ${owner.name} LOGIN PASSWORD '${owner.password}'`,
    `CREATE ROLE ${app.name} LOGIN PASSWORD '${app.password}'`,
    `CREATE DATABASE roles_${tag} OWNER ${owner.name}`,
  ])
  onTeardown(() =>
    asSuperuser([`DROP DATABASE roles_${tag} WITH (FORCE)`, `DROP ROLE ${app.name}`, `DROP ROLE ${owner.name}`]),
  )
  await migrateNow()
  servers = await startServers({ databaseUrl: urlOf(app) })
})

const privilege = { code: '42501', message: expect.stringMatching(/^permission denied|^must be owner/) }

test('under a role that owns nothing people register, write, read, and what they did is kept', async () => {
  const ada = await servers.user('Ada')
  const grace = await servers.user('Grace')
  const client = await ada.connect()
  const { room } = await asked(client, 'getOrCreateRoom', { participantId: grace.id })
  await asked(client, 'sendMessage', { roomId: room.id, message: 'Hello', clientId: 'one' })
  const read = await grace.connect()
  await asked(read, 'markMessagesRead', { roomId: room.id })
  const history = await grace.http('GET', `/api/chat/messages?roomId=${room.id}`)
  expect(history).toMatchObject({ status: 200, body: { messages: [{ message: 'Hello' }] } })

  await servers.db.query("UPDATE users SET role = 'admin' WHERE id = $1", [ada.id])
  await waitFor(async () => {
    const { body } = await ada.http('GET', `/api/admin/audit?actor=${ada.id}`)
    const actions = AuditPage.parse(body).entries.map(({ action }) => action)
    return actions.includes('register') && actions.includes('connection.open')
  })
})

test('it works on the jobs of a queue that it did not make', async () => {
  await servers.db.query(
    `INSERT INTO audit_log (at, action, outcome, actor, transport) VALUES (now() - interval '100 days', 'ancient', 'ok', 'a', 'system')`,
  )
  await servers.db.query(`SELECT graphile_worker.add_job('expire', '{}', job_key => 'expire')`)
  await waitFor(async () => (await servers.db.query(`SELECT FROM audit_log WHERE action = 'ancient'`)).rowCount === 0)
})

test.each([
  'DROP TABLE graphile_worker._private_jobs',
  'DELETE FROM graphile_worker.migrations',
  `UPDATE audit_log SET actor = 'nobody'`,
  'DELETE FROM audit_log',
  'TRUNCATE audit_log',
  'ALTER TABLE audit_log DISABLE TRIGGER ALL',
  'DROP TABLE audit_log',
  'CREATE TABLE mine (id int)',
  'ALTER TABLE users ADD COLUMN secret text',
  'SELECT * FROM _prisma_migrations',
])('the same role may not: %s', async (statement) => {
  await expect(servers.db.query(statement)).rejects.toMatchObject(privilege)
})

test('it may purge what is past its retention, by the function, which no table of its own can mislead', async () => {
  const client = await servers.db.connect()
  try {
    await client.query('CREATE TEMPORARY TABLE audit_log (id bigint, at timestamptz)')
    await client.query(`INSERT INTO pg_temp.audit_log VALUES (1, now() - interval '1 year')`)
    const { rows } = await client.query('SELECT purge_audit_log(90, 10) AS purged')
    expect(rows).toEqual([{ purged: 0 }])
    expect((await client.query('SELECT FROM pg_temp.audit_log')).rowCount).toBe(1)
  } finally {
    await client.query('DROP TABLE IF EXISTS pg_temp.audit_log')
    client.release()
  }
})

test('what later migrations make is usable at once, and migrating again changes nothing', async () => {
  const client = new pg.Client({ connectionString: urlOf(owner) })
  await client.connect()
  try {
    await client.query('CREATE TABLE later (id int)')
    await servers.db.query('INSERT INTO later VALUES (1)')
  } finally {
    await client.query('DROP TABLE later')
    await client.end()
  }
  expect(await migrateNow()).toEqual({ applied: [] })
  expect(progress.at(-1)).toBe(`The role ${app.name} may use the tables`)
  await expect(servers.db.query('DELETE FROM audit_log')).rejects.toMatchObject(privilege)
})

test('rights that migrating cannot take are told, with what to do', async () => {
  const here = databaseUrl(clusterUrl, `roles_${tag}`)
  const said = async (...statements: string[]) => {
    await asSuperuser(statements, here)
    progress.length = 0
    await migrateNow()
    return progress
  }
  expect(await said(`GRANT ${owner.name} TO ${app.name}`)).toEqual([
    `The role ${app.name} may use the tables`,
    expect.stringMatching(/may still make things in the schema public/),
    expect.stringMatching(/may still change the audit log/),
  ])
  expect(
    await said(
      `REVOKE ${owner.name} FROM ${app.name}`,
      'ALTER SCHEMA public OWNER TO CURRENT_USER',
      'GRANT ALL ON SCHEMA public TO PUBLIC',
    ),
  ).toEqual([
    `The role ${app.name} may use the tables`,
    expect.stringContaining(`REVOKE CREATE ON SCHEMA public FROM PUBLIC, "${app.name}"`),
  ])
  expect(await said('ALTER SCHEMA public OWNER TO pg_database_owner')).toEqual([
    `The role ${app.name} may use the tables`,
  ])
})

test('a role that is missing is named', async () => {
  const missing = urlOf({ name: 'nobody_of_that_name', password: 'x' })
  await expect(migrateDatabase({ url: missing, migrationUrl: urlOf(owner), onProgress: () => {} })).rejects.toThrow(
    'There is no role "nobody_of_that_name"',
  )
})
