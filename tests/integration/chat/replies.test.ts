import { randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import type { ChatMessage, HistoryPage } from '@/contracts/chat'
import { announceOnly } from '@/lib/bus/announceOnly'
import { PrismaMessageRepository } from '@/lib/db/repositories/PrismaMessageRepository'
import { createDatabases } from '@/server/createStorage'
import { silentLogger } from '@/services/shared/Logger'
import { directRoom, groupOf } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { asked, type HttpAnswer, heard, type TestUser } from '../../support/servers/testUser'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

let servers: TestServers
let ada: TestUser
let grace: TestUser
let roomId: string
let original: ChatMessage

beforeAll(async () => {
  servers = await startServers({ sockets: 2 })
})

beforeEach(async () => {
  ;[ada, grace] = await Promise.all([servers.user('Ada'), servers.user('Grace')])
  roomId = (await directRoom(ada, grace)).id
  original = (await send(grace, { message: 'Tea at\n\n five?' })).body as ChatMessage // the contract's answer
})

const send = (by: TestUser, input: object): Promise<HttpAnswer> =>
  by.http('POST', '/api/chat/messages', { roomId, message: 'yes', clientId: randomUUID(), ...input })
const gone = {
  status: 404,
  body: { error: { message: 'The message that this one answers was deleted, or is not in this conversation.' } },
}

test('an answer quotes what it answers, everywhere and whichever way it is read', async () => {
  const graces = await grace.connect({ url: servers.sockets[1]?.url ?? '' })
  const toGrace = heard(graces, 'receiveMessage')
  const quote = { id: original.id, seq: original.seq, senderId: grace.id, excerpt: 'Tea at five?' }
  const answer = await asked(await ada.connect(), 'sendMessage', {
    ...{ roomId, message: 'yes', clientId: randomUUID(), replyToId: original.id },
  })
  expect(answer).toMatchObject({ message: 'yes', replyTo: quote })
  await waitFor(() => toGrace.length === 1)
  expect(toGrace).toEqual([answer])

  const { body: history } = await grace.http('GET', `/api/chat/messages?roomId=${roomId}`)
  expect((history as HistoryPage).messages).toEqual([original, answer])
  const { rooms } = await asked(graces, 'syncRooms', { rooms: { [roomId]: original.rev } })
  expect(rooms[roomId]).toMatchObject({ messages: [answer] })
  const { messages, room } = await asked(graces, 'joinRoom', { roomId })
  expect([messages.at(-1), room.lastMessage]).toEqual([answer, answer])
  // One that is changed itself goes on quoting.
  const edited = await asked(await ada.connect(), 'editMessage', { messageId: answer.id, message: 'yes!' })
  expect(edited).toMatchObject({ message: 'yes!', replyTo: quote })
  const reacted = await asked(graces, 'setReaction', { messageId: answer.id, emoji: '🎉', on: true })
  expect(reacted.replyTo).toEqual(quote)
})

test('what is quoted is read as it is now: edited, and blank once it was deleted', async () => {
  const { body } = await send(ada, { replyToId: original.id })
  const answer = body as ChatMessage // the contract's answer
  const read = async () => {
    const { body: page } = await ada.http('GET', `/api/chat/messages?roomId=${roomId}`)
    return (page as HistoryPage).messages.find(({ id }) => id === answer.id)
  }
  await grace.http('PATCH', `/api/chat/messages/${original.id}`, { message: 'Coffee?' })
  expect(await read()).toEqual({ ...answer, replyTo: { ...answer.replyTo, excerpt: 'Coffee?' } })
  await grace.http('DELETE', `/api/chat/messages/${original.id}`)
  expect(await read()).toEqual({ ...answer, replyTo: { ...answer.replyTo, excerpt: '' } })
  // It was sent before that: sent again, it is that one.
  const again = await send(ada, { clientId: answer.clientId, replyToId: original.id })
  expect(again).toMatchObject({ status: 200, body: { id: answer.id, replyTo: { excerpt: '' } } })
})

test('what is deleted, tells of a change of the group, is elsewhere or nowhere cannot be answered', async () => {
  const group = await groupOf(ada, [grace])
  const { rows } = await servers.db.query('SELECT id FROM messages WHERE room_id = $1', [group.id])
  expect(await send(ada, { roomId: group.id, replyToId: rows[0].id })).toMatchObject(gone)
  expect(await send(ada, { roomId: group.id, replyToId: original.id })).toMatchObject(gone)
  expect(await send(ada, { replyToId: 'nothing-of-that-name' })).toMatchObject(gone)
  await grace.http('DELETE', `/api/chat/messages/${original.id}`)
  expect(await send(ada, { replyToId: original.id })).toMatchObject(gone)
  // Whoever is not in the room learns nothing of what is in it.
  const eve = await servers.user('Eve')
  expect(await send(eve, { replyToId: original.id })).toMatchObject({
    status: 404,
    body: { error: { message: 'This conversation does not exist, or you are not a member of it.' } },
  })
  // Nothing of it took a place.
  expect((await send(ada, {})).body).toMatchObject({ seq: original.seq + 1 })
})

test('an answer that is changed while its original is being deleted quotes nothing of that any more', async () => {
  const { body } = await send(ada, { replyToId: original.id })
  const answer = body as ChatMessage // the contract's answer
  const deleting = new Client({ connectionString: servers.databaseUrl })
  await deleting.connect()
  onTeardown(() => deleting.end())
  await deleting.query('BEGIN')
  await deleting.query(`SELECT change_message($1, $2, NULL, NULL, 'test')`, [original.id, grace.id])
  const graces = await grace.connect()
  const reacting = asked(graces, 'setReaction', { messageId: answer.id, emoji: '🎉', on: true })
  // Its statement has begun, and waits for the room.
  await waitFor(async () => {
    const { rows } = await servers.db.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    )
    return rows.length > 0
  })
  await deleting.query('COMMIT')
  expect(await reacting).toMatchObject({ id: answer.id, replyTo: { excerpt: '' } })
})

