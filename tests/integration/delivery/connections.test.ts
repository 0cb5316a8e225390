import 'fake-indexeddb/auto'
import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { ChaosClient, type ChaosClientOptions } from '../../support/clients/ChaosClient'
import { TcpProxy } from '../../support/proxy/TcpProxy'
import { refuseUpgrades, swallowUpgrades } from '../../support/proxy/taps'
import { twoPeopleInARoom } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import type { TestUser } from '../../support/servers/testUser'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'
import { seededRandom } from '../../support/workload/random'

let servers: TestServers
let ada: TestUser
let grace: TestUser
let roomId: string
/** Ada's own network: before the socket server, and before the HTTP API. */
let socketProxy: TcpProxy
let webProxy: TcpProxy

beforeAll(async () => {
  servers = await startServers()
})

beforeEach(async () => {
  ;({ ada, grace, roomId } = await twoPeopleInARoom(servers))
  socketProxy = await TcpProxy.start(Number(new URL(servers.sockets[0].url).port))
  webProxy = await TcpProxy.start(Number(new URL(servers.webUrl).port))
  onTeardown(async () => {
    await socketProxy.stop()
    await webProxy.stop()
  })
})

function visit(options: Partial<ChaosClientOptions> = {}): ChaosClient {
  const client = new ChaosClient(ada, {
    webUrl: `http://127.0.0.1:${webProxy.port}`,
    socketUrl: `http://127.0.0.1:${socketProxy.port}`,
    random: seededRandom(7),
    ...options,
  })
  onTeardown(() => client.close())
  return client
}

const state = (client: ChaosClient) => client.connection.state
const stored = async (): Promise<string[]> => {
  const { rows } = await servers.db.query('SELECT message FROM messages WHERE room_id = $1 ORDER BY seq', [roomId])
  return rows.map((row) => row.message)
}
/** Grace's own page is not needed: what she sends over HTTP, the socket server has to hear of. */
const graceSends = (message: string) =>
  grace.http('POST', '/api/chat/messages', { roomId, message, clientId: randomUUID() })

test.each([
  ['refused', refuseUpgrades],
  ['swallowed', swallowUpgrades],
])('where the WebSocket upgrade is %s, long polling carries everything', async (_, tap) => {
  socketProxy.impose({ tap: tap() })
  // A swallowed upgrade costs an attempt's whole time: shorter here than the 20 s that people are given.
  const client = visit({ connectTimeoutMs: 1_000 })
  await waitFor(() => state(client) === 'polling', { timeoutMs: 15_000 })
  await client.discover(roomId)

  client.type(roomId, 'from Ada')
  await client.untilSent(roomId, 'from Ada', 5_000)
  await graceSends('from Grace')
  await client.untilSeq(roomId, 2, 5_000)

  expect((await client.history(roomId)).map(({ message }) => message)).toEqual(['from Ada', 'from Grace'])
  expect(state(client)).toBe('polling')
})

test('a half-open connection delays a message by its acknowledgement’s time, and is left when the page is looked at again', async () => {
  const client = visit()
  await client.discover(roomId)
  await waitFor(() => state(client) === 'connected')
  socketProxy.silenceAll()

  const since = performance.now()
  client.type(roomId, 'into the void')
  await client.untilSent(roomId, 'into the void', 10_000)
  expect(performance.now() - since).toBeLessThan(8_000)
  await graceSends('unheard')
  client.wake()
  await client.untilSeq(roomId, 2, 15_000)

  expect(state(client)).toBe('connected')
  expect(client.connection.metrics.reconnects).toBe(1)
  expect(await stored()).toEqual(['into the void', 'unheard'])
})

test('what is typed offline goes out once, in order, when the network returns', async () => {
  const client = visit()
  await client.discover(roomId)
  await waitFor(() => state(client) === 'connected')
  for (const proxy of [socketProxy, webProxy]) {
    proxy.impose({ admit: 'refuse' })
    proxy.resetAll()
  }
  for (const text of ['one', 'two', 'three']) client.type(roomId, text)
  await waitFor(() => client.connection.queued === 3 && state(client) !== 'connected')
  await graceSends('meanwhile')

  for (const proxy of [socketProxy, webProxy]) proxy.calm()
  client.wake()
  await client.untilSent(roomId, 'three', 10_000)

  expect(await stored()).toEqual(['meanwhile', 'one', 'two', 'three'])
  await client.untilSeq(roomId, 4, 10_000) // what was acknowledged may be known before what came meanwhile
  expect((await client.history(roomId)).map(({ message }) => message)).toEqual(await stored())
  // An offline queue that flushes must not mark as read what its owner never saw.
  const { rows } = await servers.db.query(
    'SELECT last_read_seq FROM participants WHERE room_id = $1 AND user_id = $2',
    [roomId, ada.id],
  )
  expect(rows[0].last_read_seq).toBe(0)
  await waitFor(() => client.room(roomId)?.unread === 1)
})

test('messages that waited when the tab was closed are sent once at the next visit', async () => {
  const client = visit()
  await client.discover(roomId)
  for (const proxy of [socketProxy, webProxy]) {
    proxy.impose({ admit: 'refuse' })
    proxy.resetAll()
  }
  const texts = Array.from({ length: 10 }, (_, n) => `waiting ${n}`)
  for (const text of texts) client.type(roomId, text)
  await client.untilStored(10, 5_000)
  client.close()

  for (const proxy of [socketProxy, webProxy]) proxy.calm()
  const next = visit()
  await next.untilSeq(roomId, 10, 15_000)
  await next.untilStored(0, 5_000)

  expect(await stored()).toEqual(texts)
})

test('connections that are cut at any byte, or arrive a byte at a time, end in a live page and a complete room', async () => {
  const random = seededRandom(11)
  let cuts = 0
  socketProxy.impose({
    cutAfterBytes: () => {
      cuts += 1
      return cuts <= 3 ? 1 + Math.floor(random() * 900) : Number.POSITIVE_INFINITY
    },
    sliceBytes: 1,
  })
  const client = visit()
  for (let n = 0; n < 5; n += 1) await graceSends(`text ${n}`)
  await waitFor(
    () => {
      client.wake() // the person is impatient: no waiting for back-offs
      return cuts > 3 && state(client) === 'connected'
    },
    { timeoutMs: 30_000, what: 'the page to be live' },
  )

  client.type(roomId, 'through all that')
  await client.untilSent(roomId, 'through all that', 10_000)
  expect((await client.history(roomId)).map(({ message }) => message)).toEqual(await stored())
})
