import type { ChatMessage } from '@/contracts/chat'

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
}

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
})
