import type * as z from 'zod/mini'
import { WebhookType, type webhookData } from '@/contracts/webhooks'
import { type MessageColumns, type NotificationRow, toChatMessage, toNotification, withDates } from './rows'

interface RoomColumns {
  id: string
  kind: 'direct' | 'group'
  name: string | null
  avatar_image: string | null
  created_at: string
}

interface MemberColumns {
  room_id: string
  user_id: string
  role: 'owner' | 'admin' | 'member'
}

type NotificationColumns = Omit<NotificationRow, 'created_at'> & { created_at: string }

interface SeenColumns {
  user_id: string
  last_seen: string
}

/** The rows that events tell of, as `to_jsonb` wrote them when it happened. */
interface Subjects {
  'message.created': MessageColumns
  'message.updated': MessageColumns
  'room.created': RoomColumns
  'room.updated': RoomColumns
  'participant.added': MemberColumns
  'participant.removed': MemberColumns
  'notification.created': NotificationColumns
  'notification.read': NotificationColumns
  'user.online': SeenColumns
  'user.offline': SeenColumns
}

const roomData = (row: RoomColumns) => ({
  id: row.id,
  kind: row.kind,
  ...(row.name === null ? {} : { name: row.name }),
  ...(row.avatar_image === null ? {} : { avatarImage: row.avatar_image }),
  createdAt: new Date(row.created_at).toISOString(),
})
const seenData = (row: SeenColumns) => ({ userId: row.user_id, lastSeen: new Date(row.last_seen).toISOString() })
const messageData = (row: MessageColumns) => toChatMessage(withDates(row))

const dataOf: { [T in WebhookType]: (row: Subjects[T]) => z.infer<(typeof webhookData)[T]> } = {
  'message.created': messageData,
  'message.updated': messageData,
  'room.created': roomData,
  'room.updated': roomData,
  'participant.added': (row) => ({ roomId: row.room_id, userId: row.user_id, role: row.role }),
  'participant.removed': (row) => ({ roomId: row.room_id, userId: row.user_id }),
  'notification.created': (row) => toNotification({ ...row, created_at: new Date(row.created_at) }),
  'notification.read': (row) => ({ id: row.id, userId: row.user_id }),
  'user.online': seenData,
  'user.offline': seenData,
}

/**
 * What is sent of an event: the same however often it is made of the same row.
 *
 * @throws Error for a type of another version than this one.
 */
export function webhookBody(type: string, subject: unknown, at: Date): string {
  const known = WebhookType.safeParse(type).data
  if (known === undefined) throw new Error(`This version of the server knows no event "${type}".`)
  return JSON.stringify({ type, timestamp: at.toISOString(), data: dataOfType(known, subject) })
}

function dataOfType<T extends WebhookType>(type: T, subject: unknown) {
  return dataOf[type](subject as Subjects[T]) // written by the database's own functions, by type
}
