import { randomUUID } from 'node:crypto'
import { io, type Socket } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startServers } from '../../support/servers/servers'
import { waitFor } from '../../support/waitFor'

/**
 * What a client that was written against an earlier version relies on, told without a line of our own code: `fetch`,
 * Socket.IO's client, and the names and shapes they see. Where this file has to change, somebody's client breaks.
 *
 * Against a server that runs elsewhere, of any version: WIRE_WEB_URL=http://localhost:3000 WIRE_SERVICE_KEY=…
 */
let webUrl: string
let serviceKey: string
let socketUrl: string
const sockets: Socket[] = []

beforeAll(async () => {
  const { WIRE_WEB_URL, WIRE_SERVICE_KEY = '' } = process.env
  if (WIRE_WEB_URL) [webUrl, serviceKey] = [WIRE_WEB_URL, WIRE_SERVICE_KEY]
  else ({ webUrl, serviceKey } = await startServers())
})
afterAll(() => {
  for (const socket of sockets) socket.disconnect()
})

type Json = Record<string, unknown>
interface Person {
  id: string
  name: string
  call(method: string, path: string, body?: unknown): Promise<{ status: number; headers: Headers; body: Json }>
  socket(namespace: string): Promise<Socket>
}

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch((path.startsWith('/') ? webUrl : '') + path, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const json: Json = text === '' ? {} : JSON.parse(text)
  return { status: response.status, headers: response.headers, body: json }
}

async function person(name: string): Promise<Person> {
  const account = { name, email: `${randomUUID()}@example.com`, password: `long enough ${randomUUID()}` }
  const registered = await call('POST', '/api/auth/register', account)
  expect(registered.status).toBe(201)
  expect(registered.body).toMatchObject({ user: { id: expect.any(String), name } })
  const cookie = registered.headers.get('set-cookie')?.match(/^[^;]*auth_session=[^;]+/)?.[0] ?? ''
  const asOneself: Person['call'] = (method, path, body) => call(method, path, body, { cookie })
  return {
    id: (registered.body.user as { id: string }).id, // matched above
    name,
    call: asOneself,
    async socket(namespace) {
      const { status, headers, body } = await asOneself('GET', `/api/auth/session-token?namespace=${namespace}`)
      expect(status).toBe(200)
      expect(headers.get('cache-control')).toBe('no-store')
      expect(body).toEqual({ token: expect.any(String), expiresAt: expect.any(String), url: expect.any(String) })
      socketUrl = String(body.url)
      const socket = io(socketUrl + namespace, { auth: { token: body.token }, forceNew: true })
      sockets.push(socket)
      await waitFor(() => socket.connected)
      return socket
    },
  }
}

const emit = (socket: Socket, event: string, ...input: unknown[]) =>
  socket.timeout(10_000).emitWithAck(event, ...input) as Promise<{ ok: boolean; data: Json; error: Json }> // a Reply

async function done(socket: Socket, event: string, ...input: unknown[]): Promise<Json> {
  const reply = await emit(socket, event, ...input)
  expect(reply, event).toEqual({ ok: true, data: expect.anything() })
  return reply.data
}

function hears(socket: Socket, event: string): Json[] {
  const heard: Json[] = []
  socket.on(event, (payload: Json) => heard.push(payload))
  return heard
}

const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
const anId = expect.stringMatching(/./)
const aNumber = expect.any(Number)
const message = (fields: Json) => ({ id: anId, roomId: anId, rev: aNumber, createdAt: time, ...fields })
const refusal = (code: string, retryable = false) => ({
  code,
  message: expect.stringMatching(/./),
  retryable,
  correlationId: expect.stringMatching(/./),
})

