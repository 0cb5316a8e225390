import 'fake-indexeddb/auto'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import type { TandemClient } from '@/client/TandemClient'
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

const isShown = (page: TandemClient, roomId: string, texts: string[]) =>
  waitFor(() => JSON.stringify(textsOf(page, roomId)) === JSON.stringify(texts))

/** Both look at the room, in which Ada has said two things. */
async function bothLooking(adas: TandemClient, bobs: TandemClient): Promise<string> {
  await untilLive(adas, bobs)
  const roomId = await adas.chat.startConversation(bob.id)
  for (const page of [adas, bobs]) page.chat.openConversation(roomId)
  for (const text of ['one', 'two']) adas.chat.sendMessage(roomId, text)
  await Promise.all([adas, bobs].map((page) => isShown(page, roomId, ['one', 'two'])))
  return roomId
}

const idOf = (page: TandemClient, roomId: string, text: string): string => {
  const id = viewOf(page, roomId).messages.find(({ message }) => message === text)?.id
  if (id === undefined) throw new Error(`Nobody said ${text}.`)
  return id
}

test('what is edited and deleted shows on both pages, and in the list', async () => {
  const [adas, bobs] = [openPage(servers, ada), openPage(servers, bob)]
  const roomId = await bothLooking(adas, bobs)
  adas.chat.editMessage(roomId, { id: idOf(adas, roomId, 'two') }, '  two, better ')
  expect(viewOf(adas, roomId).changes).toMatchObject([{ kind: 'edit', message: 'two, better' }])
  await isShown(bobs, roomId, ['one', 'two, better'])
  await isShown(adas, roomId, ['one', 'two, better'])
  await waitFor(() => viewOf(adas, roomId).changes.length === 0)
  expect(bobs.chat.list.getSnapshot().rooms[0]).toMatchObject({ unread: 2, lastMessage: { message: 'two, better' } })

  adas.chat.deleteMessage(roomId, { id: idOf(adas, roomId, 'one') })
  await isShown(bobs, roomId, ['', 'two, better'])
  expect(viewOf(bobs, roomId).messages[0]).toMatchObject({ deletedAt: expect.any(String), seq: 1 })
})

test('a page that was away finds what was edited and deleted meanwhile', async () => {
  const own = await servers.startSocket()
  const around = new Surroundings()
  around.socketUrl = own.url
  const [adas, bobs] = [openPage(servers, ada), openPage(servers, bob, around)]
  const roomId = await bothLooking(adas, bobs)
  around.httpWorks = false
  around.socketUrl = nobodyListens
  await own.app.close()

  const [one, two] = [idOf(adas, roomId, 'one'), idOf(adas, roomId, 'two')]
  adas.chat.editMessage(roomId, { id: one }, 'one, edited')
  adas.chat.deleteMessage(roomId, { id: two })
  adas.chat.sendMessage(roomId, 'three')
  await isShown(adas, roomId, ['one, edited', '', 'three'])
  around.httpWorks = true
  around.socketUrl = servers.sockets[0].url
  around.woke.emit()
  await waitFor(() => textsOf(bobs, roomId).length === 3, { timeoutMs: 40_000 })
  expect(textsOf(bobs, roomId)).toEqual(['one, edited', '', 'three'])
})

test('what is typed, edited and deleted without any network goes out in order and once', async () => {
  const adas = openPage(servers, ada)
  const bobs = openPage(servers, bob)
  const roomId = await bothLooking(adas, bobs)
  const [one, two] = [idOf(adas, roomId, 'one'), idOf(adas, roomId, 'two')]

  // Another browser of hers.
  freshStorage()
  const around = new Surroundings()
  around.httpWorks = false
  around.socketUrl = nobodyListens
  const offline = openPage(servers, ada, around)
  for (const text of ['three', 'four', 'never']) offline.chat.sendMessage(roomId, text)
  offline.chat.editMessage(roomId, { id: one }, 'one, edited')
  offline.chat.deleteMessage(roomId, { id: two })
  offline.chat.react(roomId, one, '👍', true)
  const waiting = () => viewOf(offline, roomId).outgoing
  const clientIdOf = (text: string) => waiting().find(({ message }) => message === text)?.clientId ?? ''
  offline.chat.editMessage(roomId, { clientId: clientIdOf('three') }, 'three, rewritten')
  offline.chat.deleteMessage(roomId, { clientId: clientIdOf('never') })
  expect(waiting().map(({ message }) => message)).toEqual(['three, rewritten', 'four'])
  await waitFor(() => waiting().every(({ state }) => state === 'queued'), { what: () => JSON.stringify(waiting()) })
  offline.stop()

  const next = openPage(servers, ada)
  next.chat.openConversation(roomId)
  const all = ['one, edited', '', 'three, rewritten', 'four']
  await isShown(next, roomId, all)
  await isShown(bobs, roomId, all)
  await waitFor(() => next.connection.getSnapshot().queued === 0)
  const { rows } = await servers.db.query('SELECT message, rev, seq FROM messages WHERE room_id = $1 ORDER BY seq', [
    roomId,
  ])
  expect(rows.map(({ message }) => message)).toEqual(all)
  expect(viewOf(bobs, roomId).messages[0]?.reactions).toEqual([{ emoji: '👍', count: 1, userIds: [ada.id] }])
  // Rewritten while it waited: it was never anything else. Seven changes in all.
  expect(Math.max(...rows.map(({ rev }) => rev))).toBe(7)
})

test('of two devices that edit at the same time both end with the same text, as does everybody', async () => {
  // A browser each, with a queue of its own.
  const [one, other, bobs] = [ada, ada, bob].map((person) => {
    freshStorage()
    return openPage(servers, person)
  }) as [TandemClient, TandemClient, TandemClient] // one for each
  await untilLive(other)
  const roomId = await bothLooking(one, bobs)
  other.chat.openConversation(roomId)
  await isShown(other, roomId, ['one', 'two'])
  const id = idOf(one, roomId, 'one')
  for (let round = 0; round < 5; round += 1) {
    one.chat.editMessage(roomId, { id }, `by one, ${round}`)
    other.chat.editMessage(roomId, { id }, `by the other, ${round}`)
    await waitFor(() => [one, other].every((page) => viewOf(page, roomId).changes.length === 0))
    const { rows } = await servers.db.query('SELECT message, rev FROM messages WHERE id = $1', [id])
    await waitFor(() => [one, other, bobs].every((page) => viewOf(page, roomId).messages[0]?.rev === rows[0].rev))
    for (const page of [one, other, bobs]) expect(textsOf(page, roomId)[0]).toBe(rows[0].message)
  }
})
