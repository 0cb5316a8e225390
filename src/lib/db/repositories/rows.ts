import { z } from 'zod'
import type { ChatMessage } from '@/contracts/chat'
import { Quote, Reaction, SystemChange } from '@/contracts/chatShapes'
import { excerptOf } from '@/contracts/excerpt'
import { type Notification, NotificationType } from '@/contracts/notifications'
import type { MessageChange, NotificationChange } from '@/services/shared/changes'
import { Prisma } from '../generated/client'

/** A row of `messages` as the driver gives it. */
export interface MessageRow {
  id: string
  room_id: string
  seq: number
  rev: number
  sender_id: string
  client_id: string
  message: string
  created_at: Date
  edited_at: Date | null
  deleted_at: Date | null
  /** What the wire says of a change of the group. */
  system: unknown
  /** What the wire says of who reacted. */
  reactions: unknown
  /** Of an answer: what `quote_of` says of the message it answers. */
  reply_to: unknown
  /** The ids of whom it names. */
  mentions: unknown
}

/** The columns of `messages`, as a `MessageRow` has them. */
export const messageColumns = Prisma.sql`*, quote_of(reply_to_id) AS reply_to`

/** What the database says of a quoted message: the beginning of its text. */
const { excerpt: _, ...quoted } = Quote.shape
const QuotedRow = z.object({ ...quoted, text: z.string() })

function toQuote(row: unknown): Quote {
  const { text, ...quoted } = QuotedRow.parse(row)
  return { ...quoted, excerpt: excerptOf(text) }
}

/** A whole row: one that was changed after it was sent says when. */
export interface ChangedRow extends MessageRow {
  changed_at: Date | null
}

/** A message as `to_jsonb` writes it: like a row, with times as text. */
export type MessageColumns = Omit<MessageRow, 'created_at' | 'edited_at' | 'deleted_at'> & {
  created_at: string
  edited_at: string | null
  deleted_at: string | null
}

export const withDates = (row: MessageColumns): MessageRow => ({
  ...row,
  created_at: new Date(row.created_at),
  edited_at: row.edited_at === null ? null : new Date(row.edited_at),
  deleted_at: row.deleted_at === null ? null : new Date(row.deleted_at),
})

/** A deleted message keeps its place and loses its text. */
export const toChatMessage = (row: MessageRow): ChatMessage => ({
  id: row.id,
  roomId: row.room_id,
  seq: row.seq,
  rev: row.rev,
  senderId: row.sender_id,
  clientId: row.client_id,
  message: row.deleted_at ? '' : row.message,
  createdAt: row.created_at.toISOString(),
  ...(row.edited_at ? { editedAt: row.edited_at.toISOString() } : {}),
  ...(row.deleted_at ? { deletedAt: row.deleted_at.toISOString() } : {}),
  ...(row.reply_to === null || row.reply_to === undefined ? {} : { replyTo: toQuote(row.reply_to) }),
  ...(row.mentions === null || row.mentions === undefined ? {} : { mentions: z.array(z.string()).parse(row.mentions) }),
  ...(row.reactions === null ? {} : { reactions: z.array(Reaction).parse(row.reactions) }),
  ...(row.system === null ? {} : { kind: 'system', system: SystemChange.parse(row.system) }),
})

export const toMessageChange = (row: ChangedRow): MessageChange => {
  const message = toChatMessage(row)
  return row.changed_at === null ? { type: 'message', message } : { type: 'messageUpdated', message }
}

export interface NotificationRow {
  id: string
  user_id: string
  title: string
  message: string
  type: string
  status: string
  avatar_image: string | null
  avatar_icon: string | null
  avatar_text: string | null
  avatar_color: string | null
  link: string | null
  topic: string | null
  created_at: Date
}

export const toNotification = (row: NotificationRow): Notification => ({
  id: row.id,
  title: row.title,
  message: row.message,
  type: NotificationType.parse(row.type),
  status: row.status === 'read' ? 'read' : 'unread',
  createdAt: row.created_at.toISOString(),
  userId: row.user_id,
  ...(row.avatar_image === null ? {} : { avatarImage: row.avatar_image }),
  ...(row.avatar_icon === null ? {} : { avatarIcon: row.avatar_icon }),
  ...(row.avatar_text === null ? {} : { avatarText: row.avatar_text }),
  ...(row.avatar_color === null ? {} : { avatarColor: row.avatar_color }),
  ...(row.link === null ? {} : { link: row.link }),
  ...(row.topic === null ? {} : { topic: row.topic }),
})

/** What came of a change of messages for somebody's notifications, as functions write it: { told } or { takenBack }. */
export type ToldRow =
  | { told: Omit<NotificationRow, 'created_at'> & { created_at: string }; messageId: string }
  | { takenBack: string; userId: string }

export const toNotificationChange = (row: ToldRow): NotificationChange =>
  'told' in row
    ? { type: 'notification', notification: toNotification({ ...row.told, created_at: new Date(row.told.created_at) }) }
    : { type: 'notificationDeleted', userId: row.userId, id: row.takenBack }
