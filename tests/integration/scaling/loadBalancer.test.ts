import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { io } from 'socket.io-client'
import { beforeAll, expect, test } from 'vitest'
import { Metrics } from '@/contracts/admin'
import {
  type LoadBalancer,
  type LoadBalancerOptions,
  startLoadBalancer,
} from '../../support/balancer/startLoadBalancer'
import { asGraphqlUser } from '../../support/graphql/graphqlUser'
import { transports as graphqlTransports, subscribe } from '../../support/graphql/subscribe'
import { directRoom } from '../../support/servers/rooms'
import { type SocketInstance, startServers, type TestServers } from '../../support/servers/servers'
import { ask, asked, type ChatClient, heard, type TestUser } from '../../support/servers/testUser'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

let servers: TestServers
const people: TestUser[] = []

beforeAll(async () => {
  servers = await startServers({ sockets: 2 })
  // One after another: hashing twenty passwords at once takes longer than a command may.
  for (let i = 0; i < 20; i++) people.push(await servers.user(`Person ${i}`))
})

const portOf = (url: string) => Number(new URL(url).port)

const startBalancer = (options: Partial<LoadBalancerOptions> = {}): Promise<LoadBalancer> =>
  startLoadBalancer({
    web: [portOf(servers.webUrl)],
    ws: servers.sockets.map(({ url }) => portOf(url)),
    ...options,
  })

/** How many chat clients this instance has. */
async function clientsOf({ url }: SocketInstance): Promise<number> {
  const metrics = Metrics.parse(await (await fetch(`${url}/metrics`)).json())
  return metrics.connections.chat
}

/** As a page does it: connects, and when it is cut off connects again with a new token. */
function stay(user: TestUser, url: string, transports: ('websocket' | 'polling')[]): ChatClient {
  const client: ChatClient = io(`${url}/chat`, {
    auth: (give) => void user.token().then((token) => give({ token })),
    transports,
    forceNew: true,
    reconnectionDelay: 50,
    reconnectionDelayMax: 200,
  })
  onTeardown(() => {
    client.disconnect()
  })
  return client
}

const connected = (clients: readonly ChatClient[]) =>
  waitFor(() => clients.every((client) => client.connected), { timeoutMs: 20_000, what: 'all to be connected' })

/** Everybody writes to somebody else and is heard; `clients` belong to `people` of the same places. */
async function exchangeMessages(clients: readonly ChatClient[]): Promise<void> {
  const inboxes = clients.map((client) => heard(client, 'receiveMessage'))
  await Promise.all(
    clients.map(async (client, i) => {
      const partner = (i + clients.length / 2) % clients.length
      const { room } = await asked(client, 'getOrCreateRoom', { participantId: people[partner]?.id ?? '' })
      for (let n = 0; n < 3; n++) {
        const sent = await asked(client, 'sendMessage', { roomId: room.id, message: `${n}`, clientId: randomUUID() })
        await waitFor(() => inboxes[partner]?.some(({ id }) => id === sent.id))
      }
    }),
  )
}

test.each([
  ['long polling alone', ['polling']],
  ['WebSocket alone', ['websocket']],
  ['long polling that becomes a WebSocket', ['polling', 'websocket']],
] as const)('20 clients with %s share two instances and talk to each other', async (_, transports) => {
  const balancer = await startBalancer()
  const clients = people.map((user) => stay(user, balancer.url, [...transports]))
  const lost: string[] = []
  for (const client of clients) client.on('disconnect', (reason) => lost.push(reason))
  await connected(clients)

  await exchangeMessages(clients)

  if (transports.at(-1) === 'websocket') {
    await waitFor(() => clients.every((client) => client.io.engine.transport.name === 'websocket'))
  }
  expect(lost).toEqual([])
  for (const given of await balancer.given()) expect(given).toBeGreaterThanOrEqual(5)
})

test('without the rules for stickiness WebSockets work all the same, and long polling does not', async () => {
  const { url } = await startBalancer({ change: (config) => config.replaceAll(/^ *stick .*\n/gm, '') })
  const websockets = people.map((user) => stay(user, url, ['websocket']))
  await connected(websockets)
  await exchangeMessages(websockets)

  const polling = people.map((user) => stay(user, url, ['polling']))
  const lost: string[] = []
  for (const client of polling) client.io.on('close', (reason) => lost.push(reason))
  await waitFor(() => lost.length > 0 || polling.every((client) => client.connected))
  expect(lost).not.toEqual([])
})

test.each([[['websocket']], [['polling']]] as const)(
  'the clients (%s) of an instance that dies go on at the other',
  async (transports) => {
    const [dead, alive] = [await servers.startSocket(), await servers.startSocket()]
    const balancer = await startBalancer({ ws: [dead, alive].map(({ url }) => portOf(url)) })
    const clients = people.map((user) => stay(user, balancer.url, [...transports]))
    let lost = 0
    for (const client of clients) client.on('disconnect', () => lost++)
    await connected(clients)

    balancer.ws[0]?.kill()

    await waitFor(() => lost > 0)

    await waitFor(async () => (await clientsOf(alive)) === people.length, {
      timeoutMs: 30_000,
      what: 'all to be at the instance that lives',
    })
    await connected(clients)
    await exchangeMessages(clients)
  },
)

