import type { Client } from 'pg'

export interface RemovedDemo {
  /** Addresses of accounts that are gone. */
  removed: string[]
  /** Addresses of accounts that nobody can use or recognise any more; their rows stay. */
  closed: string[]
}

/** Rooms that only people of the demo are in or have written in. */
const demoRooms = `
  SELECT id FROM rooms r
  WHERE EXISTS (SELECT FROM participants p JOIN users u ON u.id = p.user_id WHERE p.room_id = r.id AND u.is_demo)
    AND NOT EXISTS (SELECT FROM participants p JOIN users u ON u.id = p.user_id WHERE p.room_id = r.id AND NOT u.is_demo)
    AND NOT EXISTS (SELECT FROM messages m JOIN users u ON u.id = m.sender_id WHERE m.room_id = r.id AND NOT u.is_demo)
  ORDER BY id FOR UPDATE`

/**
 * Takes the demo accounts out of the database, with the conversations they have among themselves. Who has talked with
 * somebody else keeps a row without name, address, password, role, picture, sessions and notifications: messages keep
 * their place, and a conversation of two its second person. All or nothing.
 */
export async function removeDemo(client: Client): Promise<RemovedDemo> {
  await client.query('BEGIN')
  try {
    const { rows: rooms } = await client.query<{ id: string }>(demoRooms)
    await client.query('DELETE FROM rooms WHERE id = ANY ($1)', [rooms.map(({ id }) => id)])
    const removed = await emailsOf(
      client,
      `DELETE FROM users u WHERE is_demo
         AND NOT EXISTS (SELECT FROM participants p WHERE p.user_id = u.id)
         AND NOT EXISTS (SELECT FROM messages m WHERE m.sender_id = u.id)
       RETURNING email`,
    )
    for (const table of ['sessions', 'notifications', 'topic_subscriptions', 'notification_preferences']) {
      await client.query(`DELETE FROM ${table} WHERE user_id IN (SELECT id FROM users WHERE is_demo)`)
    }
    const closed = await emailsOf(
      client,
      `UPDATE users u SET name = 'Former demo account', email = 'closed-' || u.id || '@invalid', password_hash = NULL,
              role = 'user', avatar_image = NULL, notification_unread = 0, is_demo = false
         FROM (SELECT id, email FROM users WHERE is_demo FOR UPDATE) AS before
        WHERE u.id = before.id RETURNING before.email`,
    )
    await client.query('COMMIT')
    return { removed, closed }
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  }
}

async function emailsOf(client: Client, sql: string): Promise<string[]> {
  const { rows } = await client.query<{ email: string }>(sql)
  return rows.map(({ email }) => email).sort()
}