describe('chat', () => {
  let ada: Person
  let grace: Person
  let adaSocket: Socket
  let graceSocket: Socket
  let roomId: string

  beforeAll(async () => {
    ;[ada, grace] = await Promise.all([person('Ada'), person('Grace')])
    ;[adaSocket, graceSocket] = await Promise.all([ada.socket('/chat'), grace.socket('/chat')])
    const opened = hears(graceSocket, 'roomData')
    const data = await done(adaSocket, 'getOrCreateRoom', { participantId: grace.id })
    roomId = (data.room as { id: string }).id // asserted below
    await waitFor(() => opened.length === 1)
    expect(data).toMatchObject({
      room: { id: anId, kind: 'direct', partnerId: grace.id, lastSeq: 0, unread: 0, updatedAt: time },
      messages: [],
      participants: expect.arrayContaining([expect.objectContaining({ id: grace.id, name: 'Grace' })]),
    })
    expect(opened[0]).toMatchObject({ room: { id: roomId, partnerId: ada.id }, messages: [] })
  })

  test('a message is acknowledged and heard by both, over either transport, and once however often it is sent', async () => {
    const [atAda, atGrace] = [hears(adaSocket, 'receiveMessage'), hears(graceSocket, 'receiveMessage')]
    const input = { roomId, message: ' over the socket ', clientId: randomUUID() }
    const first = await done(adaSocket, 'sendMessage', { ...input, senderId: ada.id })
    expect(first).toEqual(
      message({ roomId, seq: 1, senderId: ada.id, clientId: input.clientId, message: 'over the socket' }),
    )
    expect(await done(adaSocket, 'sendMessage', input)).toEqual(first)
    const again = await ada.call('POST', '/api/chat/messages', input)
    expect([again.status, again.body]).toEqual([200, first])

    const second = { roomId, message: 'over HTTP', clientId: randomUUID() }
    const sent = await grace.call('POST', '/api/chat/messages', second)
    expect([200, 201]).toContain(sent.status)
    expect(sent.body).toEqual(message({ ...second, seq: 2, senderId: grace.id }))
    await waitFor(() => atAda.length === 2 && atGrace.length === 2)
    expect(atAda).toEqual([first, sent.body])
    expect(atGrace).toEqual(atAda)
  })

  test('rooms, history and what was missed', async () => {
    const { body: list } = await grace.call('GET', '/api/chat/rooms')
    expect(list).toMatchObject({
      rooms: [
        { id: roomId, lastSeq: 2, lastRev: aNumber, readRev: aNumber, lastReadSeq: aNumber, lastMessage: { seq: 2 } },
      ],
      nextCursor: null,
    })
    const before = await grace.call('GET', `/api/chat/messages?roomId=${roomId}&beforeSeq=2&limit=1`)
    expect(before.body).toMatchObject({ messages: [{ seq: 1 }], hasMore: false })
    const joined = {
      room: { id: roomId },
      messages: [{ seq: 1 }, { seq: 2 }],
      participants: [{ lastReadSeq: aNumber, lastSeen: anId }, {}],
    }
    expect(await done(graceSocket, 'joinRoom', { roomId })).toMatchObject(joined)
    expect((await grace.call('GET', `/api/chat/rooms/${roomId}`)).body).toMatchObject(joined)

    const missed = {
      rooms: {
        [roomId]: { messages: [{ seq: 1 }, { seq: 2 }], lastRev: aNumber, readRev: aNumber, hasMore: false },
        'not-mine': { gone: true },
      },
    }
    const rooms = { [roomId]: 0, 'not-mine': 3 }
    expect(await done(graceSocket, 'syncRooms', { rooms })).toMatchObject(missed)
    expect((await grace.call('POST', '/api/chat/sync', { rooms })).body).toMatchObject(missed)
    const withReads = { rooms: { [roomId]: { lastRev: 0, readRev: 0 } } }
    expect(await done(graceSocket, 'syncRooms', withReads)).toMatchObject({ rooms: { [roomId]: { hasMore: false } } })
  })

  test('reading is told to both', async () => {
    const [atAda, atGrace] = [hears(adaSocket, 'messagesRead'), hears(graceSocket, 'messagesRead')]
    const read = await done(graceSocket, 'markMessagesRead', { roomId, userId: grace.id, upToSeq: 1 })
    expect(read).toEqual({ roomId, userId: grace.id, count: aNumber, lastReadSeq: aNumber })
    const { status, body } = await ada.call('PATCH', '/api/chat/messages/read', { roomId })
    expect([status, body]).toEqual([200, { roomId, userId: ada.id, count: aNumber, lastReadSeq: 2 }])
    await waitFor(() => [atAda, atGrace].every((heard) => heard.some(({ userId }) => userId === ada.id)))
    expect(atAda).toEqual(atGrace)
    expect(atAda.at(-1)).toEqual(body)
  })

  test('a ping says what is new and when the next is due; presence comes as an answer and as an event', async () => {
    const pinged = await done(adaSocket, 'ping')
    expect(pinged).toMatchObject({
      lastSeen: time,
      asOf: expect.anything(),
      nextPingMs: aNumber,
      rooms: { [roomId]: { lastRev: aNumber, readRev: aNumber } },
      notifications: { version: aNumber, unread: aNumber },
    })
    expect(await done(adaSocket, 'ping', { asOf: pinged.asOf, away: false })).toMatchObject({ rooms: {} })

    const bell = await ada.socket('/notifications')
    const synced = hears(bell, 'presence:sync')
    const presence = { [grace.id]: { isOnline: true, lastSeen: time } }
    expect(await done(bell, 'presence:sync', { ids: [grace.id] })).toMatchObject(presence)
    await waitFor(() => synced.length > 0)
    expect(synced.at(-1)).toMatchObject(presence)
    expect((await ada.call('GET', `/api/presence?ids=${grace.id}`)).body).toMatchObject(presence)
  })

  test('people are found to talk to', async () => {
    const { status, body } = await ada.call('GET', '/api/users?query=Grace')
    expect(status).toBe(200)
    expect(body).toEqual({ users: expect.any(Array) })
    expect((body.users as Json[])[0]).toMatchObject({ id: anId, name: expect.stringContaining('Grace') }) // as asserted
  })

  test('a message answers another, and names members of a group', async () => {
    const { body } = await ada.call('POST', '/api/chat/rooms', { participantIds: [grace.id], name: 'A group' })
    const group = (body.room as { id: string }).id // the contract's answer
    const original = await done(adaSocket, 'sendMessage', { roomId: group, message: 'Tea?', clientId: randomUUID() })
    const answer = {
      roomId: group,
      message: '@Grace?',
      clientId: randomUUID(),
      replyToId: original.id,
      mentions: [grace.id],
    }
    expect(await done(adaSocket, 'sendMessage', answer)).toMatchObject({
      replyTo: { id: original.id, seq: original.seq, senderId: ada.id, excerpt: 'Tea?' },
      mentions: [grace.id],
    })
    const list = await grace.call('GET', '/api/chat/rooms')
    expect(list.body).toMatchObject({ rooms: [{ id: group, unreadMentions: 1 }, {}] })
    const told = await grace.call('GET', '/api/notifications')
    expect(told.body).toMatchObject({ notifications: [{ link: `/chat/${group}?at=3` }], unread: 1 })
    for (const place of ['afterSeq=2', 'aroundSeq=3&limit=1']) {
      const page = await grace.call('GET', `/api/chat/messages?roomId=${group}&${place}`)
      expect(page.body, place).toMatchObject({ messages: [{ seq: 3 }], hasMore: expect.any(Boolean) })
    }
  })

  test('somebody is blocked and unblocked over either transport; whoever does it hears of it, and nobody else', async () => {
    const [atAda, atGrace] = [hears(adaSocket, 'blockUpdated'), hears(graceSocket, 'blockUpdated')]
    const described = hears(adaSocket, 'roomUpdated')
    // A room is described as it is when that is told: one after the other, so that each is seen.
    const untilDescribed = (times: number) => waitFor(() => described.length === times)
    expect(await done(adaSocket, 'blockUser', { userId: grace.id })).toEqual({ userId: grace.id, blocked: true })
    await untilDescribed(1)
    expect((await ada.call('GET', '/api/users/blocked')).body).toEqual({
      users: [{ id: grace.id, name: 'Grace' }],
      nextCursor: null,
    })
    const input = { roomId, message: 'Hello?', clientId: randomUUID() }
    expect((await emit(graceSocket, 'sendMessage', input)).error).toEqual(refusal('FORBIDDEN'))
    const { status, body } = await ada.call('DELETE', `/api/users/${grace.id}/block`)
    expect([status, body]).toEqual([200, { userId: grace.id, blocked: false }])
    await untilDescribed(2)
    const again = await ada.call('PUT', `/api/users/${grace.id}/block`)
    expect([again.status, again.body]).toEqual([200, { userId: grace.id, blocked: true }])
    await untilDescribed(3)
    expect(await done(adaSocket, 'unblockUser', { userId: grace.id })).toEqual({ userId: grace.id, blocked: false })
    await untilDescribed(4)
    await waitFor(() => atAda.length === 4)
    expect(atAda.map(({ blocked }) => blocked)).toEqual([true, false, true, false])
    expect(described.map((room) => room.blocked)).toEqual([true, undefined, true, undefined])
    await done(graceSocket, 'sendMessage', input)
    expect(atGrace).toEqual([])
  })

  test('what is refused says why, with a code, in one form', async () => {
    const stranger = await person('Stranger')
    const asked = async (input: Json) => (await emit(adaSocket, 'sendMessage', input)).error
    expect(await asked({ roomId, message: '  ', clientId: 'a' })).toEqual({
      ...refusal('BAD_REQUEST'),
      issues: [{ path: expect.anything(), message: anId }],
    })
    expect(await asked({ roomId: 'nowhere', message: 'x', clientId: 'a' })).toEqual(refusal('NOT_FOUND'))
    expect(await asked({ roomId, message: 'x', clientId: 'a', senderId: grace.id })).toEqual(refusal('FORBIDDEN'))
    const clientId = randomUUID()
    await done(adaSocket, 'sendMessage', { roomId, message: 'one', clientId })
    expect(await asked({ roomId, message: 'another', clientId })).toEqual(refusal('CONFLICT'))

    const overHttp = await stranger.call('GET', `/api/chat/messages?roomId=${roomId}`)
    expect([overHttp.status, overHttp.body]).toEqual([404, { error: refusal('NOT_FOUND') }])
    expect(overHttp.headers.get('x-correlation-id')).toBe((overHttp.body.error as Json).correlationId)
    const nobody = await call('GET', '/api/chat/rooms')
    expect([nobody.status, nobody.body]).toEqual([401, { error: refusal('UNAUTHENTICATED') }])

    const unasked = hears(adaSocket, 'commandError')
    adaSocket.emit('joinRoom', { roomId: 'nowhere' })
    await waitFor(() => unasked.length === 1)
    expect(unasked[0]).toEqual(refusal('NOT_FOUND'))
  })
})

