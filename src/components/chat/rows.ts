import type { MessageDetailsView } from '@/client/chat/MessageDetails'
import type { OutgoingMessage, PendingChange } from '@/client/outbox/entries'
import type { ChatMessage, Participant } from '@/contracts/chat'
import type { Quote } from '@/contracts/chatShapes'
import type { WireError } from '@/contracts/errors'
import { excerptOf } from '@/contracts/excerpt'
import type { Person } from '@/contracts/users'
import { dayKey } from '../ui/clock'
import type { Named } from './mentions'
import { type ReactionChip, reactionChips, withReaction } from './reactionChips'
import { systemWords } from './systemWords'

/** What became of an own message so far. */
export type Delivery = 'waiting' | 'failed' | 'sent' | 'read'

/** What a message answers, as the page shows it; a blank text: it was deleted. */
export interface QuoteRow {
  seq: number
  mine: boolean
  senderName: string
  text: string
}

/** One message as the page shows it, in plain values and dates: rows are compared by them before they are drawn again. */
export interface MessageRow {
  /** The same before and after the acknowledgement, so that the bubble stays the same element. */
  key: string
  clientId: string
  /** The server's; absent until acknowledged, as `seq`. */
  id: string | undefined
  seq: number | undefined
  /** Grows with each change of it. */
  rev: number
  senderId: string
  mine: boolean
  senderName: string
  senderImage: string | undefined
  text: string
  /** The ids of those whom the text names. */
  mentions: readonly string[]
  /** Those of them who are known. */
  named: readonly (Named & { isMe: boolean })[]
  /** It does not say who somebody is whom it concerns, or whether oneself reacted. */
  isOpen: boolean
  /** What it answers. */
  quote: QuoteRow | undefined
  /** What happened to the group, of which `text` tells; nobody wrote it. */
  system: boolean
  at: Date
  edited: boolean
  deleted: boolean
  /** Of own messages, and of what one changed in others'. */
  delivery: Delivery | undefined
  error: WireError | undefined
  /** What has failed; of a change the one that is sent again or given up. */
  failed: { what: 'message' | 'edit' | 'delete' | 'react'; clientId: string } | undefined
  editable: boolean
  deletable: boolean
  reactions: readonly ReactionChip[]
  /** First of a calendar day: a separator stands above it. */
  startsDay: boolean
  /** First message of others since the last visit: a "New" line stands above it. */
  startsNew: boolean
  /** First and last of a run by one person within a few minutes. */
  first: boolean
  last: boolean
}

const groupGapMs = 5 * 60_000

const nobody: readonly never[] = []

interface Input {
  messages: ChatMessage[]
  outgoing: OutgoingMessage[]
  /** What becomes of `messages` and is not acknowledged, in the order it was asked for. */
  changes: PendingChange[]
  /** People who are not among `participants`. */
  names?: MessageDetailsView['names'] | undefined
  /** Of messages that do not name everybody who reacted. */
  ownReactions?: MessageDetailsView['ownReactions']
  /** Whether one may delete what others wrote. */
  moderates: boolean
  participants: Participant[]
  /** Of a large group `participants` are a part. */
  memberCount?: number | undefined
  myId: string
  /** How far one had read when the conversation was opened; undefined when nothing was new. */
  newAfterSeq: number | undefined
  /** Older messages exist that are not loaded: whether the oldest here starts a day is not known yet. */
  hasOlder: boolean
}

/** How far every other member has read; 0 when there is no other, or it is not known of all. */
const readByAll = (participants: Participant[], myId: string, memberCount = 0) => {
  if (participants.length < memberCount) return 0
  const others = participants.filter((participant) => participant.id !== myId)
  return others.length === 0 ? 0 : Math.min(...others.map((participant) => participant.lastReadSeq))
}

const together = (a: MessageRow, b: MessageRow) =>
  a.senderId === b.senderId && !a.system && !b.system && b.at.getTime() - a.at.getTime() < groupGapMs

