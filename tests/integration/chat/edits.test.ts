import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ChatMessage } from '@/contracts/chat'
import { directRoom, groupOf } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { ask, asked, type HttpAnswer, heard, type TestUser } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'

let servers: TestServers
let urls: [string, string]
let ada: TestUser
let grace: TestUser
let roomId: string

beforeAll(async () => {
  servers = await startServers({ sockets: 2 })
  urls = [servers.sockets[0].url, servers.sockets[1]?.url ?? '']
  ada = await servers.user('Ada')
  grace = await servers.user('Grace')
  roomId = (await directRoom(ada, grace)).id
})

const send = async (by: TestUser, room = roomId, message = 'helo'): Promise<ChatMessage> => {
  const { body } = await by.http('POST', '/api/chat/messages', { roomId: room, message, clientId: randomUUID() })
  return body as ChatMessage // the contract's answer
}
const edit = (by: TestUser, { id }: ChatMessage, message: string, clientId?: string): Promise<HttpAnswer> =>
  by.http('PATCH', `/api/chat/messages/${id}`, { message, ...(clientId === undefined ? {} : { clientId }) })
const remove = (by: TestUser, { id }: ChatMessage, clientId?: string): Promise<HttpAnswer> =>
  by.http('DELETE', `/api/chat/messages/${id}`, clientId === undefined ? undefined : { clientId })
const stored = async ({ id }: ChatMessage) => {
  const { rows } = await servers.db.query('SELECT message, rev, edited_at, deleted_at FROM messages WHERE id = $1', [
    id,
  ])
  return rows[0]
}
const lastRevOf = async (room: string): Promise<number> => {
  const { rows } = await servers.db.query('SELECT last_rev FROM rooms WHERE id = $1', [room])
  return rows[0].last_rev
}

test('an edit is told everywhere under a new rev, leaves a trace, and catching up brings it', async () => {
  const message = await send(ada)
  const [adaClient, graceClient] = await Promise.all([ada.connect({ url: urls[0] }), grace.connect({ url: urls[1] })])
  const [toAda, toGrace] = [heard(adaClient, 'messageUpdated'), heard(graceClient, 'messageUpdated')]
  const asNew = heard(graceClient, 'receiveMessage')

  const edited = await asked(adaClient, 'editMessage', { messageId: message.id, message: ' hello ' })
  expect(edited).toEqual({ ...message, message: 'hello', rev: message.rev + 1, editedAt: expect.any(String) })
  await waitFor(() => toAda.length === 1 && toGrace.length === 1)
  expect([toAda, toGrace]).toEqual([[edited], [edited]])
  expect(asNew).toEqual([])
  const { rooms } = await asked(graceClient, 'syncRooms', { rooms: { [roomId]: message.rev } })
  expect(rooms[roomId]).toMatchObject({ messages: [edited], lastRev: edited.rev })
  // The list shows it, in the same place.
  const { body } = await grace.http('GET', '/api/chat/rooms')
  expect(body).toMatchObject({ rooms: [{ lastMessage: edited, lastSeq: message.seq }] })
})

test('a client id that was used for one change is used for no other, also on the same message', async () => {
  const message = await send(ada)
  const clientId = randomUUID()
  expect(await edit(ada, message, 'hello', clientId)).toMatchObject({ status: 200 })
  const others = [
    await remove(ada, message, clientId),
    await edit(ada, message, 'another text', clientId),
    await ada.http('PUT', `/api/chat/messages/${message.id}/reactions`, { emoji: '👍', on: true, clientId }),
  ]
  for (const answer of others) expect(answer).toMatchObject({ status: 409, body: { error: { code: 'CONFLICT' } } })
  expect(await edit(ada, message, 'hello', clientId)).toMatchObject({ status: 200, body: { message: 'hello' } })
  expect(await lastRevOf(roomId)).toBe(message.rev + 1)
})

test('what is deleted keeps its place, and its text is gone from the table', async () => {
  const message = await send(ada, roomId, 'a secret')
  const client = await grace.connect({ url: urls[1] })
  const heardByGrace = heard(client, 'messageUpdated')
  expect((await remove(ada, message)).body).toEqual({
    ...message,
    rev: message.rev + 1,
    message: '',
    deletedAt: expect.any(String),
  })
  await waitFor(() => heardByGrace.length === 1)
  expect(await stored(message)).toMatchObject({ message: '', deleted_at: expect.any(Date) })
  // Again it is deleted already, and nothing is told.
  expect((await remove(ada, message)).body).toMatchObject({ rev: message.rev + 1 })
  expect(await lastRevOf(roomId)).toBe(message.rev + 1)
  // There is nothing left to edit.
  expect(await edit(ada, message, 'still here')).toMatchObject({
    status: 404,
    body: { error: { message: 'This message was deleted.' } },
  })
  // Sent again, it is the one that was deleted.
  const again = await ada.http('POST', '/api/chat/messages', {
    roomId,
    message: 'a secret',
    clientId: message.clientId,
  })
  expect(again).toMatchObject({ status: 200, body: { id: message.id, message: '' } })
})

