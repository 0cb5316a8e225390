import { randomUUID } from 'node:crypto'
import { get } from 'node:http'
import { io, Manager } from 'socket.io-client'
import { beforeAll, expect, test } from 'vitest'
import type { SendMessageInput } from '@/contracts/chat'
import { WireError } from '@/contracts/errors'
import { limits } from '@/contracts/limits'
import type { Namespace } from '@/contracts/namespaces'
import { onlyKey } from '@/lib/auth/keyRing'
import { createSessionTokens } from '@/lib/auth/sessionToken'
import { directRoom, twoPeopleInARoom } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { ask, type ChatClient, http, type TestUser } from '../../support/servers/testUser'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

let servers: TestServers
let ada: TestUser
let grace: TestUser
let roomId: string
let foreignRoomId: string
let socket: ChatClient

beforeAll(async () => {
  servers = await startServers()
  ;({ ada, grace, roomId } = await twoPeopleInARoom(servers))
  foreignRoomId = (await directRoom(grace, await servers.user('Linus'))).id
  socket = await ada.connect()
})

const refusedSends: [what: string, input: () => object, code: string, status: number][] = [
  ['a room one is not a member of', () => ({ roomId: foreignRoomId }), 'NOT_FOUND', 404],
  ['an unknown room', () => ({ roomId: 'no-such-room' }), 'NOT_FOUND', 404],
  ['somebody else’s senderId', () => ({ senderId: grace.id }), 'FORBIDDEN', 403],
  ['an empty message', () => ({ message: '   ' }), 'BAD_REQUEST', 400],
  ['4,001 characters', () => ({ message: 'x'.repeat(4_001) }), 'BAD_REQUEST', 400],
  ['U+0000', () => ({ message: 'a\u0000b' }), 'BAD_REQUEST', 400],
  ['a message that is a number', () => ({ message: 7 }), 'BAD_REQUEST', 400],
  ['no clientId', () => ({ clientId: undefined }), 'BAD_REQUEST', 400],
  ['a clientId with spaces', () => ({ clientId: 'not an id' }), 'BAD_REQUEST', 400],
  ['more than 64 KB', () => ({ padding: 'x'.repeat(65 * 1024) }), 'PAYLOAD_TOO_LARGE', 413],
]

test.each(refusedSends)(
  '%s is refused on both transports with the same code and a sentence',
  async (_, input, code, status) => {
    const payload = { roomId, message: 'fine', clientId: randomUUID(), ...input() }

    const overSocket = await ask(socket, 'sendMessage', payload)
    const overHttp = await ada.http('POST', '/api/chat/messages', payload)

    expect(overSocket).toMatchObject({ ok: false, error: { code, retryable: false } })
    expect(overHttp).toMatchObject({ status, body: { error: { code } } })
    for (const error of [!overSocket.ok && overSocket.error, (overHttp.body as { error: unknown }).error]) {
      const { message, correlationId } = WireError.parse(error)
      expect(message).toMatch(/^[A-Z0-9].{10,}[.!]$/)
      expect(correlationId).not.toBe('')
    }
  },
)

test('an input that is no object at all is refused with a code', async () => {
  for (const payload of [null, 'text', 7, [], undefined]) {
    // Deliberately not what the contract says.
    const reply = await ask(socket, 'sendMessage', payload as unknown as SendMessageInput)
    expect(reply).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } })
  }
})

test('thousands of wrong entries get a short answer on both transports', async () => {
  const many = Object.fromEntries(Array.from({ length: 4_000 }, (_, i) => [`no id ${i}`, -1]))
  const some = Object.fromEntries(Object.entries(many).slice(0, limits.syncRooms))
  for (const [rooms, issues] of [
    [many, 1],
    [some, limits.issues],
  ] as const) {
    expect(JSON.stringify({ rooms }).length).toBeLessThan(limits.payloadBytes)
    const overSocket = await ask(socket, 'syncRooms', { rooms })
    const overHttp = await ada.http('POST', '/api/chat/sync', { rooms })

    expect(overSocket).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } })
    expect(overHttp).toMatchObject({ status: 400, body: { error: { code: 'BAD_REQUEST' } } })
    for (const error of [!overSocket.ok && overSocket.error, (overHttp.body as { error: unknown }).error]) {
      expect(WireError.parse(error).issues).toHaveLength(issues)
      expect(JSON.stringify(error).length).toBeLessThan(2_000)
    }
  }
})

