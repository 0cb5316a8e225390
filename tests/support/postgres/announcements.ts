import pg from 'pg'
import { Change } from '@/services/shared/changes'
import { onTeardown } from '../teardown'

/** What the database announces from now on. */
export async function announcements(databaseUrl: string): Promise<Change[]> {
  const changes: Change[] = []
  const client = new pg.Client({ connectionString: databaseUrl })
  client.on('notification', ({ payload }) => changes.push(Change.parse(JSON.parse(payload ?? ''))))
  await client.connect()
  onTeardown(() => client.end())
  await client.query('LISTEN tandem')
  return changes
}
