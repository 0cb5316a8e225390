import { Client } from 'pg'
import { isErrno } from '@/lib/env/isErrno'
import { ScriptError } from './ScriptError'

/** Connects, lets `work` use the connection and closes it. A database that cannot be reached is one sentence. */
export async function withDatabase<T>(
  databaseUrl: string,
  work: (client: Client) => Promise<T>,
  variable = 'DATABASE_URL',
): Promise<T> {
  const client = new Client({ connectionString: databaseUrl, connectionTimeoutMillis: 10_000 })
  // The query in flight is rejected when the connection dies; unheard, the event beside it would end the process.
  client.on('error', () => {})
  try {
    await client.connect()
  } catch (error) {
    throw new ScriptError(explain(error, databaseUrl, variable), { cause: error })
  }
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** What is wrong and what to do, without the password in the address. */
function explain(error: unknown, databaseUrl: string, variable: string): string {
  const url = new URL(databaseUrl)
  const [server, database] = [url.host || 'the server', decodeURIComponent(url.pathname.slice(1))]
  const begin = `The database in ${variable} cannot be used: `
  if (isErrno(error, 'ECONNREFUSED')) return `${begin}nothing answers at ${server}. Start it, or correct the address.`
  if (isErrno(error, 'ENOTFOUND', 'EAI_AGAIN')) return `${begin}there is no host ${url.hostname}. Correct the address.`
  if (isErrno(error, '28P01', '28000')) {
    return `${begin}${server} refuses user ${decodeURIComponent(url.username)}. Correct user and password.`
  }
  if (isErrno(error, '3D000')) return `${begin}${server} has no database "${database}". Make it: createdb ${database}`
  const reason = error instanceof Error ? error.message || error.name : String(error)
  return `${begin}${server} answers "${reason}".`
}
