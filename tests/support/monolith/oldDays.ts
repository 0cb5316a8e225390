import type pg from 'pg'

export const people = ['ada', 'grace', 'zoe', 'linus']
/** Who is in which chat: one of two people, and two of several. */
export const chats = { pair: ['ada', 'grace'], plans: people, lunch: ['grace', 'zoe', 'linus'] }
export const chatIds = ['pair', 'plans', 'lunch'] as const
/** Of each chat before anything is moved. */
export const OLD_MESSAGES = 100
/** Of these Grace has read so many, in each of hers. */
export const READ_BY_GRACE = 92

/** What the monolith has when it is to be moved; resolves with the ids of the messages, by chat. */
export async function fillOldDays(db: pg.Pool): Promise<Map<string, string[]>> {
  const made = new Map<string, string[]>()
  for (const id of people) {
    await db.query('INSERT INTO "User" (id, name, email) VALUES ($1, $1, $2)', [id, `${id}@example.com`])
  }
  for (const chatId of chatIds) {
    await db.query('INSERT INTO chats (id, title) VALUES ($1, $2)', [chatId, chatId === 'pair' ? null : chatId])
    for (const id of chats[chatId]) await db.query('INSERT INTO chat_members VALUES ($1, $2)', [chatId, id])
    // Three at a time came in the same millisecond.
    const { rows } = await db.query<{ id: string }>(
      `INSERT INTO messages (chat_id, sender_id, content, created_at)
       SELECT $1, ($2::text[])[1 + n % cardinality($2::text[])], 'old ' || n, timestamp '2026-01-01' + (n / 3) * interval '1 ms'
       FROM generate_series(1, $3::int) n RETURNING id`,
      [chatId, chats[chatId], OLD_MESSAGES],
    )
    made.set(
      chatId,
      rows.map(({ id }) => id),
    )
  }
  await db.query(
    `UPDATE chat_members SET last_read_at = timestamp '2026-01-01' + 30 * interval '1 ms' WHERE user_id = 'grace'`,
  )
  return made
}
