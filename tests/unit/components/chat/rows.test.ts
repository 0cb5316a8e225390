import { describe, expect, it } from 'vitest'
import type { OutgoingMessage, PendingChange } from '@/client/outbox/entries'
import { buildRows } from '@/components/chat/rows'
import type { ChatMessage, Participant } from '@/contracts/chat'

const noon = new Date(2026, 2, 10, 12, 0).getTime()
const at = (minutes: number) => new Date(noon + minutes * 60_000).toISOString()

const message = (seq: number, senderId: string, minutes: number, more: Partial<ChatMessage> = {}): ChatMessage => ({
  id: `m${seq}`,
  roomId: 'r',
  seq,
  rev: seq,
  senderId,
  clientId: `c${seq}`,
  message: `text ${seq}`,
  createdAt: at(minutes),
  ...more,
})

const outgoing = (clientId: string, more: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  clientId,
  roomId: 'r',
  message: 'waiting',
  createdAt: at(60),
  state: 'queued',
  error: undefined,
  ...more,
})

const person = (id: string, lastReadSeq: number): Participant => ({
  id,
  name: id.toUpperCase(),
  role: 'member',
  lastReadSeq,
  isOnline: true,
  lastSeen: at(0),
})

const build = (input: Partial<Parameters<typeof buildRows>[0]>) =>
  buildRows({
    messages: [],
    outgoing: [],
    changes: [],
    moderates: false,
    participants: [person('me', 0), person('ada', 0)],
    myId: 'me',
    newAfterSeq: undefined,
    hasOlder: false,
    ...input,
  })

const react = (emoji: string, on: boolean, more: Partial<PendingChange> = {}): PendingChange => ({
  ...{ kind: 'react', messageId: 'm1', emoji, on, clientId: 'r1', message: '', state: 'queued', error: undefined },
  ...(more as object), // of the same kind
})

describe('reactions', () => {
  const liked = message(1, 'ada', 0, { reactions: [{ emoji: '👍', count: 1, userIds: ['ada'] }] })

  it('stand with what one does now, which says nothing of the message itself', () => {
    const [row] = build({ messages: [liked], changes: [react('👍', true), react('🎉', true)] })
    expect(row).toMatchObject({ delivery: undefined, failed: undefined, edited: false })
    expect(row?.reactions).toMatchObject([
      { emoji: '👍', count: 2, mine: true, names: ['ADA'] },
      { emoji: '🎉', count: 1, mine: true },
    ])
    const both = [react('👍', true), react('👍', false)]
    expect(build({ messages: [liked], changes: both })[0]?.reactions).toMatchObject([{ count: 1, mine: false }])
  })

  it('that were refused are not shown, and say why', () => {
    const error = { code: 'BAD_REQUEST', message: 'Too many.', retryable: false, correlationId: 'x' } as const
    const [row] = build({ messages: [liked], changes: [react('🎉', true, { state: 'failed', error })] })
    expect(row).toMatchObject({ failed: { what: 'react', clientId: 'r1' }, error, delivery: undefined })
    expect(row?.reactions).toHaveLength(1)
  })
})

describe('delivery of own messages', () => {
  it('is read once every other participant has read that far', () => {
    const messages = [message(1, 'me', 0), message(2, 'me', 1), message(3, 'me', 2)]
    const participants = [person('me', 3), person('ada', 2), person('grace', 1)]
    expect(build({ messages, participants }).map((row) => row.delivery)).toEqual(['read', 'sent', 'sent'])
  })

  it('is never read by oneself alone', () => {
    expect(build({ messages: [message(1, 'me', 0)], participants: [person('me', 1)] })[0]?.delivery).toBe('sent')
  })

  it('is absent from messages of others', () => {
    expect(build({ messages: [message(1, 'ada', 0)] })[0]?.delivery).toBeUndefined()
  })

  it('is waiting while queued or sending, failed with its reason for good', () => {
    const error = { code: 'FORBIDDEN', message: 'No.', retryable: false, correlationId: 'x' } as const
    const rows = build({
      outgoing: [outgoing('a'), outgoing('b', { state: 'sending' }), outgoing('c', { state: 'failed', error })],
    })
    expect(rows.map(({ delivery, error }) => [delivery, error?.message])).toEqual([
      ['waiting', undefined],
      ['waiting', undefined],
      ['failed', 'No.'],
    ])
  })
})

