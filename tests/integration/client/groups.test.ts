import 'fake-indexeddb/auto'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import type { TandemClient } from '@/client/TandemClient'
import { startServers, type TestServers } from '../../support/servers/servers'
import type { TestUser } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'
import { freshStorage, openPage, Surroundings, textsOf, untilLive, viewOf } from './pages'

let servers: TestServers
let ada: TestUser
let bob: TestUser
let eve: TestUser

beforeAll(async () => {
  servers = await startServers()
})

beforeEach(async () => {
  freshStorage()
  ada = await servers.user('Ada')
  bob = await servers.user('Bob')
  eve = await servers.user('Eve')
})

const namesAt = (page: TandemClient, roomId: string) =>
  viewOf(page, roomId)
    .participants.map(({ name, role }) => `${name} ${role}`)
    .sort()
const rowAt = (page: TandemClient, roomId: string) => page.chat.list.getSnapshot().rooms.find(({ id }) => id === roomId)

test('a group shows on everybody’s page, with its name, its people and what they become, as it changes', async () => {
  const [adas, bobs] = [openPage(servers, ada), openPage(servers, bob)]
  await untilLive(adas, bobs)
  const roomId = await adas.chat.groups.start('Crew', [bob.id])
  adas.chat.openConversation(roomId)
  await waitFor(() => rowAt(bobs, roomId)?.name === 'Crew')
  bobs.chat.openConversation(roomId)
  await waitFor(() => namesAt(bobs, roomId).length === 2)

  await adas.chat.groups.add(roomId, [eve.id])
  await waitFor(() => namesAt(bobs, roomId).includes('Eve member'))
  await adas.chat.groups.setRole(roomId, bob.id, 'admin')
  await waitFor(() => namesAt(bobs, roomId).includes('Bob admin') && rowAt(bobs, roomId)?.role === 'admin')
  await bobs.chat.groups.update(roomId, { name: 'The crew' })
  await waitFor(() => rowAt(adas, roomId)?.name === 'The crew')
  await bobs.chat.groups.remove(roomId, eve.id)
  await waitFor(() => namesAt(adas, roomId).length === 2 && rowAt(adas, roomId)?.memberCount === 2)
  expect(textsOf(adas, roomId)).toEqual([
    'Ada created the group "Crew".',
    'Ada added Eve.',
    'Ada made Bob an admin.',
    'Bob renamed the group to "The crew".',
    'Bob removed Eve.',
  ])
  expect(textsOf(bobs, roomId)).toEqual(textsOf(adas, roomId))
})

test('who is taken out sees the room no more, and again when brought back', async () => {
  const [adas, bobs] = [openPage(servers, ada), openPage(servers, bob)]
  await untilLive(adas, bobs)
  const roomId = await adas.chat.groups.start('Crew', [bob.id])
  await waitFor(() => rowAt(bobs, roomId) !== undefined)
  bobs.chat.openConversation(roomId)
  await waitFor(() => viewOf(bobs, roomId).status === 'ready')

  await adas.chat.groups.remove(roomId, bob.id)
  await waitFor(() => viewOf(bobs, roomId).status === 'gone')
  expect(rowAt(bobs, roomId)).toBeUndefined()
  await adas.chat.groups.add(roomId, [bob.id])
  await waitFor(() => viewOf(bobs, roomId).status === 'ready')
  await waitFor(() => textsOf(bobs, roomId).at(-1) === 'Ada added Bob.')
})

test('a page that slept through it learns its new name, who came, and what it is no more in', async () => {
  const own = await servers.startSocket()
  const around = new Surroundings()
  around.socketUrl = own.url
  const [adas, bobs] = [openPage(servers, ada), openPage(servers, bob, around)]
  await untilLive(adas, bobs)
  const [kept, left] = [await adas.chat.groups.start('Kept', [bob.id]), await adas.chat.groups.start('Left', [bob.id])]
  await waitFor(() => rowAt(bobs, kept) !== undefined && rowAt(bobs, left) !== undefined)
  bobs.chat.openConversation(kept)
  await waitFor(() => viewOf(bobs, kept).status === 'ready')

  around.httpWorks = false
  around.socketUrl = 'http://127.0.0.1:1'
  await own.app.close()
  await adas.chat.groups.update(kept, { name: 'Renamed' })
  await adas.chat.groups.add(kept, [eve.id])
  await adas.chat.groups.remove(left, bob.id)
  around.httpWorks = true
  around.socketUrl = servers.sockets[0].url
  around.woke.emit()

  await waitFor(() => rowAt(bobs, kept)?.name === 'Renamed' && rowAt(bobs, left) === undefined, { timeoutMs: 40_000 })
  await waitFor(() => namesAt(bobs, kept).includes('Eve member'))
  expect(rowAt(bobs, kept)?.memberCount).toBe(3)
})

test('what is pinned stands first, on all of one’s own pages', async () => {
  const [one, other] = [openPage(servers, ada), openPage(servers, ada)]
  await untilLive(one, other)
  const first = await one.chat.groups.start('First', [bob.id])
  const second = await one.chat.groups.start('Second', [bob.id])
  await waitFor(() => rowAt(other, second) !== undefined)
  await one.chat.groups.setPreferences(first, { pinned: true })
  await waitFor(() => other.chat.list.getSnapshot().rooms[0]?.id === first)
  await other.chat.groups.setPreferences(first, { pinned: false })
  await waitFor(() => one.chat.list.getSnapshot().rooms[0]?.id === second)
})
