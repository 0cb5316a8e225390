import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import pg from 'pg'
import { expect, test } from 'vitest'
import { migrate } from '@/lib/db/migrate'
import { startGuarded } from '../../support/guardedProcess'
import type { PostgresReady } from '../../support/processes/holdPostgres'
import { ensureSystemTool } from '../../support/systemTools'
import { onTeardown } from '../../support/teardown'

const exec = promisify(execFile)
const OWNER_PASSWORD = "the owner's password"
const APP_PASSWORD = "the application's password"

/** An address of the same server. */
function addressOf(clusterUrl: string, user: string, password: string, database = 'tandem'): string {
  const url = new URL(clusterUrl)
  Object.assign(url, { username: user, password: encodeURIComponent(password), pathname: `/${database}` })
  return url.href
}

async function ask<Row extends pg.QueryResultRow>(connectionString: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

/** A server as PostgreSQL's image leaves it before it runs the file: a superuser `postgres`, and nothing of ours. */
async function freshServer(): Promise<string> {
  const cluster = await startGuarded<PostgresReady>(new URL('../../support/processes/holdPostgres.ts', import.meta.url))
  onTeardown(cluster.stop)
  const { url } = cluster.ready
  await ask(url, `CREATE ROLE postgres SUPERUSER LOGIN PASSWORD '${OWNER_PASSWORD.replace("'", "''")}'`)
  const superuser = addressOf(url, 'postgres', OWNER_PASSWORD, 'postgres')
  await ask(superuser, 'ALTER ROLE tandem RENAME TO "of the embedded one"')
  await ask(superuser, 'DROP DATABASE IF EXISTS tandem WITH (FORCE)')
  return superuser
}

test('the file that the image runs makes an owner for migrations and a role for the application, neither a superuser', async () => {
  const superuser = await freshServer()
  await exec(await ensureSystemTool('psql'), ['--dbname', superuser, '--file', 'deploy/postgres/roles.sql'], {
    env: { ...process.env, POSTGRES_PASSWORD: OWNER_PASSWORD, TANDEM_PASSWORD: APP_PASSWORD },
  })

  const owner = addressOf(superuser, 'tandem_owner', OWNER_PASSWORD)
  const app = addressOf(superuser, 'tandem', APP_PASSWORD)
  await migrate({ databaseUrl: owner, migrationsDir: 'prisma/migrations' })
  for (const address of [owner, app]) {
    const [role] = await ask(
      address,
      'SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user',
    )
    expect(role).toEqual({ rolsuper: false, rolcreaterole: false, rolcreatedb: false })
  }
  const refused = { code: '42501' }
  await expect(ask(app, 'CREATE TABLE mine (id int)')).rejects.toMatchObject(refused)
  await expect(ask(app, 'ALTER TABLE messages DISABLE TRIGGER ALL')).rejects.toMatchObject(refused)
  await expect(ask(app, 'DROP TABLE audit_log')).rejects.toMatchObject(refused)
  // From outside nobody is a superuser any more.
  await expect(ask(superuser, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' })
})