describe('a message between the queue and its acknowledgement', () => {
  it('is one row, and the same one before and after', () => {
    const before = build({ outgoing: [outgoing('c1')] })
    const during = build({ messages: [message(1, 'me', 0)], outgoing: [outgoing('c1')] })
    expect(during).toHaveLength(1)
    expect(during[0]?.key).toBe(before[0]?.key)
  })

  it('is not hidden by a message of somebody else with the same client id', () => {
    expect(build({ messages: [message(1, 'ada', 0)], outgoing: [outgoing('c1')] })).toHaveLength(2)
  })
})

describe('runs of messages', () => {
  it('hold together for one person within five minutes', () => {
    const rows = build({
      messages: [message(1, 'ada', 0), message(2, 'ada', 3), message(3, 'ada', 30), message(4, 'me', 31)],
    })
    expect(rows.map(({ first, last }) => [first, last])).toEqual([
      [true, false],
      [false, true],
      [true, true],
      [true, true],
    ])
  })

  it('break at midnight', () => {
    const rows = build({ messages: [message(1, 'ada', 12 * 60 - 1), message(2, 'ada', 12 * 60 + 1)] })
    expect(rows.map(({ startsDay, first }) => [startsDay, first])).toEqual([
      [true, true],
      [true, true],
    ])
  })
})

describe('separators', () => {
  it('leave the day of the oldest message open while older ones are not loaded', () => {
    expect(build({ messages: [message(5, 'ada', 0)], hasOlder: true })[0]?.startsDay).toBe(false)
  })

  it('mark the first message of others after what had been read, once', () => {
    const messages = [message(1, 'ada', 0), message(2, 'me', 1), message(3, 'ada', 2), message(4, 'ada', 3)]
    expect(build({ messages, newAfterSeq: 1 }).map((row) => row.startsNew)).toEqual([false, false, true, false])
  })
})

it('quotes in what waits what its original says now, where that is here', () => {
  const replyTo = { id: 'm1', seq: 1, senderId: 'ada', excerpt: 'as it was' }
  const quoted = (messages: ChatMessage[]) => build({ messages, outgoing: [outgoing('x', { replyTo })] }).at(-1)?.quote
  const asItWas = { seq: 1, mine: false, senderName: 'ADA', text: 'as it was' }
  expect(quoted([])).toEqual(asItWas)
  expect(quoted([message(1, 'ada', 0)])).toEqual({ ...asItWas, text: 'text 1' })
  expect(quoted([message(1, 'ada', 0, { message: '', deletedAt: at(1) })])).toEqual({ ...asItWas, text: '' })
})

it('asks who somebody is whom it does not know, and names them when it does', () => {
  const reactions = [{ emoji: '👍', count: 1, userIds: ['gone'] }]
  const messages = [
    message(1, 'gone', 0),
    message(2, 'ada', 1, { reactions }),
    message(3, 'ada', 2, { mentions: ['gone'] }),
    message(4, 'ada', 3, { replyTo: { id: 'm1', seq: 1, senderId: 'gone', excerpt: 'text 1' } }),
    message(5, 'gone', 4, { kind: 'system', system: { type: 'left', userIds: ['gone'] } }),
    message(6, 'ada', 5, { mentions: ['me'] }),
  ]
  const unknown = build({ messages })
  expect(unknown.map(({ isOpen }) => isOpen)).toEqual([true, true, true, true, false, false])
  expect(unknown.map(({ senderName }) => senderName)[0]).toBe('Somebody')

  const known = build({ messages, names: new Map([['gone', { id: 'gone', name: 'Linus' }]]) })
  expect(known.map(({ isOpen }) => isOpen)).not.toContain(true)
  expect(known[0]?.senderName).toBe('Linus')
  expect(known[1]?.reactions[0]?.names).toEqual(['Linus'])
  expect(known[2]?.named).toEqual([{ id: 'gone', name: 'Linus', isMe: false }])
  expect(known[3]?.quote?.senderName).toBe('Linus')
  expect(known[5]?.named).toEqual([{ id: 'me', name: 'ME', isMe: true }])
})

