import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { limits } from '@/contracts/limits'
import { asGraphqlUser, type GraphqlUser, post } from '../../support/graphql/graphqlUser'
import { setPermissions } from '../../support/servers/permissions'
import { twoPeopleInARoom } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import type { TestUser } from '../../support/servers/testUser'

let servers: TestServers
let ada: TestUser
let grace: TestUser
let roomId: string
let asked: GraphqlUser

beforeAll(async () => {
  servers = await startServers({ limits: { 'chat-edits': { points: 3, seconds: 600 } } })
  ;({ ada, grace, roomId } = await twoPeopleInARoom(servers))
  asked = await asGraphqlUser(ada, servers.sockets[0].url)
})

const SEND =
  'mutation ($roomId: ID!, $message: String!, $clientId: ID!) { sendMessage(roomId: $roomId, message: $message, clientId: $clientId) { id seq rev senderId message replyTo { excerpt } } }'

test('what is written by GraphQL is read by HTTP and by GraphQL alike', async () => {
  const clientId = randomUUID()
  const variables = { roomId, message: 'Hello from GraphQL', clientId }
  const first = await asked.data(SEND, variables)
  expect(first.sendMessage).toMatchObject({
    seq: 1,
    rev: 1,
    senderId: ada.id,
    message: 'Hello from GraphQL',
    replyTo: null,
  })
  expect(await asked.data(SEND, variables)).toEqual(first)

  const history = await grace.http('GET', `/api/chat/messages?roomId=${roomId}`)
  expect(history.body).toMatchObject({ messages: [{ message: 'Hello from GraphQL', clientId }] })

  // A map is a list of entries; what is one of several has the fields of all.
  const synced = await asked.data(
    'mutation ($rooms: [SyncRoomsRoomsEntryInput!]!) { syncRooms(rooms: $rooms) { rooms { key value { lastRev hasMore gone messages { message } reads { key value } } } } }',
    { rooms: [roomId, 'elsewhere'].map((key) => ({ key, value: { lastRev: 0, readRev: 0 } })) },
  )
  expect(synced.syncRooms).toMatchObject({
    rooms: [
      { key: roomId, value: { lastRev: 1, hasMore: false, gone: null, messages: [{ message: 'Hello from GraphQL' }] } },
      { key: 'elsewhere', value: { gone: true, messages: null } },
    ],
  })
  expect(
    await asked.data('{ presenceSync { key value { isOnline } } readPreferences { kinds { direct { bell } } } }'),
  ).toEqual({
    presenceSync: expect.any(Array),
    readPreferences: { kinds: { direct: { bell: true } } },
  })
})

test('errors are those of HTTP, in the extensions, and nothing else is said', async () => {
  const byHttp = await ada.http('GET', '/api/chat/rooms/nowhere')
  const { errors, data } = await asked.answer('{ joinRoom(roomId: "nowhere") { room { id } } }')
  const { code, message } = (byHttp.body as { error: { code: string; message: string } }).error
  expect(data).toBeNull()
  expect(errors).toEqual([
    {
      ...{ message, path: ['joinRoom'], locations: [{ line: 1, column: 3 }] },
      extensions: { code, retryable: false, correlationId: expect.any(String) },
    },
  ])

  const bad = await asked.answer(SEND, { roomId, message: ' ', clientId: 'with a space' })
  expect(bad.errors?.[0]?.extensions).toMatchObject({
    code: 'BAD_REQUEST',
    issues: [{ path: 'message' }, { path: 'clientId' }],
  })

  for (const query of ['{ nothing }', '{ joinRoom', '', 'query { joinRoom(roomId: 7.5) { room { id } } }']) {
    const { errors } = await asked.answer(query)
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_REQUEST', retryable: false })
    expect(JSON.stringify(errors)).not.toContain('node_modules')
  }
})

test('each command in one operation counts against its own limit', async () => {
  const { sendMessage } = await asked.data(SEND, { roomId, message: 'To be edited', clientId: randomUUID() })
  const { id } = sendMessage as { id: string }
  const edit = (n: number) => `e${n}: editMessage(messageId: "${id}", message: "Edited ${n}") { message }`
  const { data, errors } = await asked.answer(`mutation { ${[1, 2].map(edit).join(' ')} }`)
  expect([data, errors]).toEqual([{ e1: { message: 'Edited 1' }, e2: { message: 'Edited 2' } }, undefined])

  await asked.data(`mutation { ${edit(3)} }`)
  const limited = await asked.answer(`mutation { ${edit(4)} }`)
  expect(limited.errors?.[0]?.extensions).toMatchObject({
    code: 'RATE_LIMITED',
    retryable: true,
    retryAfterMs: expect.any(Number),
  })
})

test('a permission that is taken away is missed by GraphQL as by HTTP', async () => {
  await setPermissions(servers, grace, { removed: ['chat:write'] })
  const hers = await asGraphqlUser(grace, servers.sockets[0].url)
  const { errors } = await hers.answer(SEND, { roomId, message: 'No', clientId: randomUUID() })
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' })
  await setPermissions(servers, grace, {})
})

