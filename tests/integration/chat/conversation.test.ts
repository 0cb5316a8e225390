import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import type { ChatMessage, HistoryPage, RoomData } from '@/contracts/chat'
import { directRoom } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { asked, heard, type TestUser } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'

let servers: TestServers
let ada: TestUser
let grace: TestUser

beforeAll(async () => {
  servers = await startServers({ sockets: 2 })
  ada = await servers.user('Ada')
  grace = await servers.user('Grace')
})

/** The other instance. */
const secondUrl = () => servers.sockets[1]?.url ?? ''

test('a new room reaches its participants on every instance, and each sees it their own way', async () => {
  const [adaSocket, graceSocket] = await Promise.all([ada.connect(), grace.connect({ url: secondUrl() })])
  const adaRooms = heard(adaSocket, 'roomData')
  const graceRooms = heard(graceSocket, 'roomData')

  const { room } = await asked(adaSocket, 'getOrCreateRoom', { participantId: grace.id })

  await waitFor(() => adaRooms.length === 1 && graceRooms.length === 1)
  expect(adaRooms[0]?.room).toMatchObject({ id: room.id, kind: 'direct', name: 'Grace', unread: 0 })
  expect(graceRooms[0]?.room).toMatchObject({ id: room.id, kind: 'direct', name: 'Ada', unread: 0 })

  // They are in it at once: no joinRoom is needed to hear its messages.
  const heardByGrace = heard(graceSocket, 'receiveMessage')
  await asked(adaSocket, 'sendMessage', { roomId: room.id, message: 'hello', clientId: randomUUID() })
  await waitFor(() => heardByGrace.length === 1)
})

test('a message over HTTP reaches sockets, and its sender, exactly once', async () => {
  const { room } = await roomOf(ada, grace)
  const [adaSocket, graceSocket] = await Promise.all([ada.connect(), grace.connect({ url: secondUrl() })])
  const heardByAda = heard(adaSocket, 'receiveMessage')
  const heardByGrace = heard(graceSocket, 'receiveMessage')

  const sent = await ada.http('POST', '/api/chat/messages', {
    roomId: room.id,
    message: ' over HTTP ',
    clientId: 'http-1',
  })

  expect(sent.status).toBe(201)
  expect(sent.body).toMatchObject({ roomId: room.id, senderId: ada.id, clientId: 'http-1', message: 'over HTTP' })
  await waitFor(() => heardByAda.length > 0 && heardByGrace.length > 0)
  await fence(adaSocket, graceSocket, room.id, heardByAda, heardByGrace)
  expect(heardByAda.filter((message) => message.clientId === 'http-1')).toEqual([sent.body])
  expect(heardByGrace.filter((message) => message.clientId === 'http-1')).toEqual([sent.body])
})

test('reading is told to everybody, counts only what others wrote, and never goes back', async () => {
  const { room } = await roomOf(ada, await servers.user('Reader'))
  const reader = room.reader
  const [adaSocket, readerSocket] = await Promise.all([ada.connect(), reader.connect()])
  const reads = heard(adaSocket, 'messagesRead')
  for (const text of ['one', 'two', 'three']) {
    await asked(adaSocket, 'sendMessage', { roomId: room.id, message: text, clientId: randomUUID() })
  }

  expect(await asked(readerSocket, 'markMessagesRead', { roomId: room.id, upToSeq: 2 })).toMatchObject({
    count: 2,
    lastReadSeq: 2,
  })
  expect(await asked(readerSocket, 'markMessagesRead', { roomId: room.id, upToSeq: 1 })).toMatchObject({
    count: 0,
    lastReadSeq: 2,
  })
  expect(await asked(readerSocket, 'markMessagesRead', { roomId: room.id, upToSeq: 999 })).toMatchObject({
    count: 1,
    lastReadSeq: 3,
  })

  await waitFor(() => reads.length === 2)
  expect(reads).toEqual([
    { roomId: room.id, userId: reader.id, count: 2, lastReadSeq: 2 },
    { roomId: room.id, userId: reader.id, count: 1, lastReadSeq: 3 },
  ])
})

test('sending does not mark as read what its sender has not seen', async () => {
  const { room } = await roomOf(ada, await servers.user('Away'))
  const away = room.reader
  const adaSocket = await ada.connect()
  await asked(adaSocket, 'sendMessage', { roomId: room.id, message: 'unseen', clientId: randomUUID() })

  await away.http('POST', '/api/chat/messages', { roomId: room.id, message: 'from the queue', clientId: randomUUID() })

  const { body } = await away.http('GET', '/api/chat/rooms')
  expect(body).toMatchObject({ rooms: [{ id: room.id, lastSeq: 2, lastReadSeq: 0, unread: 1 }], nextCursor: null })
  const { body: read } = await away.http('PATCH', '/api/chat/messages/read', { roomId: room.id })
  expect(read).toEqual({ roomId: room.id, userId: away.id, count: 1, lastReadSeq: 2 })
})

