import type pg from 'pg'
import type { StoredMessage, StoredParticipant, StoredRoom, Table } from './evidence'

/** What the database holds of these rooms. */
export async function readTable(db: pg.Pool, roomIds: readonly string[]): Promise<Table> {
  const [messages, rooms, participants] = await Promise.all([
    db.query<StoredMessage>(
      `SELECT id, room_id AS "roomId", seq, rev, sender_id AS "senderId", client_id AS "clientId", message,
         (SELECT json_agg(json_build_object('emoji', emoji, 'userIds', "userIds")) FROM (
           SELECT emoji, array_agg(user_id) AS "userIds" FROM message_reactions WHERE message_id = m.id GROUP BY emoji
         ) AS r) AS reactions
       FROM messages AS m WHERE room_id = ANY ($1) ORDER BY room_id, seq`,
      [roomIds],
    ),
    db.query<StoredRoom>(`SELECT id, last_seq AS "lastSeq", last_rev AS "lastRev" FROM rooms WHERE id = ANY ($1)`, [
      roomIds,
    ]),
    db.query<StoredParticipant>(
      `SELECT room_id AS "roomId", user_id AS "userId", last_read_seq AS "lastReadSeq", own_unread AS "ownUnread"
       FROM participants WHERE room_id = ANY ($1)`,
      [roomIds],
    ),
  ])
  return { messages: messages.rows, rooms: rooms.rows, participants: participants.rows }
}