test('a body that is not JSON is refused with a code', async () => {
  const broken = await ada.http('POST', '/api/chat/messages', '{"roomId":')
  const form = await ada.http('POST', '/api/chat/messages', 'a=b', {
    'content-type': 'application/x-www-form-urlencoded',
  })

  expect(broken).toMatchObject({ status: 400, body: { error: { code: 'BAD_REQUEST' } } })
  expect(form).toMatchObject({ status: 400, body: { error: { code: 'BAD_REQUEST' } } })
})

test('without an acknowledgement an error arrives as commandError', async () => {
  const errors: unknown[] = []
  socket.on('commandError', (error) => errors.push(error))
  const untyped = socket as unknown as { emit(event: string, payload: unknown): void }
  untyped.emit('sendMessage', { roomId })
  await waitFor(() => errors.length === 1)
  expect(errors[0]).toMatchObject({ code: 'BAD_REQUEST', issues: expect.any(Array) })
})

test('every command of a room that is not one’s own is NOT_FOUND', async () => {
  expect(await ask(socket, 'joinRoom', { roomId: foreignRoomId })).toMatchObject({ error: { code: 'NOT_FOUND' } })
  expect(await ask(socket, 'markMessagesRead', { roomId: foreignRoomId })).toMatchObject({
    error: { code: 'NOT_FOUND' },
  })
  expect(await ada.http('PATCH', '/api/chat/messages/read', { roomId: foreignRoomId })).toMatchObject({ status: 404 })
  expect(await ada.http('GET', `/api/chat/messages?roomId=${foreignRoomId}`)).toMatchObject({ status: 404 })
})

test('a conversation with oneself or with nobody is refused', async () => {
  expect(await ask(socket, 'getOrCreateRoom', { participantId: ada.id })).toMatchObject({
    error: { code: 'BAD_REQUEST' },
  })
  expect(await ask(socket, 'getOrCreateRoom', { participantId: 'nobody' })).toMatchObject({
    error: { code: 'NOT_FOUND' },
  })
})

test('who is not signed in gets UNAUTHENTICATED from every route', async () => {
  for (const [method, path, body] of [
    ['POST', '/api/chat/messages', { roomId, message: 'x', clientId: 'x' }],
    ['GET', '/api/chat/rooms', undefined],
    ['POST', '/api/chat/rooms', { participantId: grace.id }],
    ['PATCH', '/api/chat/messages/read', { roomId }],
    ['POST', '/api/chat/sync', { rooms: {} }],
    ['GET', '/api/users', undefined],
    ['GET', '/api/auth/session-token', undefined],
  ] as const) {
    expect(await http(servers.webUrl, method, path, body)).toMatchObject({
      status: 401,
      body: { error: { code: 'UNAUTHENTICATED' } },
    })
  }
})

/** Tries a handshake and resolves with the refusal's `data`. */
function refusal(namespace: string, token: unknown): Promise<unknown> {
  const client = io(servers.sockets[0].url + namespace, {
    auth: { token },
    forceNew: true,
    reconnection: false,
    transports: ['websocket'],
  })
  onTeardown(() => {
    client.disconnect()
  })
  return new Promise((resolve, reject) => {
    client.once('connect', () => reject(new Error('the handshake was not refused')))
    client.once('connect_error', (error) => resolve('data' in error ? error.data : error))
  })
}

