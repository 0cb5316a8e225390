import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { directRoom } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { asked, type ChatClient, heard, type TestUser } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'

let servers: TestServers
let ada: TestUser
let grace: TestUser

beforeAll(async () => {
  servers = await startServers()
  ada = await servers.user('Ada')
  grace = await servers.user('Grace')
})

async function roomWith(messages: number): Promise<{ roomId: string; socket: ChatClient }> {
  const reader = await servers.user()
  const { id: roomId } = await directRoom(ada, reader)
  const socket = await ada.connect()
  await Promise.all(
    Array.from({ length: messages }, (_, i) =>
      asked(socket, 'sendMessage', { roomId, message: `message ${i}`, clientId: randomUUID() }),
    ),
  )
  return { roomId, socket }
}

test('catching up brings exactly what changed beyond the client’s rev, in pages, on both transports', async () => {
  const { roomId, socket } = await roomWith(450)

  const first = await asked(socket, 'syncRooms', { rooms: { [roomId]: 10 } })
  const page = first.rooms[roomId]
  if (!page || !('messages' in page)) throw new Error('changes were expected')
  expect(page.messages.map((message) => message.rev)).toEqual(Array.from({ length: 200 }, (_, i) => 11 + i))
  expect(page).toMatchObject({ lastRev: 450, hasMore: true })

  const { body: last } = await ada.http('POST', '/api/chat/sync', { rooms: { [roomId]: 410 } })
  expect(last).toMatchObject({ rooms: { [roomId]: { lastRev: 450, hasMore: false } } })
  expect((last as typeof first).rooms[roomId]).toHaveProperty('messages.length', 40) // the contract's answer
})

test('a client that is ahead of the database, or too far behind, is told to reload', async () => {
  const { roomId, socket } = await roomWith(3)
  await servers.db.query('UPDATE rooms SET last_rev = 2000 WHERE id = $1', [roomId])

  const { rooms: ahead } = await asked(socket, 'syncRooms', { rooms: { [roomId]: 2_001 } })
  const { rooms: behind } = await asked(socket, 'syncRooms', { rooms: { [roomId]: 999 } })
  const { rooms: justNot } = await asked(socket, 'syncRooms', { rooms: { [roomId]: 1_000 } })

  expect(ahead[roomId]).toEqual({ reset: true })
  expect(behind[roomId]).toEqual({ reset: true })
  expect(justNot[roomId]).toEqual({ messages: [], lastRev: 2000, readRev: 0, hasMore: false })
})

test('read positions come along when they moved since the client’s readRev', async () => {
  const { roomId, socket } = await roomWith(2)
  const before = await asked(socket, 'joinRoom', { roomId })
  await servers.db.query(
    `SELECT mark_messages_read($1, (SELECT user_id FROM participants WHERE room_id = $1 AND user_id <> $2), 1, 'a test')`,
    [roomId, ada.id],
  )

  const have = { lastRev: before.room.lastRev, readRev: before.room.readRev }
  const { rooms } = await asked(socket, 'syncRooms', { rooms: { [roomId]: have } })

  const room = rooms[roomId]
  if (!room || !('messages' in room)) throw new Error('changes were expected')
  expect(room.readRev).toBe(before.room.readRev + 1)
  expect(Object.values(room.reads ?? {}).sort()).toEqual([1, 2])
  const { rooms: again } = await asked(socket, 'syncRooms', {
    rooms: { [roomId]: { lastRev: 2, readRev: room.readRev } },
  })
  expect(again[roomId]).not.toHaveProperty('reads')
})

test('a room that is not one’s own is gone, and does not fail the others', async () => {
  const { roomId, socket } = await roomWith(1)
  const { id: foreign } = await directRoom(grace, await servers.user())

  const { rooms } = await asked(socket, 'syncRooms', { rooms: { [roomId]: 0, [foreign]: 0, nowhere: 5 } })

  expect(rooms[foreign]).toEqual({ gone: true })
  expect(rooms.nowhere).toEqual({ gone: true })
  expect(rooms[roomId]).toMatchObject({ lastRev: 1 })
})

test('ping answers the heads of rooms that changed, by the database’s clock', async () => {
  const { roomId, socket } = await roomWith(3)
  await servers.db.query(`UPDATE rooms SET changed_at = now() - interval '1 hour' WHERE id <> $1`, [roomId])

  const all = await asked(socket, 'ping', undefined)
  const since = await asked(socket, 'ping', { asOf: all.asOf })

  expect(Object.keys(all.rooms).length).toBeGreaterThan(1)
  expect(since.rooms).toEqual({ [roomId]: { lastRev: 3, readRev: 0 } })
  expect(since.nextPingMs).toBe(25_000)
  expect(since.notifications).toEqual({ version: 0, unread: 0 })
})

test('what is sent while a room is joined and read is missed by nobody', async () => {
  const { roomId } = await roomWith(0)
  const writer = await ada.connect()
  const rounds = 200
  let sent = 0
  const writing = (async () => {
    for (; sent < rounds * 2; sent++) {
      await asked(writer, 'sendMessage', { roomId, message: `race ${sent}`, clientId: randomUUID() })
    }
  })()

  while (sent < rounds) {
    const client = await ada.connect()
    const live = heard(client, 'receiveMessage')
    const { room, messages } = await asked(client, 'joinRoom', { roomId })
    const { rooms } = await asked(client, 'syncRooms', { rooms: { [roomId]: room.lastRev } })
    const caughtUp = rooms[roomId]
    if (!caughtUp || !('messages' in caughtUp)) throw new Error('changes were expected')
    const inSnapshot = new Set(messages.map((message) => message.rev))
    // Everything after the snapshot is heard live, though perhaps a moment after the catch-up has read it.
    await waitFor(
      () => caughtUp.messages.every(({ rev }) => inSnapshot.has(rev) || live.some((message) => message.rev === rev)),
      { timeoutMs: 3_000, what: `everything after rev ${room.lastRev} to be heard live` },
    )
    client.disconnect()
  }
  await writing
}, 120_000)