test('who could read a stream but prefers JSON is answered with that', async () => {
  const headers = { ...asked.headers, accept: 'application/graphql-response+json, application/json, text/event-stream' }
  const { status, body } = await post(servers.sockets[0].url, { query: '{ listRooms { nextCursor } }' }, headers)
  expect([status, body]).toEqual([200, { data: { listRooms: { nextCursor: null } } }])
})

describe('who may ask', () => {
  const url = () => servers.sockets[0].url
  const body = { query: '{ listRooms { nextCursor } }' }

  test('nobody without a token for it: no stranger, no cookie, no token for something else', async () => {
    const token = await ada.token('/chat')
    for (const headers of [
      {},
      { cookie: ada.cookie },
      { authorization: `Bearer ${token}` },
      { authorization: 'Bearer x' },
    ]) {
      const { status, body: answer } = await post(url(), body, headers)
      expect(status).toBe(401)
      expect(answer).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
    }
  })

  test('nobody whose session has ended, with the token they have', async () => {
    const left = await servers.user('Left')
    const theirs = await asGraphqlUser(left, url())
    expect(await theirs.data(body.query)).toEqual({ listRooms: { nextCursor: null } })
    await left.http('POST', '/api/auth/logout')
    const { status, body: answer } = await post(url(), body, theirs.headers)
    expect([status, answer]).toMatchObject([401, { errors: [{ extensions: { code: 'SESSION_EXPIRED' } }] }])
  })

  test('no page of another site, and no form', async () => {
    const { headers } = asked
    expect((await post(url(), body, { ...headers, origin: 'http://evil.example' })).status).toBe(403)
    const allowed = await post(url(), body, { ...headers, origin: 'http://localhost:3000' })
    expect([allowed.status, allowed.headers.get('access-control-allow-origin')]).toEqual([200, 'http://localhost:3000'])
    const form = await fetch(`${url()}/graphql`, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'text/plain' },
      body: JSON.stringify(body),
    })
    expect(form.status).toBeGreaterThanOrEqual(400)
    expect(form.status).toBeLessThan(500)
  })
})

describe('what asks for too much is refused before anything of it is done', () => {
  const rooms = (n: number) => `a${n}: joinRoom(roomId: "${'x'.repeat(20)}") { room { id } }`
  const spread = (n: number) => `fragment F${n} on RoomsPage { ...F${n + 1} ...F${n + 1} }`
  const doubling = (count: number) =>
    `{ listRooms { ...F0 } } ${Array.from({ length: count }, (_, n) => spread(n)).join(' ')} fragment F${count} on RoomsPage { nextCursor }`

  test.each([
    ['many aliases', /Aliases limit of 15/, () => `{ ${Array.from({ length: 16 }, (_, n) => rooms(n)).join(' ')} }`],
    ['fragments that double each other', /Cost limit of 2000/, () => doubling(14)],
    ['a very long document', /1000 tokens/, () => `{ ${'listRooms { nextCursor } '.repeat(600)} }`],
    ['too deep a question', /depth limit of 10/, () => `{ ${'x { '.repeat(10)} y ${'}'.repeat(10)} }`],
  ])('%s', async (_what, why, query) => {
    const { body } = await post(servers.sockets[0].url, { query: query() }, asked.headers)
    expect(body).toMatchObject({
      errors: [{ message: expect.stringMatching(why), extensions: { code: 'BAD_REQUEST' } }],
    })
    expect(body).not.toHaveProperty('data.listRooms')
  })

  test('a batch, and a body over 64 KB', async () => {
    const batch = await post(servers.sockets[0].url, [{ query: '{ listRooms { nextCursor } }' }], asked.headers)
    expect(batch.status).toBe(400)
    const huge = { query: '{ listRooms { nextCursor } }', variables: { x: 'x'.repeat(limits.payloadBytes) } }
    expect((await post(servers.sockets[0].url, huge, asked.headers)).status).toBe(413)
  })
})

test('a strict installation tells nothing of the schema that one does not know', async () => {
  const { errors: known } = await asked.answer('{ listRoom { nextCursor } }')
  expect(known?.[0]?.message).toContain('Did you mean')
  const strict = await servers.startSocket({ appEnv: 'production' })
  const guessed = await post(strict.url, { query: '{ listRoom { nextCursor } }' }, asked.headers)
  expect(JSON.stringify(guessed.body)).not.toContain('Did you mean')
  const asking = await post(strict.url, { query: '{ __schema { types { name } } }' }, asked.headers)
  expect(JSON.stringify(asking.body)).toContain('introspection has been disabled')
  expect(asking.body).not.toHaveProperty('data.__schema')
})

test('commands are in the metrics', async () => {
  const metrics = await fetch(`${servers.sockets[0].url}/metrics`, { headers: { accept: 'text/plain' } })
  const text = await metrics.text()
  expect(text).toMatch(/tandem_graphql_commands_total\{command="sendMessage",outcome="ok",environment="test"\} [1-9]/)
  expect(text).toMatch(
    /tandem_graphql_commands_total\{command="graphql",outcome="UNAUTHENTICATED",environment="test"\} [1-9]/,
  )
})
