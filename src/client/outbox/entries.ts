import type { ChatMessage } from '@/contracts/chat'
import { AppError, type WireError } from '@/contracts/errors'
import type { MessageChange, OutboxEntry } from './database'

/** A message of one's own that is not acknowledged yet. */
export interface OutgoingMessage {
  clientId: string
  roomId: string
  message: string
  /** ISO 8601, by the page's clock. */
  createdAt: string
  state: 'queued' | 'sending' | 'failed'
  /** Why it failed for good; only with `failed`. */
  error: WireError | undefined
}

/** An edit (`message` is the new text), deletion or reaction that is not acknowledged yet. */
export type PendingChange = MessageChange & Pick<OutgoingMessage, 'clientId' | 'message' | 'state' | 'error'>

export const shownAs = (
  { clientId, roomId, message, createdAt, error }: OutboxEntry,
  state: OutgoingMessage['state'],
): OutgoingMessage => ({ clientId, roomId, message, createdAt, state, error })

/** The entry with another text, which remembers those it had. */
export const rewritten = (entry: OutboxEntry, text: string): OutboxEntry => ({
  ...entry,
  message: text,
  earlier: [...new Set([...(entry.earlier ?? []), entry.message])],
})

/** What the server may have of it, the newest first. */
export const textsOf = ({ message, earlier = [] }: OutboxEntry): [string, ...string[]] => [
  message,
  ...earlier.filter((text) => text !== message).reverse(),
]

/** What is left to be done once the server has the message as it answers; undefined: nothing. */
export function followUp(
  entry: OutboxEntry,
  message: ChatMessage,
  createClientId: () => string,
): OutboxEntry | undefined {
  const { senderId, createdAt } = entry
  const { roomId } = message
  const change = (kind: 'edit' | 'delete', text: string): OutboxEntry => ({
    clientId: createClientId(),
    ...{ roomId, senderId, createdAt, message: text, change: { messageId: message.id, kind } },
  })
  if (message.deletedAt !== undefined) return undefined
  if (entry.isWithdrawn === true) return change('delete', '')
  // Any other text is a newer one, which somebody gave it elsewhere.
  const isAsBefore = message.message !== entry.message && (entry.earlier ?? []).includes(message.message)
  return isAsBefore ? change('edit', entry.message) : undefined
}

/** The server has another message with this client id. */
export const hasClientIdOfAnother = (error: unknown): boolean => error instanceof AppError && error.code === 'CONFLICT'