test('a handshake without a token, with a forged, expired or foreign one is refused with a coded error', async () => {
  const claims = { userId: ada.id, sessionId: 'a session that is not there' }
  const issue = async (secret: string, audience: Namespace) =>
    createSessionTokens(onlyKey(secret)).issue(claims, audience).token
  const own = process.env.SESSION_TOKEN_SECRET ?? ''
  const unauthenticated = { code: 'UNAUTHENTICATED', retryable: false, correlationId: expect.any(String) }

  expect(await refusal('/chat', undefined)).toMatchObject(unauthenticated)
  expect(await refusal('/chat', 'not.a.token')).toMatchObject(unauthenticated)
  expect(await refusal('/chat', { $ne: null })).toMatchObject(unauthenticated)
  expect(await refusal('/chat', await issue('x'.repeat(32), '/chat'))).toMatchObject(unauthenticated)
  expect(await refusal('/chat', await issue(own, '/notifications'))).toMatchObject(unauthenticated)
  expect(await refusal('/chat', await ada.token('/notifications'))).toMatchObject(unauthenticated)
  expect(await refusal('/chat', await issue(own, '/chat'))).toMatchObject({ code: 'SESSION_EXPIRED' })
  expect(await refusal('/', await ada.token())).toMatchObject({ code: 'NOT_FOUND' })
})

test('5 MB at once closes that connection and nothing else', async () => {
  const attacker = await ada.connect()
  const untyped = attacker as unknown as { emit(event: string, payload: unknown): void }
  untyped.emit('sendMessage', { roomId, message: 'x'.repeat(5_000_000), clientId: 'big' })
  await waitFor(() => attacker.disconnected)

  expect(await ask(socket, 'sendMessage', { roomId, message: 'still here', clientId: randomUUID() })).toMatchObject({
    ok: true,
  })
  const tooLarge = await ada.http('POST', '/api/chat/messages', {
    roomId,
    message: 'x'.repeat(5_000_000),
    clientId: 'big',
  })
  expect(tooLarge).toMatchObject({ status: 413, body: { error: { code: 'PAYLOAD_TOO_LARGE' } } })
})

test('a page of another origin is refused on HTTP and on both transports of the socket', async () => {
  const evil = { origin: 'https://evil.example' }
  const write = await ada.http('POST', '/api/chat/messages', { roomId, message: 'x', clientId: 'evil' }, evil)
  expect(write).toMatchObject({ status: 403, body: { error: { code: 'FORBIDDEN' } } })

  for (const origin of ['https://evil.example', 'null']) {
    const polling = await fetch(`${servers.sockets[0].url}/socket.io/?EIO=4&transport=polling`, { headers: { origin } })
    expect(polling.status).toBe(403)
    const token = await ada.token()
    const client = io(`${servers.sockets[0].url}/chat`, {
      auth: { token },
      extraHeaders: { origin },
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
    })
    onTeardown(() => {
      client.disconnect()
    })
    await expect(
      new Promise<void>((resolve, reject) => client.once('connect', resolve).once('connect_error', reject)),
    ).rejects.toThrow()
  }
})

/** The status of a first long-polling request. */
const pollingStatus = (url: string, headers: Record<string, string>) =>
  new Promise<number | undefined>((resolve, reject) => {
    const polling = get(`${url}/socket.io/?EIO=4&transport=polling`, { headers }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    polling.on('error', reject)
  })

/** Whether a WebSocket is opened. */
const opens = (url: string, headers: Record<string, string>) =>
  new Promise<boolean>((resolve) => {
    const manager = new Manager(url, { transports: ['websocket'], extraHeaders: headers, reconnection: false })
    onTeardown(() => manager._close())
    manager.once('open', () => resolve(true)).once('error', () => resolve(false))
  })

test('who gives the server’s own address as origin is let in on both transports; a name that points here is not', async () => {
  const { url } = await servers.startSocket({ socketPublicUrls: { '/chat': 'https://socket.example.com' } })
  const { port, host } = new URL(url)
  const cases: [Record<string, string>, boolean][] = [
    [{ origin: url }, true],
    [{ origin: `http://localhost:${port}`, host: `localhost:${port}` }, true],
    [{ origin: 'https://socket.example.com', host: 'socket.example.com' }, true],
    [{ origin: `http://evil.example:${port}`, host: `evil.example:${port}` }, false],
    [{ origin: `http://localhost:${port}`, host }, false],
  ]
  for (const [headers, isAllowed] of cases) {
    expect([headers, await pollingStatus(url, headers)]).toEqual([headers, isAllowed ? 200 : 403])
    expect([headers, await opens(url, headers)]).toEqual([headers, isAllowed])
  }
})
