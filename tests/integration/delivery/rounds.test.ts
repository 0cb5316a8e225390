import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { check } from '../../support/checker/check'
import { readTable } from '../../support/checker/readTable'
import { RawClient } from '../../support/clients/RawClient'
import { handshakeRaces } from '../../support/rounds/handshakeRaces'
import { joinRaces } from '../../support/rounds/joinRaces'
import { readRaces } from '../../support/rounds/readRaces'
import { sendTwice } from '../../support/rounds/sendTwice'
import { twoPeopleInARoom } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import type { TestUser } from '../../support/servers/testUser'
import { onTeardown } from '../../support/teardown'
import { insertGroup } from '../../support/workload/people'
import { seededRandom } from '../../support/workload/random'

const random = seededRandom(20_261_121)

let servers: TestServers
let ada: TestUser
let grace: TestUser
let roomId: string

beforeAll(async () => {
  servers = await startServers()
  ;({ ada, grace, roomId } = await twoPeopleInARoom(servers))
})

async function connect(person: TestUser): Promise<RawClient> {
  const client = await RawClient.connect(person, { webUrl: servers.webUrl })
  onTeardown(() => client.stop())
  return client
}

test('the same send over the socket and then over HTTP is one message, however the two meet', async () => {
  const rooms = [roomId, await insertGroup(servers.db, 'A group', [ada, grace])]
  const senders = [await connect(ada), await connect(grace), await connect(ada)]

  const { typed, acknowledgements } = await sendTwice({ senders, roomIds: rooms, rounds: 400, random })

  const table = await readTable(servers.db, rooms)
  const { acknowledged, lost, doubled, misordered } = check({ table, typed: [], acknowledgements, views: [] })
  expect({ acknowledged, lost, doubled, misordered }).toEqual({
    acknowledged: 400,
    lost: [],
    doubled: [],
    misordered: [],
  })
  expect(table.messages).toHaveLength(typed.length)
})

test('a room that is joined while it is written to is heard whole', async () => {
  const joiners = [await connect(grace), await connect(grace)]

  expect(await joinRaces({ db: servers.db, writer: await connect(ada), joiners, rounds: 300, random })).toEqual([])
})

test('whoever reconnects hears everything stored after the handshake', async () => {
  const roomId = await insertGroup(servers.db, 'A group', [ada, grace])
  const writer = await connect(ada)

  expect(await handshakeRaces({ writer, reader: await connect(grace), roomId, rounds: 100 })).toEqual([])
})

test('a read position never goes back, whoever marks at the same moment', async () => {
  const roomId = await insertGroup(servers.db, 'A group', [ada, grace])
  const writer = await connect(ada)
  const messages = Array.from({ length: 100 }, (_, n) => ({ roomId, message: `${n}`, clientId: randomUUID() }))
  for (const message of messages) await writer.asked('sendMessage', message)
  const readers = [await connect(grace), await connect(grace)]

  expect(await readRaces({ db: servers.db, readers, roomId, lastSeq: 100, rounds: 400, random })).toEqual([])

  const { misordered, views } = check({
    table: await readTable(servers.db, [roomId]),
    typed: [],
    acknowledgements: [],
    views: [],
  })
  expect({ misordered, views }).toEqual({ misordered: [], views: [] })
})
