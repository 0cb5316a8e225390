import 'fake-indexeddb/auto'
import { beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { TcpProxy } from '../../support/proxy/TcpProxy'
import { startServers, type TestServers } from '../../support/servers/servers'
import { asked, type TestUser } from '../../support/servers/testUser'
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

test('what one person types appears once on both pages, in the order typed', async () => {
  const adas = openPage(servers, ada)
  const bobs = openPage(servers, bob)
  await untilLive(adas, bobs)

  const roomId = await adas.chat.startConversation(bob.id)
  adas.chat.openConversation(roomId)
  await waitFor(() => bobs.chat.list.getSnapshot().rooms.some(({ id }) => id === roomId))
  bobs.chat.openConversation(roomId)
  for (const text of ['one', 'two', 'three']) adas.chat.sendMessage(roomId, text)
  const { outgoing } = viewOf(adas, roomId)
  await waitFor(() => textsOf(bobs, roomId).length === 3 && textsOf(adas, roomId).length === 3)

  expect(outgoing.map(({ message }) => message)).toEqual(['one', 'two', 'three'])
  expect(textsOf(adas, roomId)).toEqual(['one', 'two', 'three'])
  expect(textsOf(bobs, roomId)).toEqual(['one', 'two', 'three'])
  expect(viewOf(adas, roomId).outgoing).toEqual([])
  expect(bobs.chat.list.getSnapshot()).toMatchObject({
    unreadTotal: 3,
    rooms: [{ id: roomId, name: 'Ada', unread: 3 }],
  })
})

test('reading lowers one’s own count at once and shows the other person how far one has read', async () => {
  const adas = openPage(servers, ada)
  const bobs = openPage(servers, bob)
  const roomId = await adas.chat.startConversation(bob.id)
  adas.chat.openConversation(roomId)
  adas.chat.sendMessage(roomId, 'hello')
  await waitFor(() => bobs.chat.list.getSnapshot().unreadTotal === 1)
  bobs.chat.openConversation(roomId)
  await waitFor(() => viewOf(bobs, roomId).status === 'ready')

  bobs.chat.markRead(roomId, 1)

  expect(bobs.chat.list.getSnapshot().unreadTotal).toBe(0)
  await waitFor(() => {
    const { participants } = viewOf(adas, roomId)
    return participants.find(({ id }) => id === bob.id)?.lastReadSeq === 1
  })
})

test('with the socket server gone, messages travel over HTTP and are heard by polling, and live again once it is back', async () => {
  const own = await servers.startSocket()
  const around = new Surroundings()
  around.socketUrl = own.url
  const adas = openPage(servers, ada, around)
  await untilLive(adas)
  const roomId = await adas.chat.startConversation(bob.id)
  adas.chat.openConversation(roomId)
  const bobs = openPage(servers, bob)
  bobs.chat.openConversation(roomId)
  await waitFor(() => viewOf(bobs, roomId).status === 'ready')

  await own.app.close()
  adas.chat.sendMessage(roomId, 'over HTTP')
  await waitFor(() => textsOf(bobs, roomId).length === 1)
  bobs.chat.sendMessage(roomId, 'by polling')
  await waitFor(() => textsOf(adas, roomId).length === 2)
  expect(adas.connection.getSnapshot().state).toMatch(/^(reconnecting|http)$/) // by how often it has tried meanwhile

  around.socketUrl = servers.sockets[0].url
  around.woke.emit()
  await waitFor(() => adas.connection.getSnapshot().state === 'connected', { timeoutMs: 40_000 })
  expect(textsOf(adas, roomId)).toEqual(['over HTTP', 'by polling'])
})

test('what waits when a page is closed without any network goes out once and in order at the next visit', async () => {
  const around = new Surroundings()
  const first = openPage(servers, ada, around)
  const roomId = await first.chat.startConversation(bob.id)
  first.stop()
  around.httpWorks = false
  const offline = openPage(servers, ada, around)
  const texts = Array.from({ length: 10 }, (_, i) => `message ${i}`)
  for (const text of texts) offline.chat.sendMessage(roomId, text)
  await waitFor(() => viewOf(offline, roomId).outgoing.every(({ state }) => state === 'queued'))
  expect(offline.connection.getSnapshot().queued).toBe(10)
  offline.stop()

  const next = openPage(servers, ada)
  next.chat.openConversation(roomId)
  await waitFor(() => textsOf(next, roomId).length === 10)

  expect(textsOf(next, roomId)).toEqual(texts)
  expect(next.connection.getSnapshot().queued).toBe(0)
  const { rows } = await servers.db.query('SELECT message FROM messages WHERE room_id = $1 ORDER BY seq', [roomId])
  expect(rows.map(({ message }) => message)).toEqual(texts)
})

test('a page that opens shows what it sent meanwhile, though the history it asked for was read before', async () => {
  const first = openPage(servers, ada)
  const roomId = await first.chat.startConversation(bob.id)
  first.stop()
  const around = new Surroundings()
  around.socketUrl = nobodyListens
  const history = around.hold('answer', `/api/chat/rooms/${roomId}`)
  const next = openPage(servers, ada, around)
  const shown: string[][] = []
  next.chat.conversation(roomId).subscribe(() => {
    const { status, messages, outgoing } = viewOf(next, roomId)
    if (status === 'ready') shown.push([...messages, ...outgoing].map(({ message }) => message))
  })
  next.chat.openConversation(roomId)
  await waitFor(() => next.chat.list.getSnapshot().status === 'ready')
  await waitFor(() => history.isCaught)

  next.chat.sendMessage(roomId, 'sent while it opens')
  await waitFor(() => next.connection.getSnapshot().queued === 0)
  history.release()
  await waitFor(() => viewOf(next, roomId).status === 'ready')

  // Not even for a moment is it away.
  expect(shown).not.toEqual([])
  for (const texts of shown) expect(texts).toEqual(['sent while it opens'])
})

test('a page that opens has what the list knew of already, though the history came from before and nothing else tells it', async () => {
  const first = openPage(servers, ada)
  const roomId = await first.chat.startConversation(bob.id)
  first.stop()
  const around = new Surroundings()
  around.socketUrl = nobodyListens
  around.isVisible = false // out of sight nothing is polled for
  const list = around.hold('request', '/api/chat/rooms')
  const history = around.hold('answer', `/api/chat/rooms/${roomId}`)
  const next = openPage(servers, ada, around)
  next.chat.openConversation(roomId)
  await waitFor(() => list.isCaught && history.isCaught)
  const socket = await bob.connect()
  await asked(socket, 'sendMessage', { roomId, message: 'while it opens', clientId: `c-${roomId}` })

  list.release()
  await waitFor(() => next.chat.list.getSnapshot().rooms[0]?.lastMessage !== undefined)
  history.release()

  await waitFor(() => textsOf(next, roomId).length === 1)
})

test('a page that was away while 500 messages passed has all of them, in order, soon after', async () => {
  const adas = openPage(servers, ada)
  const roomId = await adas.chat.startConversation(bob.id)
  adas.chat.openConversation(roomId)
  await waitFor(() => viewOf(adas, roomId).status === 'ready')
  const socket = await bob.connect()
  const own = await servers.startSocket()
  const around = new Surroundings()
  around.socketUrl = own.url
  const away = openPage(servers, ada, around)
  away.chat.openConversation(roomId)
  await waitFor(() => viewOf(away, roomId).status === 'ready')
  await untilLive(away)
  await own.app.close()
  around.httpWorks = false

  await Promise.all(
    Array.from({ length: 500 }, (_, i) =>
      socket
        .timeout(20_000)
        .emitWithAck('sendMessage', { roomId, message: `message ${i}`, clientId: `c${i}-${roomId}` }),
    ),
  )
  expect(textsOf(away, roomId)).toEqual([])
  around.httpWorks = true
  around.socketUrl = servers.sockets[0].url
  around.woke.emit()

  await waitFor(() => textsOf(away, roomId).length === 500, { timeoutMs: 40_000 })
  expect(textsOf(away, roomId)).toEqual(textsOf(adas, roomId))
  expect(away.chat.list.getSnapshot().unreadTotal).toBe(500)
})

test('signing out elsewhere ends the page’s connection and says so', async () => {
  const adas = openPage(servers, ada)
  await untilLive(adas)
  let said = 0
  adas.signedOut.on(() => {
    said += 1
  })

  await ada.http('POST', '/api/auth/logout')

  await waitFor(() => said > 0 && adas.connection.getSnapshot().state === 'error', { timeoutMs: 20_000 })
  expect(adas.connection.getSnapshot().problem).toMatchObject({ category: 'auth' })
})

test('a conversation that is not one’s own is an error that says so', async () => {
  const adas = openPage(servers, ada)
  adas.chat.openConversation('no-such-room')

  await waitFor(() => viewOf(adas, 'no-such-room').status === 'error')

  expect(viewOf(adas, 'no-such-room').error).toMatchObject({ code: 'NOT_FOUND' })
})

test('typing at once on connections that break, both pages show the table: nothing lost, doubled or out of order', async () => {
  const second = await servers.startSocket()
  const lines = await Promise.all(
    [servers.sockets[0], second].map(({ url }) => TcpProxy.start(Number(new URL(url).port))),
  )
  onTestFinished(() => Promise.all(lines.map((line) => line.stop())).then(() => undefined))
  const pages = [ada, bob].map((user, i) => {
    const around = new Surroundings()
    around.socketUrl = `http://127.0.0.1:${lines[i]?.port}`
    return openPage(servers, user, around)
  })
  const [adas] = pages
  const roomId = (await adas?.chat.startConversation(bob.id)) ?? ''
  for (const page of pages) page.chat.openConversation(roomId)
  await waitFor(() => pages.every((page) => viewOf(page, roomId).status === 'ready'))

  for (let round = 0; round < 20; round += 1) {
    for (const [i, page] of pages.entries()) page.chat.sendMessage(roomId, `${i} says ${round}`)
    const broken = round % 2
    if (round % 5 !== 4) continue
    const reconnects = () => pages[broken]?.connection.getSnapshot().metrics.reconnects ?? 0
    const before = reconnects()
    lines[broken]?.resetAll()
    await waitFor(() => reconnects() > before, { timeoutMs: 30_000 })
  }
  await waitFor(() => pages.every((page) => textsOf(page, roomId).length === 40), { timeoutMs: 40_000 })
  await waitFor(() => pages.every((page) => page.connection.getSnapshot().queued === 0))

  const { rows } = await servers.db.query<{ message: string }>(
    'SELECT message FROM messages WHERE room_id = $1 ORDER BY seq',
    [roomId],
  )
  const table = rows.map(({ message }) => message)
  for (const [i, page] of pages.entries()) {
    expect(textsOf(page, roomId)).toEqual(table)
    expect(viewOf(page, roomId).outgoing).toEqual([])
    const own = table.filter((text) => text.startsWith(`${i} `))
    expect(own).toEqual(Array.from({ length: 20 }, (_, round) => `${i} says ${round}`))
  }
})
