import type { Evidence, StoredMessage, View } from './evidence'

/** What is wrong, one sentence each; all empty when the promise was kept. */
export interface Verdict {
  /** Different sends that were acknowledged. */
  acknowledged: number
  /** Acknowledged or typed, but not in the table. */
  lost: string[]
  /** In the table, or in a view, more than once. */
  doubled: string[]
  /** Holes in a room's numbers, and messages of one person in another order than they were typed. */
  misordered: string[]
  /** Views that are not what the table says, unread counts included. */
  views: string[]
}

/** Holds what people saw and were told against the table. */
export function check(evidence: Evidence): Verdict {
  const byRoom = groupBy(evidence.table.messages, (message) => message.roomId)
  for (const messages of byRoom.values()) messages.sort((a, b) => a.seq - b.seq)
  return {
    acknowledged: new Set(evidence.acknowledgements.map(sendOf)).size,
    lost: [...lostAcknowledgements(evidence), ...lostTexts(evidence)],
    doubled: [...doubledSends(evidence), ...doubledInViews(evidence)],
    misordered: [...gaps(evidence, byRoom), ...misorderedTexts(evidence, byRoom)],
    views: [
      ...evidence.views.flatMap((view) => differences(view, byRoom.get(view.roomId) ?? [])),
      ...evidence.views.flatMap((view) => memberDifferences(view, evidence.table)),
      ...(evidence.strangers ?? []),
      ...unreadDifferences(evidence, byRoom),
    ],
  }
}

export const isClean = ({ lost, doubled, misordered, views }: Verdict): boolean =>
  [lost, doubled, misordered, views].every((findings) => findings.length === 0)

const sendOf = ({ senderId, clientId }: { senderId: string; clientId: string }): string => `${senderId} ${clientId}`
const textOf = ({ senderId, roomId }: { senderId: string; roomId: string }, text: string): string =>
  `${senderId} ${roomId} ${text}`

function lostAcknowledgements({ acknowledgements, table }: Evidence): string[] {
  const stored = new Map(table.messages.map((message) => [sendOf(message), message]))
  return acknowledgements.flatMap((acknowledgement) => {
    const row = stored.get(sendOf(acknowledgement))
    const said = `send ${acknowledgement.clientId} was acknowledged as ${place(acknowledgement)}`
    if (!row) return [`${said} and is not in the table`]
    return place(row) === place(acknowledgement) ? [] : [`${said} and is stored as ${place(row)}`]
  })
}

function lostTexts({ typed, table }: Evidence): string[] {
  const stored = new Set(table.messages.map((row) => textOf(row, row.message)))
  const byId = new Map(table.messages.map((row) => [row.id, row]))
  return typed.flatMap((one) => {
    const { text, changed } = one
    if (!changed) return stored.has(textOf(one, text)) ? [] : [`"${text}" was typed and never stored`]
    const row = byId.get(changed.id)
    return row?.message === changed.text
      ? []
      : [`"${text}" was left at "${changed.text}" and is stored as "${row?.message}"`]
  })
}

/** What should be stored of it; '' where it was deleted. */
const finalText = ({ text, changed }: Evidence['typed'][number]): string => changed?.text ?? text

function doubledSends({ table, typed }: Evidence): string[] {
  const texts = new Set(typed.filter((one) => finalText(one) !== '').map((one) => textOf(one, finalText(one))))
  // A second row of the same text is a double even when its client id is new.
  return [
    ...repeated(table.messages.map(sendOf)).map((send) => `send ${send} is stored more than once`),
    ...repeated(table.messages.map((row) => textOf(row, row.message)).filter((text) => texts.has(text))).map(
      (text) => `"${text}" is stored more than once`,
    ),
  ]
}

const doubledInViews = ({ views }: Evidence): string[] =>
  views.flatMap(({ who, roomId, messages }) =>
    repeated(messages.map((message) => message.clientId)).map((id) => `${who} sees ${id} more than once in ${roomId}`),
  )

function gaps({ table }: Evidence, byRoom: Map<string, StoredMessage[]>): string[] {
  return table.rooms.flatMap(({ id, lastSeq, lastRev }) => {
    const messages = byRoom.get(id) ?? []
    const seqs = messages.map((message) => message.seq)
    const isWhole = seqs.length === lastSeq && seqs.every((seq, index) => seq === index + 1)
    const revs = new Set(messages.map((message) => message.rev))
    const isRevWhole = revs.size === messages.length && messages.every(({ rev }) => rev >= 1 && rev <= lastRev)
    return [
      ...(isWhole ? [] : [`room ${id} says ${lastSeq} and holds seq ${ranges(seqs)}`]),
      ...(isRevWhole ? [] : [`room ${id} has a rev twice, or one beyond its lastRev ${lastRev}`]),
    ]
  })
}