test('history comes in pages, newest first, ascending inside', async () => {
  const { room } = await roomOf(ada, await servers.user('Historian'))
  const adaSocket = await ada.connect()
  for (let i = 1; i <= 5; i++) {
    await asked(adaSocket, 'sendMessage', { roomId: room.id, message: `message ${i}`, clientId: randomUUID() })
  }

  const newest = await ada.http('GET', `/api/chat/messages?roomId=${room.id}&limit=2`)
  const before = await ada.http('GET', `/api/chat/messages?roomId=${room.id}&limit=3&beforeSeq=4`)

  expect(newest.body).toMatchObject({ messages: [{ seq: 4 }, { seq: 5 }], hasMore: true })
  expect(before.body).toMatchObject({ messages: [{ seq: 1 }, { seq: 2 }, { seq: 3 }], hasMore: false })
})

test('history is read from any place on: after one message, and around one', async () => {
  const { room } = await roomOf(ada, await servers.user('Historian'))
  const adaSocket = await ada.connect()
  for (let i = 1; i <= 7; i++) {
    await asked(adaSocket, 'sendMessage', { roomId: room.id, message: `message ${i}`, clientId: randomUUID() })
  }
  const page = async (place: string) => {
    const { status, body } = await ada.http('GET', `/api/chat/messages?roomId=${room.id}&${place}`)
    if (status !== 200) return status
    const { messages, hasMore, participants } = body as HistoryPage // the contract's answer
    return [messages.map(({ seq }) => seq), hasMore, participants]
  }

  expect(await page('afterSeq=2&limit=3')).toEqual([[3, 4, 5], true, undefined])
  expect(await page('afterSeq=5&limit=3')).toEqual([[6, 7], false, undefined])
  expect(await page('aroundSeq=4&limit=3')).toEqual([[3, 4, 5], true, undefined])
  expect(await page('aroundSeq=1&limit=3')).toEqual([[1, 2, 3], false, undefined])
  expect(await page('aroundSeq=7&limit=4')).toEqual([[5, 6, 7], true, undefined])
  // Where nothing is.
  expect(await page('aroundSeq=2147483647&limit=100')).toEqual([[], false, undefined])
  expect(await page('afterSeq=2147483647')).toEqual([[], false, undefined])
  expect(await page('beforeSeq=4&afterSeq=2')).toBe(400)
  expect(await page('aroundSeq=2147483648')).toBe(400)
})

test('two people who open the same conversation at the same instant get the same room', async () => {
  for (let round = 0; round < 20; round++) {
    const [one, other] = await Promise.all([servers.user(), servers.user()])
    const answers = await Promise.all([
      one.http('POST', '/api/chat/rooms', { participantId: other.id }),
      other.http('POST', '/api/chat/rooms', { participantId: one.id }),
      one.http('POST', '/api/chat/rooms', { participantId: other.id }),
    ])
    const ids = answers.map(({ body }) => (body as RoomData).room.id) // the contract's answer
    expect(new Set(ids).size).toBe(1)
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201])
  }
})

test('somebody taken out of a room stops hearing it at once, on every instance', async () => {
  const { room } = await roomOf(ada, await servers.user('Leaver'))
  const leaver = room.reader
  const [adaSocket, leaverSocket] = await Promise.all([ada.connect(), leaver.connect({ url: secondUrl() })])
  const heardByAda = heard(adaSocket, 'receiveMessage')
  const heardByLeaver = heard(leaverSocket, 'receiveMessage')

  await servers.db.query(`SELECT remove_participant($1, $2, 'a test')`, [room.id, leaver.id])
  await waitFor(async () => {
    const reply = await asked(leaverSocket, 'syncRooms', { rooms: { [room.id]: 0 } })
    return 'gone' in (reply.rooms[room.id] ?? {})
  })
  await asked(adaSocket, 'sendMessage', { roomId: room.id, message: 'only for members', clientId: randomUUID() })

  await waitFor(() => heardByAda.length === 1)
  await asked(leaverSocket, 'ping', undefined) // whatever was sent to this socket before has arrived
  expect(heardByLeaver).toEqual([])
})

/** A room of these two, made over HTTP. */
const roomOf = async (owner: TestUser, reader: TestUser) => ({
  room: { id: (await directRoom(owner, reader)).id, reader },
})

/** Sends one more message through each instance and waits for it everywhere: what was on its way before has arrived. */
async function fence(
  one: Parameters<typeof asked>[0],
  other: Parameters<typeof asked>[0],
  roomId: string,
  ...logs: ChatMessage[][]
): Promise<void> {
  const ids = [randomUUID(), randomUUID()]
  await asked(one, 'sendMessage', { roomId, message: 'fence', clientId: ids[0] ?? '' })
  await asked(other, 'sendMessage', { roomId, message: 'fence', clientId: ids[1] ?? '' })
  await waitFor(() => logs.every((log) => ids.every((id) => log.some((message) => message.clientId === id))))
}
