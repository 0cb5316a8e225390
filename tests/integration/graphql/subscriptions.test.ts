import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import WebSocket from 'ws'
import type { ChatMessage } from '@/contracts/chat'
import { asGraphqlUser, type GraphqlUser } from '../../support/graphql/graphqlUser'
import { subscribe, transports } from '../../support/graphql/subscribe'
import { startTestRedis } from '../../support/redis/startTestRedis'
import { setPermissions } from '../../support/servers/permissions'
import { groupOf, twoAcquaintances } from '../../support/servers/rooms'
import { type SocketInstance, startServers, type TestServers } from '../../support/servers/servers'
import { asked as ask, http, type TestUser } from '../../support/servers/testUser'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

let servers: TestServers
let ada: TestUser
let grace: TestUser
let roomId: string
let hers: GraphqlUser
let url: string

type Message = Pick<ChatMessage, 'seq' | 'rev' | 'message' | 'kind'>

const CHANGED =
  'subscription ($roomId: ID!, $sinceRev: Int) { roomChanged(roomId: $roomId, sinceRev: $sinceRev) { seq rev message kind } }'
const RECEIVED =
  'subscription ($roomId: ID!, $sinceRev: Int, $sinceSeq: Int) { messageReceived(roomId: $roomId, sinceRev: $sinceRev, sinceSeq: $sinceSeq) { seq rev message } }'

beforeAll(async () => {
  const redis = await startTestRedis()
  servers = await startServers({ redisUrl: redis.url })
  ;({ ada, grace, roomId } = await twoAcquaintances(servers))
  url = servers.sockets[0].url
  hers = await asGraphqlUser(grace, url)
})

const sendTo = async (room: string, message: string, from = ada): Promise<ChatMessage> => {
  const { body } = await from.http('POST', '/api/chat/messages', { roomId: room, message, clientId: randomUUID() })
  return body as ChatMessage // the contract's answer
}