test('the same client id with another message to answer, or without one, is a conflict', async () => {
  const [plain, clientId] = [randomUUID(), randomUUID()]
  const other = (await send(grace, {})).body as ChatMessage // the contract's answer
  const first = await send(ada, { clientId, replyToId: original.id })
  expect(await send(ada, { clientId, replyToId: original.id })).toMatchObject({ status: 200, body: first.body })
  for (const replyToId of [other.id, undefined]) {
    expect(await send(ada, { clientId, replyToId })).toMatchObject({ status: 409 })
  }
  await send(ada, { clientId: plain })
  expect(await send(ada, { clientId: plain, replyToId: original.id })).toMatchObject({ status: 409 })
})

test('in a batch each answer is judged by itself, and its neighbours with it are stored', async () => {
  const databases = createDatabases({ databaseUrl: servers.databaseUrl, databasePoolSize: 1 }, 'test', silentLogger)
  onTeardown(() => databases.stop())
  const repository = new PrismaMessageRepository(databases.db, databases.db, announceOnly('test'))
  const clientId = randomUUID()
  const one = (more: object) => ({
    ...{ id: randomUUID(), roomId, senderId: ada.id, clientId: randomUUID(), message: 'yes', ...more },
  })
  const outcomes = await repository.insert([
    one({}),
    one({ replyToId: 'nothing' }),
    one({ replyToId: original.id, clientId }),
    one({ replyToId: original.id, clientId }),
    one({ replyToId: 'nothing', clientId }),
    one({ senderId: 'nobody', replyToId: original.id }),
    one({}),
  ])
  expect(outcomes.map(({ outcome }) => outcome)).toEqual([
    ...['new', 'no_original', 'new', 'duplicate', 'conflict', 'not_found', 'new'],
  ])
  const quoted = outcomes.map((result) => 'message' in result && result.message.replyTo?.id)
  expect(quoted).toEqual([undefined, false, original.id, original.id, false, false, undefined])
})

test('an answer to something that is being deleted is before or after that, and never in between', async () => {
  const seen = new Set<number>()
  for (let round = 0; round < 20; round += 1) {
    const { body } = await send(grace, {})
    const { id } = body as ChatMessage // the contract's answer
    const [answer] = await Promise.all([send(ada, { replyToId: id }), grace.http('DELETE', `/api/chat/messages/${id}`)])
    seen.add(answer.status)
    if (answer.status !== 201) expect(answer).toMatchObject(gone)
  }
  expect([...seen].every((status) => status === 201 || status === 404)).toBe(true)
})