it('asks whether oneself reacted where a message names others alone', () => {
  const many = { emoji: '👍', count: 30, userIds: ['ada'] }
  const [row] = build({ messages: [message(1, 'ada', 0, { reactions: [many] })] })
  expect(row).toMatchObject({ isOpen: true, rev: 1 })
})

it('shows that a message was edited or deleted', () => {
  const rows = build({
    messages: [message(1, 'gone', 0, { editedAt: at(1) }), message(2, 'ada', 9, { deletedAt: at(9) })],
  })
  expect(rows.map(({ senderName, edited, deleted }) => [senderName, edited, deleted])).toEqual([
    ['Somebody', true, false],
    ['ADA', false, true],
  ])
})

describe('edits and deletions that wait', () => {
  const change = (messageId: string, more: Partial<PendingChange>): PendingChange => ({
    ...{ clientId: `of ${messageId}`, messageId, kind: 'edit', message: '', state: 'queued', error: undefined },
    // One kind of change is made of the parts of another only here.
    ...(more as object),
  })
  const messages = [message(1, 'me', 0), message(2, 'me', 1), message(3, 'ada', 2)]

  it('are shown as they will be, as waiting', () => {
    const changes = [change('m1', { message: 'corrected' }), change('m2', { kind: 'delete' })]
    const [edited, deleted, others] = build({ messages, changes })
    expect(edited).toMatchObject({ text: 'corrected', edited: true, delivery: 'waiting', failed: undefined })
    expect(deleted).toMatchObject({ deleted: true, delivery: 'waiting', editable: false, deletable: false })
    expect(others?.delivery).toBeUndefined()
  })

  it('show the last of several edits', () => {
    const changes = [change('m1', { message: 'once' }), change('m1', { message: 'twice' })]
    expect(build({ messages, changes })[0]?.text).toBe('twice')
  })

  it('name whom they name from now on', () => {
    const named = [message(1, 'me', 0, { mentions: ['me'] })]
    const rowWith = (mentions: string[] | undefined) => {
      const [row] = build({ messages: named, changes: [change('m1', { message: '@ADA', mentions })] })
      return [row?.mentions, row?.named.map(({ name }) => name)]
    }
    expect(rowWith(['ada', 'gone'])).toEqual([['ada', 'gone'], ['ADA']])
    expect(rowWith([])).toEqual([[], []])
    expect(rowWith(undefined)).toEqual([['me'], ['ME']])
  })

  it('that failed say so: the edit keeps its text to try again, the deletion leaves the message', () => {
    const error = { code: 'NOT_FOUND', message: 'Gone.', retryable: false, correlationId: 'x' } as const
    const changes = [
      change('m1', { message: 'corrected', state: 'failed', error }),
      change('m2', { kind: 'delete', state: 'failed', error }),
    ]
    const [edited, deleted] = build({ messages, changes })
    expect(edited).toMatchObject({ text: 'corrected', error, failed: { what: 'edit', clientId: 'of m1' } })
    expect(deleted).toMatchObject({ text: 'text 2', deleted: false, failed: { what: 'delete', clientId: 'of m2' } })
  })

  it('can be asked of one’s own messages; who moderates deletes those of others too', () => {
    const may = (moderates: boolean) =>
      build({ messages, moderates }).map(({ editable, deletable }) => [editable, deletable])
    expect(may(false)).toEqual([
      [true, true],
      [true, true],
      [false, false],
    ])
    expect(may(true)[2]).toEqual([false, true])
  })
})