describe('notifications', () => {
  const notify = (body: Json, key: string = randomUUID()) =>
    call('POST', '/api/notifications', body, { authorization: `Bearer ${serviceKey}`, 'idempotency-key': key })

  test('one is made once, heard at once, listed, read, deleted, over either transport', async () => {
    const ada = await person('Ada')
    const bell = await ada.socket('/notifications')
    const events = [
      'newNotification',
      'notificationUpdate',
      'notificationDeleted',
      'notificationsRead',
      'notificationsCleared',
    ]
    const [heard, updated, deleted, allRead, cleared] = events.map((event) => hears(bell, event)) as [
      Json[],
      Json[],
      Json[],
      Json[],
      Json[], // one for each name
    ]
    const notification = { userId: ada.id, title: 'Backup', message: 'It is done.', type: 'success', avatarText: 'B' }

    const made = await notify(notification, 'the-same')
    expect([made.status, made.body]).toEqual([201, { count: 1, ids: [anId] }])
    expect((await notify(notification, 'the-same')).body).toEqual(made.body)
    const [id] = made.body.ids as [string] // matched above
    await waitFor(() => heard.length === 1)
    expect(heard[0]).toEqual({ ...notification, id, status: 'unread', createdAt: time })
    const { body: list } = await ada.call('GET', '/api/notifications')
    expect(list).toEqual({ notifications: heard, nextCursor: null, unread: 1, version: aNumber })

    expect(await done(bell, 'markAsRead', { notificationId: id })).toEqual({ id, read: true })
    expect((await ada.call('PATCH', `/api/notifications/${id}`, { status: 'unread' })).body).toEqual({
      id,
      read: false,
    })
    await waitFor(() => updated.length === 2)
    expect(updated).toEqual([
      { id, read: true },
      { id, read: false },
    ])
    expect(await done(bell, 'markAllAsRead')).toEqual({ count: 1, version: aNumber })
    await waitFor(() => allRead.length === 1)
    expect(allRead[0]).toEqual({ version: aNumber, upTo: expect.anything() })

    expect(await done(bell, 'deleteNotification', { notificationId: id })).toEqual({ id })
    await waitFor(() => deleted.length === 1)
    expect(deleted[0]).toEqual({ id })
    await notify({ ...notification, title: 'Again' })
    expect((await ada.call('DELETE', '/api/notifications/clear-all')).body).toEqual({ ids: [anId], version: aNumber })
    await waitFor(() => cleared.length === 1)
    expect(await done(bell, 'ping')).toMatchObject({ rooms: {}, notifications: { version: aNumber, unread: 0 } })
  })

  test('topics are listed over HTTP, and followed over either transport', async () => {
    const ada = await person('Ada')
    const { status, body } = await ada.call('GET', '/api/notifications/topics')
    expect([status, body]).toEqual([200, { topics: [], open: expect.any(Array), nextCursor: null }])
    // None is open unless somebody on the server opened it.
    const refused = await ada.call('PUT', '/api/notifications/topics/of-nobody')
    expect([refused.status, refused.body]).toEqual([403, { error: refusal('FORBIDDEN') }])
    const bell = await ada.socket('/notifications')
    expect((await emit(bell, 'subscribe', 'of-nobody')).error).toEqual(refusal('FORBIDDEN'))
    expect((await ada.call('DELETE', '/api/notifications/topics/of-nobody')).body).toEqual({ topics: [] })
    expect(await done(bell, 'unsubscribe', { topic: 'of-nobody' })).toEqual({ topics: [] })
  })

  test('preferences are read whole and changed in part', async () => {
    const ada = await person('Ada')
    const address = '/api/notifications/preferences'
    const { status, body } = await ada.call('GET', address)
    const { kinds } = body as { kinds: Json }
    expect([status, body]).toEqual([
      200,
      { kinds: expect.anything(), topics: {}, quietHours: { enabled: false, from: '22:00', to: '07:00' } },
    ])
    for (const kind of ['direct', 'group', 'mention', 'info', 'warning', 'error', 'success']) {
      expect(kinds[kind], kind).toMatchObject({ bell: true })
    }
    const bell = await ada.socket('/notifications')
    const told = hears(bell, 'settingsUpdated')
    const news = { kinds: { mention: { bell: false } }, quietHours: { enabled: true, timeZone: 'Europe/Berlin' } }
    const changed = await ada.call('PATCH', address, news)
    expect([changed.status, changed.body]).toMatchObject([200, news])
    expect((await ada.call('GET', address)).body).toEqual(changed.body)
    await waitFor(() => told.length === 1)
    const refused = await ada.call('PATCH', address, { kinds: { info: { pigeon: true } } })
    expect([refused.status, refused.body]).toMatchObject([400, { error: refusal('BAD_REQUEST') }])
  })

  test('another person cannot touch it, and who has no service key makes none', async () => {
    const [ada, grace] = await Promise.all([person('Ada'), person('Grace')])
    const made = await notify({ userId: ada.id, title: 'Hers', message: 'Only hers.', type: 'info' })
    const [id] = made.body.ids as [string] // as above
    expect((await grace.call('DELETE', `/api/notifications/${id}`)).body).toEqual({ error: refusal('NOT_FOUND') })
    const { status } = await call('POST', '/api/notifications', {}, { authorization: 'Bearer nonsense' })
    expect(status).toBe(401)
  })
})

