import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import type { HistoryPage, RoomsPage } from '@/contracts/chat'
import { directRoom, twoPeopleInARoom } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import type { TestUser } from '../../support/servers/testUser'
import { insertGroup } from '../../support/workload/people'

let servers: TestServers
let ada: TestUser
let grace: TestUser

beforeAll(async () => {
  servers = await startServers()
  ;({ ada, grace } = await twoPeopleInARoom(servers))
})

const roomsOf = async (user: TestUser) => ((await user.http('GET', '/api/chat/rooms')).body as RoomsPage).rooms // the contract's answer
const history = (user: TestUser, query: string) => user.http('GET', `/api/chat/messages?${query}`)

test('the list names the other person of a direct room to each of the two, whoever spoke last, and nobody of a group', async () => {
  const room = await directRoom(ada, grace)
  const groupId = await insertGroup(servers.db, 'A group', [ada, grace])
  await ada.http('POST', '/api/chat/messages', { roomId: room.id, message: 'I spoke last', clientId: randomUUID() })

  expect(room.partnerId).toBe(grace.id)
  expect((await roomsOf(ada)).find(({ id }) => id === room.id)?.partnerId).toBe(grace.id)
  expect((await roomsOf(grace)).find(({ id }) => id === room.id)?.partnerId).toBe(ada.id)
  expect((await roomsOf(ada)).find(({ id }) => id === groupId)).not.toHaveProperty('partnerId')
})

test('the newest page of a group says who is in it, to members only; older pages do not', async () => {
  const stranger = await servers.user('Stranger')
  const roomId = await insertGroup(servers.db, 'Another group', [ada, grace])

  const newest = (await history(ada, `roomId=${roomId}`)).body as HistoryPage // the contract's answer
  expect(newest.participants?.map(({ name }) => name).sort()).toEqual(['Ada', 'Grace'])
  expect((await history(ada, `roomId=${roomId}&beforeSeq=5`)).body).not.toHaveProperty('participants')
  expect((await history(stranger, `roomId=${roomId}`)).status).toBe(404)
})
