import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import type { ChatMessage, RoomsPage } from '@/contracts/chat'
import type { NotificationsPage } from '@/contracts/notifications'
import { directRoom, groupOf } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { asked, type HttpAnswer, heard, type TestUser } from '../../support/servers/testUser'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

let servers: TestServers
let ada: TestUser
let grace: TestUser
let linus: TestUser
let eve: TestUser
let roomId: string

beforeAll(async () => {
  servers = await startServers({ sockets: 2 })
})

beforeEach(async () => {
  ;[ada, grace, linus, eve] = await Promise.all([
    servers.user('Ada'),
    servers.user('Grace'),
    servers.user('Linus'),
    servers.user('Eve'),
  ])
  roomId = (await groupOf(ada, [grace, linus], 'Tea')).id
})

const post = (by: TestUser, input: object): Promise<HttpAnswer> =>
  by.http('POST', '/api/chat/messages', { roomId, message: '@Grace tea?', clientId: randomUUID(), ...input })
const send = async (by: TestUser, input: object): Promise<ChatMessage> => {
  const { status, body } = await post(by, input)
  expect(status).toBe(201)
  return body as ChatMessage // the contract's answer
}
const edit = (by: TestUser, id: string, input: object): Promise<HttpAnswer> =>
  by.http('PATCH', `/api/chat/messages/${id}`, { message: 'another text', ...input })
const notificationsOf = async (person: TestUser) => {
  const { body } = await person.http('GET', '/api/notifications')
  return body as NotificationsPage // the contract's answer
}
const mentionsOf = async (person: TestUser): Promise<number | undefined> => {
  const { body } = await person.http('GET', '/api/chat/rooms')
  return (body as RoomsPage).rooms.find(({ id }) => id === roomId)?.unreadMentions // the contract's answer
}

test('who is named is told at once, with a link to the message, and finds it counted; others are not', async () => {
  const graces = await grace.connectNotifications({ url: servers.sockets[1]?.url ?? '' })
  const told = heard(graces, 'newNotification')
  const message = await send(ada, { mentions: [grace.id, eve.id, 'nobody', ada.id, grace.id] })
  expect(message.mentions).toEqual([grace.id])
  await waitFor(() => told.length === 1)
  const link = `/chat/${roomId}?at=${message.seq}`
  expect(told).toMatchObject([{ title: 'Ada mentioned you', message: 'In “Tea”.', link, status: 'unread' }])
  expect(await notificationsOf(grace)).toMatchObject({ notifications: told, unread: 1 })
  expect(await Promise.all([grace, linus, ada].map(mentionsOf))).toEqual([1, 0, 0])
  for (const person of [linus, ada, eve]) expect((await notificationsOf(person)).notifications).toEqual([])
  const { body: page } = await linus.http('GET', `/api/chat/messages?roomId=${roomId}&limit=1`)
  expect(page).toMatchObject({ messages: [message] })
})

test('two edits in two groups that name the same people the other way round wait for each other in no circle', async () => {
  const [first, middle, last] = [grace, linus, eve].toSorted((a, b) => (a.id < b.id ? -1 : 1))
  if (!first || !middle || !last) throw new Error('There are three.')
  const other = await groupOf(ada, [grace, linus, eve], 'Coffee')
  await ada.http('POST', `/api/chat/rooms/${roomId}/participants`, { userIds: [eve.id] })
  const one = await send(ada, { mentions: [first.id, last.id] })
  const two = await send(ada, { roomId: other.id, mentions: [middle.id] })
  const [holder, ...editors] = await Promise.all(
    Array.from({ length: 3 }, async () => {
      const client = new pg.Client({ connectionString: servers.databaseUrl })
      await client.connect()
      onTeardown(() => client.end())
      return client
    }),
  )
  const change = async (editor: pg.Client | undefined, message: ChatMessage, mentions: string[]) => {
    const { rows } = (await editor?.query(
      `SELECT outcome FROM change_message($1, $2, 'another text', NULL, 'test', $3, 'test')`,
      [message.id, ada.id, JSON.stringify(mentions)],
    )) ?? { rows: [] }
    return rows[0]?.outcome
  }
  const waiting = (count: number) =>
    waitFor(async () => {
      const { rows } = await servers.db.query(
        `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%change_message%' AND datname = current_database()`,
      )
      return rows.length === count
    })

  // Somebody else's change of the last person holds the first edit in the middle of its own.
  await holder?.query('BEGIN')
  await holder?.query('SELECT 1 FROM users WHERE id = $1 FOR NO KEY UPDATE', [last.id])
  const changes = [change(editors[0], one, [middle.id])]
  await waiting(1)
  changes.push(change(editors[1], two, [first.id]))
  await waiting(2)
  await holder?.query('COMMIT')
  expect(await Promise.all(changes)).toEqual(['done', 'done'])
})