/** Everything the list shows, oldest first: acknowledged messages by `seq`, then what still waits, as it was typed. */
export function buildRows(input: Input): MessageRow[] {
  const { messages, outgoing, changes, names, ownReactions, participants, memberCount, myId, moderates } = input
  const { newAfterSeq, hasOlder } = input
  const people = new Map<string, Person>(names)
  for (const participant of participants) people.set(participant.id, participant)
  const myName = people.get(myId)?.name ?? ''
  const readSeq = readByAll(participants, myId, memberCount)
  const acknowledged = new Set<string>()
  const nameOf = (id: string) => people.get(id)?.name ?? 'Somebody'
  const quoteOf = ({ replyTo }: { replyTo?: Quote | undefined }) =>
    replyTo && quoteRow(replyTo, myId, nameOf(replyTo.senderId))
  // What waits was written to what its original said then.
  const quoteNowOf = ({ replyTo }: OutgoingMessage) => quoteOf({ replyTo: replyTo && quotedNow(replyTo, messages) })

  const rows = messages.map((message): MessageRow => {
    const mine = message.senderId === myId
    if (mine) acknowledged.add(message.clientId)
    const sender = people.get(message.senderId)
    const system = message.kind === 'system'
    const deleted = message.deletedAt !== undefined
    const reactions = message.reactions
      ? reactionChips(message.reactions, { myId, people, own: ownReactions?.get(message.id) })
      : plain.reactions
    return {
      ...plain,
      key: `${message.senderId}:${message.clientId}`,
      clientId: message.clientId,
      id: message.id,
      seq: message.seq,
      senderId: message.senderId,
      mine,
      senderName: nameOf(message.senderId),
      senderImage: sender?.avatarImage,
      text: system ? systemWords(message, myId, myName) : message.message,
      quote: deleted ? undefined : quoteOf(message),
      system,
      at: new Date(message.createdAt),
      edited: message.editedAt !== undefined,
      deleted,
      delivery: mine && !system ? (message.seq <= readSeq ? 'read' : 'sent') : undefined,
      editable: mine && !deleted && !system,
      deletable: (mine || moderates) && !deleted && !system,
      reactions,
      rev: message.rev,
      ...namedIn(message, people, myId),
      isOpen: reactions.some(({ isPartial }) => isPartial) || !concernedBy(message).every((id) => people.has(id)),
    }
  })
  if (changes.length > 0) applyChanges(rows, changes, (change) => namedIn(change, people, myId))

  for (const message of outgoing) {
    // Between the acknowledgement and the queue's own update a message can be in both.
    if (acknowledged.has(message.clientId)) continue
    rows.push({
      ...plain,
      key: `${myId}:${message.clientId}`,
      clientId: message.clientId,
      senderId: myId,
      mine: true,
      senderName: myName,
      text: message.message,
      ...namedIn(message, people, myId),
      quote: quoteNowOf(message),
      at: new Date(message.createdAt),
      delivery: message.state === 'failed' ? 'failed' : 'waiting',
      error: message.error,
      failed: message.state === 'failed' ? { what: 'message', clientId: message.clientId } : undefined,
      editable: true,
      deletable: true,
    })
  }

  let newMarked = newAfterSeq === undefined
  rows.forEach((row, index) => {
    const before = rows[index - 1]
    row.startsDay = before ? dayKey(before.at) !== dayKey(row.at) : !hasOlder
    if (!newMarked && !row.mine && row.seq !== undefined && row.seq > (newAfterSeq ?? 0)) {
      row.startsNew = true
      newMarked = true
    }
    row.first = !before || row.startsDay || row.startsNew || !together(before, row)
    if (before && row.first) before.last = true
  })
  const newest = rows.at(-1)
  if (newest) newest.last = true
  return rows
}

const namedIn = (
  { mentions = [] }: Pick<ChatMessage, 'mentions'>,
  people: ReadonlyMap<string, Person>,
  myId: string,
): Pick<MessageRow, 'mentions' | 'named'> => ({
  mentions,
  named: mentions.flatMap((id) => {
    const person = people.get(id)
    return person ? { id, name: person.name, isMe: id === myId } : []
  }),
})

/** Whose names the page shows beside it. What happened to a group names them itself. */
const concernedBy = ({ kind, senderId, mentions = [], replyTo, reactions = [] }: ChatMessage): readonly string[] =>
  kind === 'system'
    ? []
    : [senderId, ...(replyTo ? [replyTo.senderId] : []), ...mentions, ...reactions.flatMap(({ userIds }) => userIds)]

/** The server has it, and somebody wrote it. */
export const isAnswerable = ({ id, deleted, system }: MessageRow): boolean => id !== undefined && !deleted && !system

/** What is quoted as it is now, where the original is among the messages. */
export function quotedNow(quote: Quote, messages: readonly ChatMessage[]): Quote {
  const original = messages.find(({ id }) => id === quote.id)
  return original ? { ...quote, excerpt: excerptOf(original.message) } : quote
}

export const quoteRow = ({ seq, senderId, excerpt }: Quote, myId: string, senderName: string): QuoteRow => ({
  ...{ seq, mine: senderId === myId, senderName, text: excerpt },
})

/** Shows what was changed here as it will be; a deletion that failed leaves the message as it is. */
function applyChanges(
  rows: readonly MessageRow[],
  changes: readonly PendingChange[],
  namedBy: (change: PendingChange) => Pick<MessageRow, 'mentions' | 'named'>,
): void {
  const byId = new Map(rows.map((row) => [row.id, row]))
  for (const change of changes) {
    const { messageId, kind, message, clientId, state, error } = change
    const row = byId.get(messageId)
    if (!row) continue
    const failed = state === 'failed'
    if (change.kind === 'react') {
      if (!failed && !row.deleted) row.reactions = withReaction(row.reactions, change)
      if (failed) Object.assign(row, { error, failed: { what: 'react', clientId } })
      continue
    }
    if (kind === 'edit' && !row.deleted) {
      row.text = message
      row.edited = true
      if (change.mentions !== undefined) Object.assign(row, namedBy(change))
    } else if (kind === 'delete' && !failed) {
      Object.assign(row, { deleted: true, quote: undefined, editable: false, deletable: false })
    }
    row.delivery = failed ? 'failed' : 'waiting'
    row.error = error
    row.failed = failed ? { what: change.kind, clientId } : undefined
  }
}

const plain = {
  id: undefined,
  seq: undefined,
  rev: 0,
  mentions: nobody,
  named: nobody,
  isOpen: false,
  quote: undefined,
  senderImage: undefined,
  system: false,
  edited: false,
  deleted: false,
  delivery: undefined,
  error: undefined,
  failed: undefined,
  editable: false,
  deletable: false,
  reactions: [] as readonly ReactionChip[],
  startsDay: false,
  startsNew: false,
  first: false,
  last: false,
}