test('an instance that drains gets no new clients, finishes its work, and its clients go on elsewhere', async () => {
  const leaving = await servers.startSocket({ commandTimeoutMs: 30_000 })
  const staying = await servers.startSocket()
  const balancer = await startBalancer({ ws: [portOf(leaving.url)] })
  const [ada, grace, ...others] = people as [TestUser, TestUser, ...TestUser[]]
  const room = await directRoom(ada, grace)
  const adas = stay(ada, balancer.url, ['polling'])
  await connected([adas])
  expect(await balancer.addSocketServer(portOf(staying.url))).toBe(true)
  // Storing takes three seconds from now on, so that the instance has something to finish.
  await servers.db.query(`
    CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(3); RETURN NEW; END';
    CREATE TRIGGER slow BEFORE INSERT ON messages FOR EACH ROW EXECUTE FUNCTION slow()`)
  onTeardown(async () => {
    await servers.db.query('DROP FUNCTION slow CASCADE')
  })
  const work = ask(adas, 'sendMessage', { roomId: room.id, message: 'last', clientId: randomUUID() })
  await waitFor(async () => {
    const { rows } = await servers.db.query(`SELECT 1 FROM pg_stat_activity WHERE wait_event = 'PgSleep'`)
    return rows.length > 0
  })

  const closed = leaving.app.close()
  const lost: string[] = []
  const newcomers = others.map((user) => {
    const client = stay(user, balancer.url, ['websocket'])
    client.on('connect_error', (error) => lost.push(error.message))
    client.on('disconnect', (reason) => lost.push(reason))
    return client
  })
  await connected(newcomers)

  expect(await work).toMatchObject({ ok: true })
  await closed
  await waitFor(async () => (await clientsOf(staying)) === others.length + 1, {
    what: 'Ada and the newcomers to be at the instance that stays',
  })
  // None of them was ever at the one that is gone now.
  expect(lost).toEqual([])
})

test('an instance that cannot reach its database gets no clients', async () => {
  const deaf = await servers.startSocket({ databaseUrl: 'postgresql://nobody:x@127.0.0.1:1/none' })
  const balancer = await startBalancer()
  expect(await balancer.addSocketServer(portOf(deaf.url))).toBe(false)
  await connected(people.map((user) => stay(user, balancer.url, ['websocket'])))
  expect((await balancer.given())[2]).toBe(0)
})

test('an instance that is added gets clients without anybody reloading the balancer', async () => {
  const balancer = await startBalancer({ ws: [portOf(servers.sockets[0].url)] })
  const added = await servers.startSocket()
  expect(await balancer.addSocketServer(portOf(added.url))).toBe(true)
  await connected(people.map((user) => stay(user, balancer.url, ['websocket'])))
  expect((await balancer.given())[1]).toBeGreaterThanOrEqual(5)
})

test('a handshake that an instance refuses because it leaves is tried at another one, unseen by the client', async () => {
  // Still called ready, as an instance is in the moment before the next health check.
  const leaving = createServer((request, response) => {
    const isCheck = request.url === '/health/ready'
    response.writeHead(isCheck ? 200 : 403).end(isCheck ? '{}' : '{"code":4,"message":"stopping"}')
  })
  leaving.on('upgrade', (_, socket) => void socket.end('HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\n\r\n'))
  await new Promise<void>((resolve) => void leaving.listen(0, '127.0.0.1', resolve))
  onTeardown(() => void leaving.close())
  const { port } = leaving.address() as AddressInfo // a TCP server's address is always this
  const { url } = await startBalancer({ ws: [port, portOf(servers.sockets[0].url)] })
  const refusals: string[] = []
  const clients = people.map((user, i) => {
    const client = stay(user, url, [i % 2 === 0 ? 'polling' : 'websocket'])
    client.on('connect_error', (error) => refusals.push(error.message))
    return client
  })
  await connected(clients)
  expect(refusals).toEqual([])
})

test.each(graphqlTransports)('GraphQL reaches the socket servers, subscriptions too, over %s', async (transport) => {
  const { url } = await startBalancer()
  const [ada, grace] = [people[0], people[1]] as [TestUser, TestUser] // two of those above
  const room = await directRoom(ada, grace)
  const hers = await asGraphqlUser(grace, url)
  const { listRooms } = await hers.data('{ listRooms { rooms { id } } }')
  expect(listRooms).toMatchObject({ rooms: expect.arrayContaining([{ id: room.id }]) })
  const changed = subscribe<{ message: string }>(
    transport,
    url,
    hers,
    'subscription ($roomId: ID!) { roomChanged(roomId: $roomId, sinceRev: 0) { message } }',
    { roomId: room.id },
  )
  const sender = stay(ada, url, ['websocket'])
  const message = `over ${transport}`
  await asked(sender, 'sendMessage', { roomId: room.id, message, clientId: randomUUID() })
  await waitFor(() => changed.items.some((item) => item.message === message))
})