function misorderedTexts({ typed }: Evidence, byRoom: Map<string, StoredMessage[]>): string[] {
  return [...groupBy(typed, ({ senderId, roomId }) => `${senderId} ${roomId}`).values()].flatMap((ofOne) => {
    const [first] = ofOne
    if (!first) return []
    const expected = ofOne.map(finalText).filter((text) => text !== '')
    const wanted = new Set(expected)
    const stored = (byRoom.get(first.roomId) ?? [])
      .filter((row) => row.senderId === first.senderId && wanted.has(row.message))
      .map((row) => row.message)
    const present = expected.filter((text) => stored.includes(text))
    const at = present.findIndex((text, index) => text !== stored[index])
    return at < 0 ? [] : [`"${present[at]}" was typed before "${stored[at]}" and stored after it`]
  })
}

function differences(view: View, stored: readonly StoredMessage[]): string[] {
  const seen = `${view.who} in ${view.roomId}`
  if (view.messages.length !== stored.length) {
    return [
      `${seen} sees ${view.messages.length} messages of ${stored.length}: seq ${ranges(view.messages.map((m) => m.seq))}`,
    ]
  }
  const at = stored.findIndex((row, index) => {
    const shown = view.messages[index]
    return shown?.id !== row.id || shown.seq !== row.seq || shown.message !== row.message
  })
  if (at >= 0) return [`${seen} sees another message at place ${at + 1} than the table has`]
  const old = stored.findIndex((row, index) => {
    const shown = view.messages[index]
    return shown?.rev !== row.rev || reactionsOf(shown) !== reactionsOf(row)
  })
  return old < 0 ? [] : [`${seen} sees another state of the message at place ${old + 1} than the table has`]
}

const reactionsOf = ({ reactions }: Pick<StoredMessage, 'reactions'>): string =>
  (reactions ?? [])
    .map(({ emoji, userIds }) => `${emoji} ${[...userIds].sort().join(' ')}`)
    .sort()
    .join('; ')

function memberDifferences({ who, roomId, members }: View, { participants }: Evidence['table']): string[] {
  const shown = [...members].sort().join(' ')
  const stored = participants.filter((one) => one.roomId === roomId).map(({ userId }) => userId)
  return shown === stored.sort().join(' ') ? [] : [`${who} in ${roomId} sees other members than the table has`]
}

/** Unread: messages of others beyond the read position. The counters, and what each page shows, must say the same. */
function unreadDifferences({ table, views }: Evidence, byRoom: Map<string, StoredMessage[]>): string[] {
  const rooms = new Map(table.rooms.map((room) => [room.id, room]))
  const shown = new Map(views.map((view) => [`${view.userId} ${view.roomId}`, view]))
  return table.participants.flatMap(({ roomId, userId, lastReadSeq, ownUnread }) => {
    const lastSeq = rooms.get(roomId)?.lastSeq ?? 0
    const counted = (byRoom.get(roomId) ?? []).filter((row) => row.seq > lastReadSeq && row.senderId !== userId).length
    const counters = lastSeq - lastReadSeq - ownUnread
    const view = shown.get(`${userId} ${roomId}`)
    return [
      ...(counters === counted
        ? []
        : [`${userId} has ${counted} unread in ${roomId}, and the counters say ${counters}`]),
      ...(!view || view.unread === counted
        ? []
        : [`${view.who} has ${counted} unread in ${roomId}, and the page says ${view.unread}`]),
    ]
  })
}

const place = ({ id, roomId, seq }: { id: string; roomId: string; seq: number }): string => `${roomId} #${seq} (${id})`

function repeated(keys: readonly string[]): string[] {
  const seen = new Set<string>()
  return [...new Set(keys.filter((key) => seen.has(key) || !seen.add(key)))]
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}

/** `1-4, 6`: short, whatever the number of messages. */
function ranges(numbers: readonly number[]): string {
  const parts: string[] = []
  for (let at = 0; at < numbers.length; ) {
    let end = at
    while (numbers[end + 1] === (numbers[end] ?? 0) + 1) end += 1
    parts.push(end === at ? `${numbers[at]}` : `${numbers[at]}-${numbers[end]}`)
    at = end + 1
  }
  return parts.length === 0 ? 'nothing' : parts.slice(0, 8).join(', ') + (parts.length > 8 ? ', …' : '')
}
