import type { ChatMessage } from '@/contracts/chat'
import type { Quote } from '@/contracts/chatShapes'
import { AppError, type ErrorCode, type WireError } from '@/contracts/errors'
import { personAt } from './address'
import type { MessageChange, OutboxEntry, Version } from './database'
import type { LimitName } from './SendLimit'

/** A message of one's own that is not acknowledged yet. */
export interface OutgoingMessage {
  clientId: string
  roomId: string
  message: string
  replyTo?: Quote | undefined
  mentions?: string[] | undefined
  /** ISO 8601, by the page's clock. */
  createdAt: string
  state: 'queued' | 'sending' | 'failed'
  /** Why it failed for good; only with `failed`. */
  error: WireError | undefined
}

/** An edit (`message` is the new text, which names `mentions`), deletion or reaction that is not acknowledged yet. */
export type PendingChange = MessageChange &
  Pick<OutgoingMessage, 'clientId' | 'message' | 'mentions' | 'state' | 'error'>

/** An entry as a conversation shows it. */
export const shownAs = (
  { clientId, roomId, message, replyTo, mentions, createdAt, error }: OutboxEntry,
  state: OutgoingMessage['state'],
): OutgoingMessage => ({ clientId, roomId, message, replyTo, mentions, createdAt, state, error })

/** Which of the server's limits counts the next attempt: where nothing is sent until the room is known, the rooms'. */
export const limitOf = ({ roomId, change }: Pick<OutboxEntry, 'roomId' | 'change'>): LimitName =>
  personAt(roomId) !== undefined ? 'rooms' : change === undefined ? 'messages' : 'changes'

/*
 * The life of a message that is not acknowledged. It waits: never tried, or tried with an outcome that nobody told
 * (`unanswered`), so that the server may have it. Or it has failed for good (`error`). Each function here is one step of it.
 */

/** What a message says from now on, and whom that names. */
export interface NewText {
  text: string
  mentions?: string[] | undefined
}

const mayBeThere = ({ unanswered = 0 }: OutboxEntry): boolean => unanswered > 0

/** An attempt begins. It counts as unanswered from now on, so that no crash can forget it. */
export const attempted = (entry: OutboxEntry): OutboxEntry => ({ ...entry, unanswered: (entry.unanswered ?? 0) + 1 })

/** An attempt ended, and the server certainly did not take it. Withdrawn meanwhile, it goes without a trace. */
export function refused(entry: OutboxEntry): OutboxEntry | undefined {
  const { unanswered = 0, earlier: _, isWithdrawn, ...neverTried } = entry
  if (unanswered > 1) return { ...entry, unanswered: unanswered - 1 }
  return isWithdrawn === true ? undefined : neverTried
}

/** It failed for good: what was withdrawn then cannot be deleted either, and is forgotten. */
export const failed = (entry: OutboxEntry, error: WireError): OutboxEntry | undefined =>
  entry.isWithdrawn === true ? undefined : { ...entry, error }

/** It waits with this text, whatever it had and whether or not it had failed. What it answered and is gone it answers no more. */
export function rewritten({ error, ...entry }: OutboxEntry, { text, mentions }: NewText): OutboxEntry {
  if (error?.code === 'NOT_FOUND') delete entry.replyTo
  const next = { ...entry, message: text, mentions }
  if (isSame(entry, next)) return entry
  return mayBeThere(entry) ? { ...next, earlier: [...earlierThan(entry), versionOf(entry)] } : next
}

const versionOf = ({ message, mentions }: OutboxEntry): Version => ({ message, mentions })

/** They say the same, and name the same people. */
const isSame = (one: Version, other: Version): boolean =>
  one.message === other.message && (one.mentions ?? []).join() === (other.mentions ?? []).join()

/** Other versions than its present one. */
const earlierThan = (entry: OutboxEntry): Version[] =>
  (entry.earlier ?? []).filter((version) => !isSame(version, entry))

/** It is deleted: at once, unless the server may have it. */
export const withdrawn = (entry: OutboxEntry): OutboxEntry | undefined =>
  mayBeThere(entry) && entry.error === undefined ? { ...entry, isWithdrawn: true } : undefined

/** The same under another id, of which the server knows nothing. */
export function renewed(entry: OutboxEntry, clientId: string, { text, mentions }: NewText): OutboxEntry {
  const { error: _, unanswered: __, earlier: ___, ...rest } = entry
  return { ...rest, clientId, message: text, mentions }
}

/** What the server may have of it, the newest first. */
export const versionsOf = (entry: OutboxEntry): [OutboxEntry, ...OutboxEntry[]] => [
  entry,
  ...earlierThan(entry)
    .reverse()
    .map((version) => ({ ...entry, ...version })),
]

/** What is to become of a message of the server's table. */
export type ChangeToMake =
  | ({ kind: 'edit' } & NewText)
  | { kind: 'delete' }
  | { kind: 'react'; emoji: string; on: boolean }

/** That, as it waits. */
export const changing = (
  messageId: string,
  what: ChangeToMake,
  as: Pick<OutboxEntry, 'clientId' | 'roomId' | 'senderId' | 'createdAt'>,
): OutboxEntry => ({
  ...as,
  message: what.kind === 'edit' ? what.text : '',
  ...(what.kind === 'edit' && what.mentions !== undefined ? { mentions: what.mentions } : {}),
  change: what.kind === 'react' ? { ...what, messageId } : { messageId, kind: what.kind },
})

/** What is left to be done once the server has the message as it answers; undefined: nothing. */
export function followUp(
  entry: OutboxEntry,
  { id, roomId, message, mentions, deletedAt }: ChatMessage,
  createClientId: () => string,
): OutboxEntry | undefined {
  const change = (what: ChangeToMake): OutboxEntry =>
    changing(id, what, { clientId: createClientId(), roomId, senderId: entry.senderId, createdAt: entry.createdAt })
  if (deletedAt !== undefined) return undefined
  if (entry.isWithdrawn === true) return change({ kind: 'delete' })
  // Any other text is a newer one, which somebody gave it elsewhere. By the text alone: of whom it names, the server leaves
  // out who is not in the room.
  const isAsBefore =
    earlierThan(entry).some((version) => version.message === message) && !isSame(entry, { message, mentions })
  return isAsBefore ? change({ kind: 'edit', text: entry.message, mentions: entry.mentions }) : undefined
}

const mayHaveBeenDone: readonly ErrorCode[] = ['TIMEOUT', 'UNAVAILABLE', 'INTERNAL']

/** The server said no before it did anything. */
export const wasNotTaken = (error: unknown): boolean =>
  error instanceof AppError && !mayHaveBeenDone.includes(error.code)

/** The server has another message with this client id. */
export const hasClientIdOfAnother = (error: unknown): boolean => error instanceof AppError && error.code === 'CONFLICT'
