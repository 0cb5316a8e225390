import { randomUUID } from 'node:crypto'
import type { TestServers } from './servers'
import type { TestUser } from './testUser'

/** The name of a new topic, open to everybody. */
export async function publicTopic({ db }: TestServers): Promise<string> {
  const name = `topic-${randomUUID()}`
  await db.query('INSERT INTO topics (name, is_public) VALUES ($1, true)', [name])
  return name
}

/** The name of a new topic, open to these people only. */
export async function privateTopic({ db }: TestServers, ...people: TestUser[]): Promise<string> {
  const name = `topic-${randomUUID()}`
  await db.query('INSERT INTO topics (name) VALUES ($1)', [name])
  for (const { id } of people) await db.query('INSERT INTO topic_access (user_id, topic) VALUES ($1, $2)', [id, name])
  return name
}
