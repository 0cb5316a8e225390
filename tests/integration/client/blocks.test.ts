import 'fake-indexeddb/auto'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { addressOf } from '@/client/outbox/address'
import type { TandemClient } from '@/client/TandemClient'
import { directRoom } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import type { TestUser } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'
import { freshStorage, nobodyListens, openPage, Surroundings, textsOf, untilLive, viewOf } from './pages'

let servers: TestServers
let ada: TestUser
let bob: TestUser

beforeAll(async () => {
  servers = await startServers()
})

beforeEach(async () => {
  freshStorage()
  ada = await servers.user('Ada')
  bob = await servers.user('Bob')
})

const outgoing = (page: TandemClient, roomId: string) => viewOf(page, roomId).outgoing
const isBlocked = (page: TandemClient, roomId: string) =>
  page.chat.list.getSnapshot().rooms.find(({ id }) => id === roomId)?.blocked === true

test('all pages of who blocks follow, also one that was away or has no live connection', async () => {
  const own = await servers.startSocket()
  const away = new Surroundings()
  const polling = new Surroundings()
  away.socketUrl = own.url
  polling.socketUrl = nobodyListens
  const { id: roomId } = await directRoom(ada, bob)
  const pages = [new Surroundings(), away, polling].map((around) => openPage(servers, ada, around))
  const [first, second, third] = pages as [TandemClient, TandemClient, TandemClient] // three were opened
  await untilLive(first, second)
  await waitFor(() => pages.every((page) => page.chat.list.getSnapshot().rooms.length === 1))
  away.httpWorks = false
  away.socketUrl = nobodyListens
  await own.app.close()

  await first.blocks.set(bob.id, true)
  await waitFor(() => isBlocked(first, roomId) && isBlocked(third, roomId))
  expect(isBlocked(second, roomId)).toBe(false)
  away.httpWorks = true
  away.socketUrl = undefined
  away.woke.emit()
  await waitFor(() => isBlocked(second, roomId))

  await third.blocks.set(bob.id, false)
  expect(isBlocked(third, roomId)).toBe(false)
  await waitFor(() => !isBlocked(first, roomId) && !isBlocked(second, roomId))
  await third.blocks.set(bob.id, true)
  expect(isBlocked(third, roomId)).toBe(true)
})

test('what was written offline to somebody who has blocked one meanwhile ends as refused, and keeps nothing else waiting', async () => {
  const [carol, dora] = [await servers.user('Carol'), await servers.user('Dora')]
  const [{ id: blocked }, { id: open }] = [await directRoom(ada, bob), await directRoom(ada, carol)]
  const around = new Surroundings()
  const page = openPage(servers, ada, around)
  await untilLive(page)
  await waitFor(() => page.chat.list.getSnapshot().rooms.length === 2)
  page.stop()

  const offline = new Surroundings()
  offline.httpWorks = false
  const later = openPage(servers, ada, offline)
  const toDora = addressOf(dora.id)
  for (const roomId of [blocked, toDora, open]) later.chat.sendMessage(roomId, 'Are you there?')
  later.chat.sendMessage(blocked, 'And now?')
  for (const other of [bob, dora]) await other.http('PUT', `/api/users/${ada.id}/block`, {})
  offline.httpWorks = true
  offline.woke.emit()

  const isRefused = { state: 'failed', error: { code: 'FORBIDDEN', message: "You can't write in this conversation." } }
  await waitFor(() =>
    [...outgoing(later, blocked), ...outgoing(later, toDora)].every(({ state }) => state === 'failed'),
  )
  expect(outgoing(later, blocked)).toMatchObject([
    { message: 'Are you there?', ...isRefused },
    { message: 'And now?', ...isRefused },
  ])
  expect(outgoing(later, toDora)).toMatchObject([isRefused])
  later.chat.openConversation(open)
  await waitFor(() => textsOf(later, open).includes('Are you there?'))

  await bob.http('DELETE', `/api/users/${ada.id}/block`)
  for (const { clientId } of outgoing(later, blocked)) later.chat.retryMessage(clientId)
  later.chat.openConversation(blocked)
  await waitFor(() => textsOf(later, blocked).length === 2)
  expect(textsOf(later, blocked)).toEqual(['Are you there?', 'And now?'])
})

test('who was blocked sees the other go, as somebody of whom nothing is known', async () => {
  const { id: roomId } = await directRoom(ada, bob)
  await servers.db.query('UPDATE participants SET has_written = true WHERE room_id = $1', [roomId])
  const [adas, bobs] = [openPage(servers, ada), openPage(servers, bob)]
  await untilLive(adas, bobs)
  await waitFor(() => bobs.presence.view.getSnapshot()[ada.id]?.isOnline === true)
  await adas.blocks.set(bob.id, true)
  await waitFor(() => !(ada.id in bobs.presence.view.getSnapshot()))
  await adas.blocks.set(bob.id, false)
  await waitFor(() => bobs.presence.view.getSnapshot()[ada.id]?.isOnline === true)
})
