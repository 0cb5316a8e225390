import pg from 'pg'
import { Announcement } from '@/lib/bus/announcements'
import { onTeardown } from '../teardown'

/** What the database announces from now on. */
export async function announcements(databaseUrl: string): Promise<Announcement[]> {
  const changes: Announcement[] = []
  const client = new pg.Client({ connectionString: databaseUrl })
  client.on('notification', ({ payload }) => changes.push(Announcement.parse(JSON.parse(payload ?? ''))))
  await client.connect()
  onTeardown(() => client.end())
  await client.query('LISTEN tandem')
  return changes
}