describe.each(transports)('over %s', (transport) => {
  test('every message of a room is seen once and in order, whichever way it was sent, through a restart', async () => {
    const room = await groupOf(ada, [grace], 'Restarted')
    const first = await servers.startSocket()
    const [here, elsewhere] = [await ada.connect({ url: first.url }), await ada.connect()]
    const seen: Message[] = []
    let subscribed = subscribe<Message>(transport, first.url, hers, CHANGED, { roomId: room.id, sinceRev: 0 })
    const take = () => seen.push(...subscribed.items.splice(0))
    const again = ({ url }: SocketInstance) => {
      subscribed.stop()
      take()
      subscribed = subscribe(transport, url, hers, CHANGED, { roomId: room.id, sinceRev: seen.at(-1)?.rev ?? 0 })
    }
    // By the same process, by Redis, and by the database.
    const send = async (n: number, byFirst = false) => {
      const input = { roomId: room.id, message: `m${n}`, clientId: randomUUID() }
      if (n % 3 === 0) await sendTo(room.id, input.message)
      else await ask(byFirst && n % 3 === 1 ? here : elsewhere, 'sendMessage', input)
    }
    for (let n = 0; n < 10; n++) await send(n, true)
    await waitFor(() => subscribed.items.length >= 3)

    const closing = first.app.close()
    for (let n = 10; n < 20; n++) await send(n)
    await closing
    await waitFor(() => subscribed.ended !== undefined)
    again(await servers.startSocket())
    for (let n = 20; n < 30; n++) await send(n)

    // The system message that tells of the group is the first.
    await waitFor(() => {
      take()
      return seen.length >= 31
    })
    expect(seen.map(({ rev }) => rev)).toEqual(Array.from({ length: 31 }, (_, i) => i + 1))
    expect(seen.map(({ message }) => message).slice(1)).toEqual(Array.from({ length: 30 }, (_, n) => `m${n}`))
    expect(seen[0]?.kind).toBe('system')
  })

  test('changes come in the order of rev; new messages alone where one asks for those', async () => {
    const room = (await groupOf(ada, [grace], 'Edited')).id
    const changed = subscribe<Message>(transport, url, hers, CHANGED, { roomId: room, sinceRev: 1 })
    const received = subscribe<Message>(transport, url, hers, RECEIVED, { roomId: room, sinceRev: 1 })
    const { id } = await sendTo(room, 'one')
    await waitFor(() => changed.items.length === 1 && received.items.length === 1)
    await ada.http('PATCH', `/api/chat/messages/${id}`, { message: 'One' })
    await sendTo(room, 'two')
    await waitFor(() => changed.items.length === 3 && received.items.length === 2)
    expect(changed.items.map(({ rev, message }) => [rev, message])).toEqual([
      [2, 'one'],
      [3, 'One'],
      [4, 'two'],
    ])
    expect(received.items.map(({ message }) => message)).toEqual(['one', 'two'])

    // Changed while one was away, and new: with the place of the last message it is exact.
    await ada.http('PATCH', `/api/chat/messages/${id}`, { message: 'ONE' })
    // Nothing comes after it that would tell of a hole.
    await waitFor(() => changed.items.length === 4)
    expect(changed.items[3]).toMatchObject({ rev: 5, message: 'ONE' })
    const later = subscribe<Message>(transport, url, hers, RECEIVED, { roomId: room, sinceSeq: 2 })
    const byRev = subscribe<Message>(transport, url, hers, RECEIVED, { roomId: room, sinceRev: 3 })
    await waitFor(() => later.items.length === 1 && byRev.items.length >= 1)
    expect(later.items.map(({ message }) => message)).toEqual(['two'])
    expect(byRev.items.at(-1)?.message).toBe('two')
  })

  test('it ends for who is taken out of the room, loses the permission, or whose session ends', async () => {
    const linus = await servers.user('Linus')
    const his = await asGraphqlUser(linus, url)
    const rooms = [await groupOf(ada, [linus], 'One'), await groupOf(ada, [linus], 'Two')]
    const [inOne, inTwo] = rooms.map(({ id }) =>
      subscribe<Message>(transport, url, his, CHANGED, { roomId: id, sinceRev: 0 }),
    )
    await waitFor(() => inOne?.items.length === 1 && inTwo?.items.length === 1)

    await ada.http('DELETE', `/api/chat/rooms/${rooms[0]?.id}/participants/${linus.id}`)
    await waitFor(() => inOne?.ended !== undefined)
    expect(inOne?.errors?.[0]?.extensions).toMatchObject({ code: 'NOT_FOUND', retryable: false })
    await sendTo(rooms[0]?.id ?? '', 'unheard')

    await setPermissions(servers, linus, { removed: ['chat:read'] })
    await waitFor(() => inTwo?.ended !== undefined)
    expect(inTwo?.errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' })
    expect(inOne?.items.map(({ message }) => message)).not.toContain('unheard')

    await setPermissions(servers, linus, {})
    const again = subscribe<Message>(transport, url, his, CHANGED, { roomId: rooms[1]?.id, sinceRev: 0 })
    await waitFor(() => again.items.length === 1)
    await linus.http('POST', '/api/auth/logout')
    await waitFor(() => again.ended !== undefined)
    if (transport === 'sse') expect(again.errors?.[0]?.extensions).toMatchObject({ code: 'SESSION_EXPIRED' })
    else expect(again.ended).toBe(4401)
  })

  test("what is refused says so: another's room, a place that is not there, too many", async () => {
    const stranger = await asGraphqlUser(await servers.user('Stranger'), url)
    const ended = async (user: GraphqlUser, variables: Record<string, unknown>) => {
      const refused = subscribe<Message>(transport, url, user, CHANGED, variables)
      await waitFor(() => refused.ended !== undefined)
      return refused.errors?.[0]?.extensions.code
    }
    expect(await ended(stranger, { roomId })).toBe('NOT_FOUND')
    expect(await ended(stranger, { roomId, sinceRev: 0 })).toBe('NOT_FOUND')
    expect(await ended(hers, { roomId, sinceRev: 99_999 })).toBe('CONFLICT')
    expect(await ended(hers, { roomId: 7.5 })).toBe('BAD_REQUEST')
  })

  test('notifications come once, also those that came while one was away; presence as it changes', async () => {
    const mary = await servers.user('Mary')
    const theirs = await asGraphqlUser(mary, url)
    const NOTIFIED =
      'subscription ($since: Int) { notificationReceived(sinceVersion: $since) { version notification { title status } } }'
    type Notified = { version: number; notification: { title: string } }
    const authorization = `Bearer ${servers.serviceKey}`
    const notify = (title: string) =>
      http(servers.webUrl, 'POST', '/api/notifications', { userId: mary.id, title, message: 'm' }, { authorization })

    const first = subscribe<Notified>(transport, url, theirs, NOTIFIED, { since: 0 })
    await notify('one')
    await waitFor(() => first.items.length === 1)
    first.stop()
    await notify('two')
    const second = subscribe<Notified>(transport, url, theirs, NOTIFIED, { since: first.items[0]?.version })
    await waitFor(() => second.items.length === 1)
    await notify('three')
    await waitFor(() => second.items.length === 2)
    expect([...first.items, ...second.items].map(({ notification }) => notification.title)).toEqual([
      'one',
      'two',
      'three',
    ])

    type Present = { key: string; value: { isOnline: boolean } }[]
    const PRESENT = 'subscription ($ids: [ID!]) { presenceChanged(ids: $ids) { key value { isOnline } } }'
    const presence = subscribe<Present>(transport, url, hers, PRESENT, { ids: [ada.id] })
    await waitFor(() => presence.items.length === 1)
    const socket = await ada.connect()
    await waitFor(() => presence.items.flat().at(-1)?.value.isOnline === true)
    socket.disconnect()
    expect(presence.items.flat().every(({ key }) => key === ada.id)).toBe(true)
  })
})

test('subscriptions are in the metrics while they are there', async () => {
  const figures = async () => (await fetch(`${url}/metrics`, { headers: { accept: 'text/plain' } })).text()
  const subscribed = subscribe<Message>('sse', url, hers, CHANGED, { roomId, sinceRev: 0 })
  await waitFor(async () => (await figures()).includes('tandem_graphql_subscriptions{subscription="roomChanged"'))
  subscribed.stop()
  await waitFor(async () => !(await figures()).includes('tandem_graphql_subscriptions{subscription="roomChanged"'))
})

describe('a WebSocket', () => {
  /** How it is closed that begins with this. */
  const closedAfter = (
    first: string | undefined,
    headers: Record<string, string> = {},
    protocol = 'graphql-transport-ws',
  ) =>
    new Promise<string>((resolve) => {
      const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, protocol, { headers })
      socket.on('open', () => first !== undefined && socket.send(first))
      socket.on('close', (code, reason) => resolve(`${code} ${reason}`))
      socket.on('unexpected-response', (_request, { statusCode }) => resolve(`HTTP ${statusCode}`))
      socket.on('error', () => {})
    })
  const init = (authorization?: string) => JSON.stringify({ type: 'connection_init', payload: { authorization } })

  test('is closed on whoever shows no token for it, at once', async () => {
    expect(await closedAfter(init())).toBe('4401 UNAUTHENTICATED')
    expect(await closedAfter(init(`Bearer ${await grace.token('/chat')}`))).toBe('4401 UNAUTHENTICATED')
    expect(await closedAfter(JSON.stringify({ type: 'subscribe', id: '1', payload: { query: CHANGED } }))).toMatch(
      /^4401/,
    )
    expect(await closedAfter(init('x'.repeat(17_000)))).toBe('1009 PAYLOAD_TOO_LARGE')
  })

  test('is not opened for a page of another site, nor without the protocol', async () => {
    expect(await closedAfter(undefined, { origin: 'http://evil.example' })).toBe('HTTP 403')
    expect(await closedAfter(init(hers.headers.authorization), {}, 'graphql-ws')).not.toMatch(/^1000/)
  })

  test('is cut off when it sends a lot before anybody has signed in, and answers each ping once', async () => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
    onTeardown(() => socket.terminate())
    let [pongs, isClosed] = [0, false]
    socket.on('error', () => {})
    socket.on('pong', () => (pongs += 1))
    socket.on('close', () => {
      isClosed = true
    })
    await new Promise((resolve) => socket.once('open', resolve))
    for (let n = 1; n <= 2; n++) {
      socket.ping()
      await waitFor(() => pongs === n)
    }
    for (let n = 0; n < 300; n++) socket.ping(Buffer.alloc(125))
    await waitFor(() => isClosed)
  })

  test('takes a place like any connection', async () => {
    const crowded = await servers.startSocket({ connectionLimits: { process: null, perUser: 1, perAddress: null } })
    const [first, second] = [1, 2].map(() => subscribe('sse', crowded.url, hers, CHANGED, { roomId, sinceRev: 0 }))
    await waitFor(() => first?.ended !== undefined || second?.ended !== undefined)
    expect([first?.ended, second?.ended].filter((ended) => ended === undefined)).toHaveLength(1)
  })
})

