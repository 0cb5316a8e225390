import type { OutgoingMessage } from '@/client/outbox/entries'
import type { ChatMessage, Participant } from '@/contracts/chat'
import type { WireError } from '@/contracts/errors'
import { dayKey } from '../ui/clock'

/** What became of an own message so far. */
export type Delivery = 'waiting' | 'failed' | 'sent' | 'read'

/** One message as the page shows it. */
export interface MessageRow {
  /** The same before and after the acknowledgement, so that the bubble stays the same element. */
  key: string
  clientId: string
  /** Absent until acknowledged. */
  seq: number | undefined
  mine: boolean
  senderName: string
  senderImage: string | undefined
  text: string
  at: Date
  edited: boolean
  deleted: boolean
  /** Only of own messages. */
  delivery: Delivery | undefined
  error: WireError | undefined
  /** First of a calendar day: a separator stands above it. */
  startsDay: boolean
  /** First message of others since the last visit: a "New" line stands above it. */
  startsNew: boolean
  /** First and last of a run by one person within a few minutes. */
  first: boolean
  last: boolean
}

const groupGapMs = 5 * 60_000

interface Input {
  messages: ChatMessage[]
  outgoing: OutgoingMessage[]
  participants: Participant[]
  myId: string
  /** How far one had read when the conversation was opened; undefined when nothing was new. */
  newAfterSeq: number | undefined
  /** Older messages exist that are not loaded: whether the oldest here starts a day is not known yet. */
  hasOlder: boolean
}

/** How far every other member has read; 0 when there is no other. */
const readByAll = (participants: Participant[], myId: string) => {
  const others = participants.filter((participant) => participant.id !== myId)
  return others.length === 0 ? 0 : Math.min(...others.map((participant) => participant.lastReadSeq))
}

const together = (a: MessageRow, b: MessageRow) =>
  a.mine === b.mine && a.senderName === b.senderName && b.at.getTime() - a.at.getTime() < groupGapMs

/** Everything the list shows, oldest first: acknowledged messages by `seq`, then what still waits, as it was typed. */
export function buildRows({ messages, outgoing, participants, myId, newAfterSeq, hasOlder }: Input): MessageRow[] {
  const people = new Map(participants.map((participant) => [participant.id, participant]))
  const readSeq = readByAll(participants, myId)
  const acknowledged = new Set<string>()

  const rows = messages.map((message): MessageRow => {
    const mine = message.senderId === myId
    if (mine) acknowledged.add(message.clientId)
    const sender = people.get(message.senderId)
    return {
      ...plain,
      key: `${message.senderId}:${message.clientId}`,
      clientId: message.clientId,
      seq: message.seq,
      mine,
      senderName: sender?.name ?? 'Former member',
      senderImage: sender?.avatarImage,
      text: message.message,
      at: new Date(message.createdAt),
      edited: message.editedAt !== undefined,
      deleted: message.deletedAt !== undefined,
      delivery: mine ? (message.seq <= readSeq ? 'read' : 'sent') : undefined,
    }
  })

  for (const message of outgoing) {
    // Between the acknowledgement and the queue's own update a message can be in both.
    if (acknowledged.has(message.clientId)) continue
    rows.push({
      ...plain,
      key: `${myId}:${message.clientId}`,
      clientId: message.clientId,
      mine: true,
      senderName: people.get(myId)?.name ?? '',
      text: message.message,
      at: new Date(message.createdAt),
      delivery: message.state === 'failed' ? 'failed' : 'waiting',
      error: message.error,
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

const plain = {
  seq: undefined,
  senderImage: undefined,
  edited: false,
  deleted: false,
  delivery: undefined,
  error: undefined,
  startsDay: false,
  startsNew: false,
  first: false,
  last: false,
}