describe('the door', () => {
  test('who shows no ticket is refused with a coded error, and nothing is served at the root', async () => {
    await (await person('Somebody')).socket('/chat')
    const refusedAt = async (namespace: string): Promise<unknown> => {
      const socket = io(socketUrl + namespace, { auth: { token: 'nonsense' }, forceNew: true, reconnection: false })
      sockets.push(socket)
      return new Promise((resolve) => {
        socket.on('connect_error', (error: Error & { data?: unknown }) => resolve(error.data))
      })
    }
    expect(await refusedAt('/chat')).toEqual(refusal('UNAUTHENTICATED'))
    expect(await refusedAt('/')).toEqual(refusal('NOT_FOUND'))
  })

  test('signing out ends the session everywhere', async () => {
    const ada = await person('Ada')
    const socket = await ada.socket('/chat')
    expect((await ada.call('GET', '/api/auth/session')).body).toMatchObject({ user: { id: ada.id, name: 'Ada' } })
    expect((await ada.call('POST', '/api/auth/logout')).status).toBe(204)
    expect((await ada.call('GET', '/api/auth/session')).status).toBe(401)
    await waitFor(() => !socket.connected)
  })

  test('port 3001 says how it is, and answers other services', async () => {
    const at = (path: string, init: [method: string, body?: unknown] = ['GET']) =>
      call(init[0], socketUrl + path, init[1], { authorization: `Bearer ${serviceKey}` })
    const ada = await person('Ada')
    await ada.socket('/chat')
    expect((await at('/health')).body).toEqual({
      status: 'ok',
      service: 'websocket',
      uptime: aNumber,
      port: aNumber,
      environment: anId,
    })
    expect((await at('/health/ready')).status).toBe(200)
    await waitFor(async () => (await at(`/users/${ada.id}/status`)).body.isOnline === true)
    expect((await at('/users/online')).body).toMatchObject({ users: expect.any(Array), total: aNumber })
    expect((await at('/users/status/bulk', ['POST', { userIds: [ada.id, 'nobody'] }])).body).toMatchObject({
      statuses: { [ada.id]: { isOnline: true, lastSeen: time }, nobody: null },
    })
    expect((await at('/metrics')).body).toMatchObject({
      connections: { total: aNumber, chat: aNumber },
      events: { throughput: { '1m': aNumber } },
      rooms: { total: aNumber },
      presence: { online: aNumber },
      server: { uptime: aNumber },
    })
  })
})