test('the program of docs/api/graphql.md follows a room', async () => {
  const page = await readFile('docs/api/graphql.md', 'utf8')
  const [, code = ''] = /```js\n([\s\S]*?)```/.exec(page) ?? []
  const query = /```graphql\n(subscription [\s\S]*?)```/.exec(page)?.[1]
  // Where it finds its package.
  const dir = await mkdtemp(join('node_modules', '.graphql-docs-'))
  onTeardown(() => rm(dir, { recursive: true, force: true }))
  await writeFile(join(dir, 'follow.mjs'), `import WebSocket from 'ws'\nglobalThis.WebSocket ??= WebSocket\n${code}`)
  const { follow } = await import(pathToFileURL(join(dir, 'follow.mjs')).href)
  const room = await groupOf(ada, [grace], 'Documented')
  const abort = new AbortController()
  onTeardown(() => abort.abort())
  const seen: string[] = []
  const following = follow({
    ...{ query, roomId: room.id, signal: abort.signal },
    url: `${url.replace('http', 'ws')}/graphql`,
    token: () => grace.token('/graphql'),
    onMessage: ({ message }: ChatMessage) => seen.push(message),
  })
  await sendTo(room.id, 'one')
  await sendTo(room.id, 'two')
  await waitFor(() => seen.length === 3)
  expect(seen.slice(1)).toEqual(['one', 'two'])
  abort.abort()
  await following
})
