import { readFile } from 'node:fs/promises'
import pg from 'pg'
import { expect, inject, test } from 'vitest'
import { migrateDatabase } from '../../../scripts/support/migrateDatabase'
import { createTestDatabase } from '../../support/postgres/createTestDatabase'
import { onTeardown } from '../../support/teardown'

const passwords = { owner_password: 'of the owner', app_password: 'of the app' }

/** What psql would send: its own commands are left out, its variables put in. */
async function rolesSql(): Promise<string> {
  const file = await readFile('deploy/postgres/roles.sql', 'utf8')
  return Object.entries(passwords).reduce(
    (sql, [name, value]) => sql.replaceAll(`:'${name}'`, pg.escapeLiteral(value)),
    file.replaceAll(/^\\.*$/gm, ''),
  )
}

async function query(connectionString: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    return await client.query(sql)
  } finally {
    await client.end()
  }
}

test('a database that the superuser made becomes that of roles who are none; once more changes nothing', async () => {
  // Its tables are there already, as those of an installation before there were roles.
  const url = await createTestDatabase()
  onTeardown(async () => {
    // They outlive the database, and own nothing elsewhere.
    await query(inject('clusterUrl'), 'DROP ROLE IF EXISTS tandem_app; DROP ROLE IF EXISTS tandem_owner').catch(
      () => {},
    )
  })
  onTeardown(() => query(url, 'REASSIGN OWNED BY tandem_owner TO CURRENT_USER; DROP OWNED BY tandem_app, tandem_owner'))
  const sql = await rolesSql()
  await query(url, sql)
  await query(url, sql)

  const roles = await query(
    url,
    `SELECT rolname, rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname ~ '^tandem_'`,
  )
  expect(roles.rows).toHaveLength(2)
  for (const role of roles.rows)
    expect(role).toMatchObject({ rolsuper: false, rolcreatedb: false, rolcreaterole: false })
  const foreign = await query(
    url,
    `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S', 'v')
       AND relowner <> 'tandem_owner'::regrole`,
  )
  expect(foreign.rows).toEqual([])

  const as = (name: string, password: string) => {
    const address = new URL(url)
    address.username = name
    address.password = password
    return address.href
  }
  const app = as('tandem_app', passwords.app_password)
  const owner = as('tandem_owner', passwords.owner_password)
  await expect(query(app, 'SELECT count(*) FROM users')).rejects.toMatchObject({ code: '42501' })
  await migrateDatabase({ url: app, migrationUrl: owner, onProgress: () => {} })
  expect((await query(app, 'SELECT count(*)::int AS count FROM users')).rows).toEqual([{ count: 0 }])
  await expect(query(app, 'CREATE TABLE mine (id int)')).rejects.toMatchObject({ code: '42501' })
  await expect(query(app, 'DELETE FROM audit_log')).rejects.toMatchObject({ code: '42501' })
})