describe('what is asked for again', () => {
  test('is carried out once, over both transports at the same moment', async () => {
    const message = await send(ada)
    const client = await ada.connect()
    const clientId = randomUUID()
    const input = { messageId: message.id, message: 'hello', clientId }
    const answers = await Promise.all([
      ...Array.from({ length: 4 }, () => asked(client, 'editMessage', input)),
      ...Array.from({ length: 4 }, async () => (await edit(ada, message, 'hello', clientId)).body),
    ])
    for (const answer of answers) expect(answer).toMatchObject({ rev: message.rev + 1, message: 'hello' })
    expect(await lastRevOf(roomId)).toBe(message.rev + 1)
  })

  test('changes nothing after a newer edit, also one of another device, nor after a deletion', async () => {
    const message = await send(ada)
    const [first, second] = [randomUUID(), randomUUID()]
    await edit(ada, message, 'first', first)
    await edit(ada, message, 'second', second)
    expect((await edit(ada, message, 'first', first)).body).toMatchObject({ message: 'second', rev: message.rev + 2 })
    await remove(ada, message)
    expect((await edit(ada, message, 'first', first)).body).toMatchObject({ message: '', rev: message.rev + 3 })
    expect(await lastRevOf(roomId)).toBe(message.rev + 3)
  })

  test('a text that it has already changes no rev; a clientId belongs to one message', async () => {
    const [message, other] = [await send(ada), await send(ada)]
    const clientId = randomUUID()
    expect((await edit(ada, message, 'helo', clientId)).body).toEqual(message)
    expect(await edit(ada, other, 'hello', clientId)).toMatchObject({
      status: 409,
      body: { error: { code: 'CONFLICT' } },
    })
    expect(await lastRevOf(roomId)).toBe(other.rev)
  })
})

describe('whose messages', () => {
  test('one edits one’s own alone; owners and admins of a group delete those of others as well', async () => {
    const linus = await servers.user('Linus')
    const { id: group } = await groupOf(ada, [grace, linus])
    const message = await send(grace, group)
    expect((await edit(ada, message, 'no')).status).toBe(403)
    expect((await remove(linus, message)).status).toBe(403)
    expect((await remove(ada, message)).status).toBe(200)
    const direct = await send(grace)
    expect((await remove(ada, direct)).status).toBe(403)
  })

  test('a message of a room that one is not in does not exist; nor does one’s own once one was taken out', async () => {
    const message = await send(ada)
    const stranger = await servers.user('Stranger')
    expect((await edit(stranger, message, 'x')).status).toBe(404)
    expect((await remove(stranger, message)).status).toBe(404)
    const { id: group } = await groupOf(ada, [grace])
    const own = await send(grace, group)
    await ada.http('DELETE', `/api/chat/rooms/${group}/participants/${grace.id}`)
    expect((await edit(grace, own, 'x')).status).toBe(404)
    expect((await remove(grace, own)).status).toBe(404)
  })

  test('what tells of a change of the group stays as it is', async () => {
    const { id: group } = await groupOf(ada, [grace])
    const { rows } = await servers.db.query('SELECT id FROM messages WHERE room_id = $1', [group])
    const client = await ada.connect()
    for (const command of ['editMessage', 'deleteMessage'] as const) {
      const input = { messageId: rows[0].id, message: 'x' }
      expect(await ask(client, command, input)).toMatchObject({ error: { code: 'FORBIDDEN' } })
    }
  })
})

test('an edit of a message that is being deleted comes before it or is refused: in the end it is deleted', async () => {
  for (let round = 0; round < 20; round++) {
    const message = await send(ada)
    const [edited, removed] = await Promise.all([edit(ada, message, 'hello'), remove(ada, message)])
    expect([200, 404]).toContain(edited.status)
    expect(removed.status).toBe(200)
    expect(await stored(message)).toMatchObject({ message: '', deleted_at: expect.any(Date) })
    expect(await lastRevOf(roomId)).toBe(message.rev + (edited.status === 200 ? 2 : 1))
  }
})

test('of two devices that edit at the same time the later rev holds, for everybody', async () => {
  const clients = await Promise.all([...urls, ...urls].map((url, i) => (i < 2 ? ada : grace).connect({ url })))
  const views = clients.map((client) => heard(client, 'messageUpdated'))
  const [one, other] = clients
  if (!one || !other) throw new Error('Two devices were asked for.')
  for (let round = 0; round < 15; round++) {
    const message = await send(ada)
    for (const view of views) view.length = 0
    const edits = await Promise.all(
      [one, other].map((device, i) => asked(device, 'editMessage', { messageId: message.id, message: `text ${i}` })),
    )
    expect(edits.map(({ rev }) => rev).sort((a, b) => a - b)).toEqual([message.rev + 1, message.rev + 2])
    const last = edits.find(({ rev }) => rev === message.rev + 2)
    await waitFor(() => views.every((view) => view.some(({ rev }) => rev === message.rev + 2)))
    for (const view of views) expect(view.find(({ rev }) => rev === message.rev + 2)).toEqual(last)
    expect(await stored(message)).toMatchObject({ message: last?.message })
  }
})

test('what nobody heard of while a server did not listen is told when it does again', async () => {
  const message = await send(ada)
  const client = await grace.connect({ url: urls[1] })
  const updates = heard(client, 'messageUpdated')
  await servers.db.query(`UPDATE messages SET created_at = now() - interval '1 hour' WHERE id = $1`, [message.id])
  await servers.db.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'tandem-listen'`,
  )
  // Nobody hears this: it is announced by nobody's name.
  await servers.db.query('SELECT change_message($1, $2, $3, NULL, NULL)', [message.id, ada.id, 'unheard'])
  await waitFor(() => updates.some(({ id, message: text }) => id === message.id && text === 'unheard'))
})
