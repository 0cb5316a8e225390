import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import type { ChatMessage } from '@/contracts/chat'
import { limits } from '@/contracts/limits'
import { directRoom, groupOf } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { asked, heard, type TestUser } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'
import { insertPeople } from '../../support/workload/people'

let servers: TestServers
let ada: TestUser
let grace: TestUser
let roomId: string

beforeAll(async () => {
  servers = await startServers({ sockets: 2 })
  ada = await servers.user('Ada')
  grace = await servers.user('Grace')
  roomId = (await directRoom(ada, grace)).id
})

const send = async (room = roomId): Promise<ChatMessage> => {
  const { body } = await ada.http('POST', '/api/chat/messages', {
    roomId: room,
    message: 'hello',
    clientId: randomUUID(),
  })
  return body as ChatMessage // the contract's answer
}
const react = (by: TestUser, { id }: ChatMessage, emoji: string, on = true, clientId?: string) =>
  by.http('PUT', `/api/chat/messages/${id}/reactions`, { emoji, on, ...(clientId === undefined ? {} : { clientId }) })
const whoReacted = async ({ id }: ChatMessage) => {
  const { rows } = await servers.db.query(
    'SELECT emoji, user_id FROM message_reactions WHERE message_id = $1 ORDER BY created_at',
    [id],
  )
  return rows
}

test('a reaction is told everywhere under a new rev, in the order of first use, and comes with whatever brings the message', async () => {
  const message = await send()
  const client = await grace.connect({ url: servers.sockets[1]?.url ?? '' })
  const updates = heard(client, 'messageUpdated')
  await react(ada, message, '👍')
  await react(grace, message, '❤️')
  const { body } = await react(grace, message, '👍')
  const reactions = [
    { emoji: '👍', count: 2, userIds: [ada.id, grace.id] },
    { emoji: '❤️', count: 1, userIds: [grace.id] },
  ]
  expect(body).toEqual({ ...message, rev: message.rev + 3, reactions })
  await waitFor(() => updates.length === 3)
  expect(updates.at(-1)).toEqual(body)

  const { rooms } = await asked(client, 'syncRooms', { rooms: { [roomId]: message.rev } })
  expect(rooms[roomId]).toMatchObject({ messages: [body] })
  expect((await asked(client, 'joinRoom', { roomId })).messages.at(-1)).toEqual(body)
  expect((await ada.http('GET', `/api/chat/messages?roomId=${roomId}`)).body).toMatchObject({
    messages: expect.arrayContaining([body]),
  })
  expect((await ada.http('GET', '/api/chat/rooms')).body).toMatchObject({ rooms: [{ lastMessage: body }] })
  const { clientId } = message
  expect((await ada.http('POST', '/api/chat/messages', { roomId, message: 'hello', clientId })).body).toEqual(body)

  expect((await react(grace, message, '❤️', false)).body).toMatchObject({ reactions: [{ emoji: '👍', count: 2 }] })
  for (const person of [ada, grace]) await react(person, message, '👍', false)
  expect((await asked(client, 'joinRoom', { roomId })).messages.at(-1)).toEqual({ ...message, rev: message.rev + 6 })
})

test('what is so already changes nothing; what is asked for again is not done again after it was taken back', async () => {
  const message = await send()
  const clientId = randomUUID()
  await react(ada, message, '👍', true, clientId)
  expect((await react(ada, message, '👍')).body).toMatchObject({ rev: message.rev + 1 })
  await react(ada, message, '👍', false)
  expect((await react(ada, message, '👍', true, clientId)).body).toEqual({ ...message, rev: message.rev + 2 })
  expect((await react(ada, message, '🎉', false)).body).toMatchObject({ rev: message.rev + 2 })
  expect((await react(ada, await send(), '👍', true, clientId)).status).toBe(409)
})

test('the same reaction from two devices at once is one', async () => {
  const [one, other] = await Promise.all(servers.sockets.map(({ url }) => ada.connect({ url })))
  if (!one || !other) throw new Error('Two devices were asked for.')
  for (let round = 0; round < 15; round++) {
    const message = await send()
    const input = { messageId: message.id, emoji: '👍', on: true }
    const answers = await Promise.all([
      asked(one, 'setReaction', input),
      asked(other, 'setReaction', input),
      react(ada, message, '👍'),
    ])
    expect(answers[0]).toMatchObject({
      rev: message.rev + 1,
      reactions: [{ emoji: '👍', count: 1, userIds: [ada.id] }],
    })
    expect(answers[1]).toEqual(answers[0])
    expect(await whoReacted(message)).toEqual([{ emoji: '👍', user_id: ada.id }])
  }
})

