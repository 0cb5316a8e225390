import type { Client } from 'pg'

/**
 * Gives the application's role what it needs of a database whose tables belong to another one: reading and writing rows,
 * calling functions. It makes and changes no tables, and of the audit log it may read and add rows alone. Later migrations
 * of the calling role give the same by default. One transaction.
 *
 * @throws Error of the driver: 42704 when there is no such role.
 */
export async function grantToApplication(client: Client, role: string): Promise<void> {
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
  ]
  await client.query('BEGIN')
  try {
    for (const statement of statements) await client.query(statement)
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  }
}
