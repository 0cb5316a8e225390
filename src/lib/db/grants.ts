import type { Client } from 'pg'

/**
 * Gives the application's role what it needs of a database whose tables belong to another one: reading and writing rows,
 * calling functions, adding and doing jobs. It makes and changes no tables, and of the audit log it may read and add rows
 * alone. Later migrations of the calling role give the same by default. One transaction.
 *
 * @returns what it may do in spite of that, a sentence each: rights that are not ours to take.
 * @throws Error of the driver: 42704 when there is no such role.
 */
export async function grantToApplication(client: Client, role: string): Promise<string[]> {
  const { rows } = await client.query<{ schema: string }>('SELECT quote_ident(current_schema()) AS schema')
  const schema = rows[0]?.schema ?? 'public'
  const to = client.escapeIdentifier(role)
  const rowRights = 'SELECT, INSERT, UPDATE, DELETE'
  const statements = [
    `REVOKE CREATE ON SCHEMA ${schema} FROM PUBLIC, ${to}`,
    `GRANT USAGE ON SCHEMA ${schema} TO ${to}`,
    `GRANT ${rowRights} ON ALL TABLES IN SCHEMA ${schema} TO ${to}`,
    `GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ${schema} TO ${to}`,
    `GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${schema} TO ${to}`,
    `ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT ${rowRights} ON TABLES TO ${to}`,
    `ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT USAGE, SELECT ON SEQUENCES TO ${to}`,
    `ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT EXECUTE ON FUNCTIONS TO ${to}`,
    `REVOKE UPDATE, DELETE, TRUNCATE ON ${schema}.audit_log FROM ${to}`,
    `REVOKE ALL ON ${schema}._prisma_migrations FROM ${to}`,
    ...(await jobRights(client, to)),
  ]
  await client.query('BEGIN')
  try {
    for (const statement of statements) await client.query(statement)
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  }
  return rightsThatStayed(client, role, schema)
}

/** To add jobs and to work on them; the queue's tables show their rows to their owner alone unless a policy says otherwise. */
async function jobRights(client: Client, to: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string; has_policies: boolean }>(
    `SELECT c.oid::regclass::text AS name, c.relrowsecurity AS has_policies
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'graphile_worker' AND c.relkind IN ('r', 'v')`,
  )
  if (rows.length === 0) return []
  return [
    `GRANT USAGE ON SCHEMA graphile_worker TO ${to}`,
    `GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA graphile_worker TO ${to}`,
    `GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA graphile_worker TO ${to}`,
    ...rows.flatMap(({ name, has_policies }) => [
      `GRANT SELECT, INSERT, UPDATE, DELETE ON ${name} TO ${to}`,
      ...(has_policies
        ? [`DROP POLICY IF EXISTS ${to} ON ${name}`, `CREATE POLICY ${to} ON ${name} TO ${to} USING (true)`]
        : []),
    ]),
    `REVOKE INSERT, UPDATE, DELETE ON graphile_worker.migrations FROM ${to}`,
  ]
}

/** PostgreSQL says nothing of a REVOKE that revokes nothing, and whoever may make functions may mislead those of the owner. */
async function rightsThatStayed(client: Client, role: string, schema: string): Promise<string[]> {
  const { rows } = await client.query<{ makes: boolean; changes: boolean }>(
    `SELECT has_schema_privilege($1::name, to_regnamespace($2), 'CREATE') AS makes,
            has_table_privilege($1::name, to_regclass($3), 'UPDATE, DELETE, TRUNCATE') AS changes`,
    [role, schema, `${schema}.audit_log`],
  )
  const [stayed] = rows
  return [
    ...(stayed?.makes
      ? [
          `The role ${role} may still make things in the schema ${schema}, which is another role's. ` +
            `Let that role run: REVOKE CREATE ON SCHEMA ${schema} FROM PUBLIC, ${client.escapeIdentifier(role)}`,
        ]
      : []),
    ...(stayed?.changes
      ? [`The role ${role} may still change the audit log: it is a superuser, or a member of a role that may.`]
      : []),
  ]
}