test('many people who react at once are all counted, the first twenty by name, and found in pages', async () => {
  const people = await insertPeople(
    servers.db,
    Array.from({ length: 130 }, (_, i) => `Person ${i}`),
  )
  const { id: group } = await groupOf(ada, [grace])
  await servers.db.query(`INSERT INTO participants (room_id, user_id) SELECT $1, unnest($2::text[])`, [
    group,
    people.map(({ id }) => id),
  ])
  const message = await send(group)
  await Promise.all(
    people.map(({ cookie }) =>
      react({ ...ada, http: (method, path, body) => ada.http(method, path, body, { cookie }) }, message, '🎉'),
    ),
  )
  const { body } = await react(grace, message, '👍')
  const { reactions } = body as ChatMessage
  expect(reactions).toMatchObject([
    { emoji: '🎉', count: 130 },
    { emoji: '👍', count: 1 },
  ])
  expect(reactions?.[0]?.userIds).toHaveLength(20)
  const rows = await whoReacted(message)
  expect(rows).toHaveLength(131)

  const first = (await grace.http('GET', `/api/chat/messages/${message.id}/reactions`)).body as {
    reactions: object[]
    nextCursor: string
  }
  const second = (await grace.http('GET', `/api/chat/messages/${message.id}/reactions?cursor=${first.nextCursor}`)).body
  expect(first.reactions).toHaveLength(limits.reactionsPage)
  expect(second).toMatchObject({ reactions: expect.any(Array), nextCursor: null })
  const all = [...first.reactions, ...(second as typeof first).reactions]
  expect(new Set(all.map((entry) => JSON.stringify(entry))).size).toBe(131)
  expect(all).toContainEqual({ emoji: '👍', userId: grace.id, name: 'Grace' })

  // Who came later is not named by the message: they ask for their own.
  const late = people.find(({ id }) => id === rows[57]?.user_id)
  const detailsFor = (cookie?: string) =>
    ada.http('GET', `/api/chat/rooms/${group}/details?seqs=${message.seq}`, undefined, cookie ? { cookie } : {})
  expect((await detailsFor(late?.cookie)).body).toMatchObject({ ownReactions: { [message.id]: ['🎉'] } })
  expect((await detailsFor()).body).toMatchObject({ ownReactions: {} })
})

test('whoever takes theirs back makes room for the next in time, and the count stays that of the table', async () => {
  const people = await insertPeople(
    servers.db,
    Array.from({ length: 25 }, (_, i) => `Person ${i}`),
  )
  const { id: group } = await groupOf(ada, [grace])
  const ids = people.map(({ id }) => id)
  await servers.db.query('INSERT INTO participants (room_id, user_id) SELECT $1, unnest($2::text[])', [group, ids])
  const message = await send(group)
  const set = async (userId: string | undefined, on: boolean) => {
    const { rows } = await servers.db.query(`SELECT message FROM set_reaction($1, $2, '🎉', $3, NULL, 20, NULL)`, [
      ...[message.id, userId, on],
    ])
    return rows[0]?.message.reactions
  }
  for (const id of ids) await set(id, true)
  expect(await set(ids[3], false)).toEqual([
    { emoji: '🎉', count: 24, userIds: [...ids.slice(0, 3), ...ids.slice(4, 21)] },
  ])
  expect(await set(ids[23], false)).toMatchObject([{ count: 23, userIds: [...ids.slice(0, 3), ...ids.slice(4, 21)] }])
  const left = [...ids.slice(0, 3), ...ids.slice(4, 23), ids[24]]
  let last: unknown
  for (const id of left.slice(0, -1)) last = await set(id, false)
  expect(last).toEqual([{ emoji: '🎉', count: 1, userIds: [ids[24]] }])
  expect(await set(ids[24], false)).toBeNull()
  expect(await whoReacted(message)).toEqual([])
})

test('emojis that look the same are the same', async () => {
  const message = await send()
  for (const [by, emoji] of [
    [ada, '❤'],
    [grace, '❤️'],
    [grace, '❤︎'],
  ] as const)
    await react(by, message, emoji)
  await react(ada, message, '👍️')
  expect((await react(grace, message, '👍')).body).toMatchObject({
    reactions: [
      { emoji: '❤️', count: 2 },
      { emoji: '👍', count: 2 },
    ],
  })
})

test('a message has twenty different ones at most; a word, two emojis or none is no reaction', async () => {
  const message = await send()
  const emojis = Array.from({ length: limits.reactions + 1 }, (_, i) => String.fromCodePoint(0x1f600 + i))
  for (const emoji of emojis.slice(0, -1)) expect((await react(ada, message, emoji)).status).toBe(200)
  expect((await react(ada, message, emojis.at(-1) ?? '')).status).toBe(400)
  expect((await react(grace, message, emojis[0] ?? '')).status).toBe(200)
  const other = await send()
  for (const word of ['ok', '', '1', '👍👍', ' ', '👍 ', 'a👍', '🐱‍🐉‍🐱', '🇩'])
    expect((await react(ada, other, word)).status).toBe(400)
  for (const emoji of ['👩‍👩‍👧‍👦', '🇩🇪', '👍🏽', '1️⃣', '❤️', '🏴󠁧󠁢󠁳󠁣󠁴󠁿'])
    expect((await react(ada, other, emoji)).status).toBe(200)
})

test('with a deleted message its reactions go, and none comes after', async () => {
  const message = await send()
  await react(grace, message, '👍')
  await ada.http('DELETE', `/api/chat/messages/${message.id}`)
  expect(await whoReacted(message)).toEqual([])
  expect((await react(grace, message, '👍')).status).toBe(404)
  const { body } = await grace.http('GET', `/api/chat/messages?roomId=${roomId}`)
  expect((body as { messages: ChatMessage[] }).messages.at(-1)).not.toHaveProperty('reactions')
})

test('a thousand reactions on one message cost whoever was away one message, and no reset', async () => {
  const message = await send()
  const client = await grace.connect()
  await servers.db.query(
    `SELECT set_reaction($1, $2, '👍', n % 2 = 0, NULL, 20, NULL) FROM generate_series(1, 1201) n`,
    [message.id, ada.id],
  )
  const { rooms } = await asked(client, 'syncRooms', { rooms: { [roomId]: message.rev } })
  expect(rooms[roomId]).toMatchObject({ messages: [{ id: message.id, rev: message.rev + 1_200 }], hasMore: false })
})
