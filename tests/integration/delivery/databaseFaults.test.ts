import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { check } from '../../support/checker/check'
import type { Acknowledgement } from '../../support/checker/evidence'
import { readTable } from '../../support/checker/readTable'
import { RawClient } from '../../support/clients/RawClient'
import { TcpProxy } from '../../support/proxy/TcpProxy'
import { refuseApplication, resetInPlaceOfCommitAnswer } from '../../support/proxy/taps'
import { twoPeopleInARoom } from '../../support/servers/rooms'
import { type SocketInstance, startServers, type TestServers } from '../../support/servers/servers'
import type { TestUser } from '../../support/servers/testUser'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

let servers: TestServers
let ada: TestUser
let grace: TestUser
let roomId: string
/** Between a socket process of its own and PostgreSQL. */
let proxy: TcpProxy
let instance: SocketInstance

beforeAll(async () => {
  servers = await startServers()
})

beforeEach(async () => {
  // The package that works on jobs prints where it lost its database, beside the line in the log.
  vi.spyOn(console, 'trace').mockImplementation(() => {})
  ;({ ada, grace, roomId } = await twoPeopleInARoom(servers))
  const direct = new URL(servers.databaseUrl)
  proxy = await TcpProxy.start(Number(direct.port))
  onTeardown(() => proxy.stop())
  const databaseUrl = Object.assign(new URL(direct), { port: String(proxy.port) }).href
  instance = await servers.startSocket({ databaseUrl })
})

async function connect(person: TestUser): Promise<RawClient> {
  const client = await RawClient.connect(person, { webUrl: servers.webUrl, socketUrl: instance.url })
  onTeardown(() => client.stop())
  return client
}

test('a reset in place of the commit’s answer loses and doubles nothing: the retry finds what was stored', async () => {
  let sends = 0
  let resets = 0
  const tap = resetInPlaceOfCommitAnswer(
    () => {
      sends += 1
      return sends % 3 === 0
    },
    () => {
      resets += 1
    },
  )
  proxy.impose({ tap })
  const client = await connect(ada)
  const acknowledgements: Acknowledgement[] = []
  const refusals: unknown[] = []

  for (let n = 0; n < 60; n += 1) {
    const input = { roomId, message: `text ${n}`, clientId: randomUUID() }
    await waitFor(async () => {
      const reply = await client.ask('sendMessage', input)
      if (reply.ok) acknowledgements.push(reply.data)
      else refusals.push(reply.error)
      return reply.ok
    })
  }

  expect(resets).toBeGreaterThan(10)
  expect(refusals.length).toBeGreaterThan(10)
  for (const refusal of refusals) expect(refusal).toMatchObject({ code: 'UNAVAILABLE', retryable: true })
  const table = await readTable(servers.db, [roomId])
  expect(table.messages).toHaveLength(60)
  expect(check({ table, typed: [], acknowledgements, views: [] })).toEqual({
    acknowledged: 60,
    lost: [],
    doubled: [],
    misordered: [],
    views: [],
  })
})

test('while nothing is heard of other processes, heads find what they wrote, and are asked for sooner', async () => {
  const reader = await connect(ada)
  const before = await reader.asked('ping', undefined)
  expect(before.nextPingMs).toBe(25_000)
  const writer = await RawClient.connect(grace, { webUrl: servers.webUrl })
  onTeardown(() => writer.stop())

  proxy.impose({ tap: refuseApplication('tandem-listen') })
  await servers.db.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'tandem-listen' AND datname = current_database()`,
  )
  await waitFor(async () => (await reader.asked('ping', undefined)).nextPingMs === 5_000)
  const { status } = await writer.http('POST', '/api/chat/messages', {
    roomId,
    message: 'unheard',
    clientId: randomUUID(),
  })
  expect(status).toBe(201)

  const { rooms } = await reader.asked('ping', { asOf: before.asOf })
  expect(rooms[roomId]).toEqual({ lastRev: 1, readRev: 0 })
  expect(reader.takeHeard(roomId)).toEqual([])
  const caughtUp = await reader.asked('syncRooms', { rooms: { [roomId]: 0 } })
  expect(caughtUp.rooms[roomId]).toMatchObject({ messages: [{ message: 'unheard' }], lastRev: 1 })

  proxy.calm()
  await waitFor(async () => (await reader.asked('ping', undefined)).nextPingMs === 25_000)
  await writer.http('POST', '/api/chat/messages', { roomId, message: 'heard', clientId: randomUUID() })
  await waitFor(() => reader.takeHeard(roomId).some(({ message }) => message === 'heard'))
})

test('a database that refuses connections answers sends with a retryable error within 3 s, and none is falsely acknowledged', async () => {
  const client = await connect(ada)
  await client.asked('sendMessage', { roomId, message: 'before', clientId: randomUUID() })

  proxy.impose({ admit: 'refuse' })
  proxy.resetAll()
  const since = performance.now()
  const reply = await client.ask('sendMessage', { roomId, message: 'meanwhile', clientId: 'once' })
  expect(reply).toMatchObject({ ok: false, error: { retryable: true } })
  expect(performance.now() - since).toBeLessThan(3_000)
  expect((await readTable(servers.db, [roomId])).messages).toHaveLength(1)

  proxy.calm()
  await waitFor(async () => (await client.ask('sendMessage', { roomId, message: 'meanwhile', clientId: 'once' })).ok)
  expect((await readTable(servers.db, [roomId])).messages).toHaveLength(2)
})