test('whatever is sent again names nobody twice, and other mentions under the same client id are a conflict', async () => {
  const clientId = randomUUID()
  const first = await send(ada, { clientId, mentions: [linus.id, eve.id, grace.id] })
  expect(await post(ada, { clientId, mentions: [grace.id, linus.id, eve.id] })).toMatchObject({
    status: 200,
    body: first,
  })
  for (const mentions of [[grace.id], [], undefined, [grace.id, linus.id]]) {
    expect(await post(ada, { clientId, mentions }), JSON.stringify(mentions)).toMatchObject({ status: 409 })
  }
  // Whoever comes into the group later makes it no other message.
  await ada.http('POST', `/api/chat/rooms/${roomId}/participants`, { userIds: [eve.id] })
  expect(await post(ada, { clientId, mentions: [grace.id, linus.id, eve.id] })).toMatchObject({
    status: 200,
    body: first,
  })
  expect((await notificationsOf(grace)).notifications).toHaveLength(1)
  expect(await mentionsOf(grace)).toBe(1)
})

test('reading counts mentions away up to there, and what told of them is read, everywhere', async () => {
  const messages = [await send(ada, { mentions: [grace.id] }), await send(ada, { mentions: [grace.id] })]
  await send(ada, {})
  const third = await send(linus, { mentions: [grace.id, ada.id] })
  const elsewhere = await grace.connectNotifications({ url: servers.sockets[1]?.url ?? '' })
  const updates = heard(elsewhere, 'notificationUpdate')
  expect(await mentionsOf(grace)).toBe(3)
  await grace.http('PATCH', '/api/chat/messages/read', { roomId, upToSeq: messages[1]?.seq })
  expect(await mentionsOf(grace)).toBe(1)
  await waitFor(() => updates.length === 2)
  const { notifications, unread } = await notificationsOf(grace)
  expect([notifications.map(({ status }) => status), unread]).toEqual([['unread', 'read', 'read'], 1])
  await asked(await grace.connect(), 'markMessagesRead', { roomId, upToSeq: third.seq })
  expect([await mentionsOf(grace), (await notificationsOf(grace)).unread]).toEqual([0, 0])
  // Ada is named in what she has not read.
  expect(await mentionsOf(ada)).toBe(1)
})

test('an edit names others: who is new is told, who is not named any more has nothing of it left', async () => {
  const graces = await grace.connectNotifications()
  const deleted = heard(graces, 'notificationDeleted')
  const { id } = await send(ada, { mentions: [grace.id] })
  const [told] = (await notificationsOf(grace)).notifications
  // A text alone leaves them as they are.
  expect((await edit(ada, id, {})).body).toMatchObject({ mentions: [grace.id], message: 'another text' })
  const { body } = await edit(ada, id, { mentions: [linus.id] })
  expect(body).toMatchObject({ mentions: [linus.id] })
  await waitFor(() => deleted.length === 1)
  expect(deleted).toEqual([{ id: told?.id }])
  expect(await notificationsOf(grace)).toMatchObject({ notifications: [], unread: 0 })
  expect(await notificationsOf(linus)).toMatchObject({ unread: 1 })
  expect(await Promise.all([grace, linus].map(mentionsOf))).toEqual([0, 1])
  // Again it changes nothing.
  expect((await edit(ada, id, { mentions: [linus.id] })).body).toEqual(body)
  expect((await edit(ada, id, { mentions: [] })).body).not.toHaveProperty('mentions')
  expect(await mentionsOf(linus)).toBe(0)
})

test('a message that was deleted, or read before, counts nothing when its mentions go', async () => {
  const first = await send(ada, { mentions: [grace.id, linus.id] })
  const second = await send(ada, { mentions: [grace.id] })
  await grace.http('PATCH', '/api/chat/messages/read', { roomId, upToSeq: first.seq })
  expect(await mentionsOf(grace)).toBe(1)
  const { body } = await ada.http('DELETE', `/api/chat/messages/${first.id}`)
  expect(body).not.toHaveProperty('mentions')
  expect(await Promise.all([grace, linus].map(mentionsOf))).toEqual([1, 0])
  await ada.http('DELETE', `/api/chat/messages/${second.id}`)
  expect(await mentionsOf(grace)).toBe(0)
  expect((await notificationsOf(grace)).notifications).toEqual([])
  const { rows } = await servers.db.query('SELECT count(*)::int FROM message_mentions WHERE room_id = $1', [roomId])
  expect(rows).toEqual([{ count: 0 }])
})

test('a muted room tells them; in a conversation of two nobody is named; more than fifty are refused', async () => {
  const mutedUntil = new Date(Date.now() + 60_000).toISOString()
  await grace.http('PATCH', `/api/chat/rooms/${roomId}/preferences`, { mutedUntil })
  await send(ada, { mentions: [grace.id] })
  expect((await notificationsOf(grace)).unread).toBe(1)
  const two = await directRoom(ada, grace)
  expect(await send(ada, { roomId: two.id, mentions: [grace.id] })).not.toHaveProperty('mentions')
  const many = Array.from({ length: 51 }, () => randomUUID())
  expect(await post(ada, { mentions: many })).toMatchObject({ status: 400 })
})

test('people who name each other at the same moment are all told, and the counters are what the table says', async () => {
  const people = [ada, grace, linus]
  await Promise.all(
    people.flatMap((by) => Array.from({ length: 8 }, () => send(by, { mentions: people.map(({ id }) => id) }))),
  )
  for (const person of people) {
    expect((await notificationsOf(person)).unread).toBe(16)
    expect(await mentionsOf(person)).toBe(16)
  }
})
