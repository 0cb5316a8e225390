import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { beforeAll, expect, test, vi } from 'vitest'
import { directRoom } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { ask, asked, type ChatClient, heard, type TestUser } from '../../support/servers/testUser'
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
  await servers.db.query('UPDATE rooms SET last_rev = 2000, last_seq = 1004 WHERE id = $1', [roomId])
  // Changed between 1,000 and 2,000, one a rev; how often others changed makes no difference.
  await servers.db.query(
    `INSERT INTO messages (id, room_id, seq, rev, sender_id, client_id, message)
     SELECT gen_random_uuid(), $1, n + 3, n + 999, $2, gen_random_uuid(), 'x' FROM generate_series(1, 1001) n`,
    [roomId, ada.id],
  )

  const { rooms: ahead } = await asked(socket, 'syncRooms', { rooms: { [roomId]: 2_001 } })
  const { rooms: behind } = await asked(socket, 'syncRooms', { rooms: { [roomId]: 999 } })
  const { rooms: justNot } = await asked(socket, 'syncRooms', { rooms: { [roomId]: 1_000 } })

  expect(ahead[roomId]).toEqual({ reset: true })
  expect(behind[roomId]).toEqual({ reset: true })
  expect(justNot[roomId]).toMatchObject({ lastRev: 2000, readRev: 0, hasMore: true })
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

/** Somebody in `count` rooms of their own, straight from the table: `<prefix>-1` and so on, each with `lastRev` 1. */
async function inManyRooms(count: number, prefix: string): Promise<TestUser> {
  const person = await servers.user()
  await servers.db.query(
    `WITH made AS (
       INSERT INTO rooms (id, kind, last_seq, last_rev) SELECT $1 || '-' || n, 'group', 1, 1 FROM generate_series(1, $2::int) n
       RETURNING id
     ) INSERT INTO participants (room_id, user_id) SELECT id, $3 FROM made`,
    [prefix, count, person.id],
  )
  return person
}

test('heads come in pages of 500 on request, and what changes while they are read is in them or in the next ping', async () => {
  const person = await inManyRooms(1_200, 'paged')
  const socket = await person.connect()
  const touch = (ids: readonly string[]) =>
    servers.db.query('UPDATE rooms SET last_rev = last_rev + 1, changed_at = clock_timestamp() WHERE id = ANY ($1)', [
      ids,
    ])

  const first = await asked(socket, 'ping', { paged: true })
  const early = Object.keys(first.rooms).slice(0, 3)
  const late = Array.from({ length: 1_200 }, (_, i) => `paged-${i + 1}`)
    .filter((id) => !(id in first.rooms))
    .slice(0, 3)
  await touch([...early, ...late])
  const pages = [first]
  for (let { nextCursor } = first; nextCursor !== undefined; ) {
    const page = await asked(socket, 'ping', { paged: true, cursor: nextCursor })
    pages.push(page)
    nextCursor = page.nextCursor
  }

  expect(pages.map(({ rooms }) => Object.keys(rooms).length)).toEqual([500, 500, 200])
  expect(new Set(pages.flatMap(({ rooms }) => Object.keys(rooms))).size).toBe(1_200)
  expect(new Set(pages.map(({ asOf }) => asOf))).toEqual(new Set([first.asOf]))
  for (const id of late) expect(pages.find(({ rooms }) => id in rooms)?.rooms[id]?.lastRev).toBe(2)
  const next = await asked(socket, 'ping', { paged: true, asOf: first.asOf })
  for (const id of early) expect(next.rooms[id]?.lastRev).toBe(2)
})

test('rooms that are not shown leave pages shorter, and nothing out', async () => {
  const person = await inManyRooms(1_100, 'hidden')
  const socket = await person.connect()
  await servers.db.query(
    `UPDATE rooms SET kind = 'canary', direct_key = id
     WHERE id IN (SELECT room_id FROM participants WHERE user_id = $1 ORDER BY room_id OFFSET 300 LIMIT 750)`,
    [person.id],
  )

  const pages = [await asked(socket, 'ping', { paged: true })]
  for (let { nextCursor } = pages[0] ?? {}; nextCursor !== undefined; ) {
    const page = await asked(socket, 'ping', { paged: true, cursor: nextCursor })
    pages.push(page)
    nextCursor = page.nextCursor
  }

  expect(pages.map(({ rooms }) => Object.keys(rooms).length)).toEqual([300, 0, 50])
})

test('pings of many at the same moment share statements, and each is answered for whoever asked', async () => {
  const begun = new Date().toISOString()
  const people = await Promise.all(Array.from({ length: 12 }, (_, i) => inManyRooms(i + 1, `together-${i}`)))
  const sockets = await Promise.all(people.map((person) => person.connect()))
  const others = await Promise.all(people.map((person) => person.connectNotifications()))
  const statements = vi.spyOn(pg.Client.prototype, 'query')

  const [heads, counters] = await Promise.all([
    Promise.all(sockets.map((socket) => asked(socket, 'ping', { paged: true, asOf: begun }))),
    Promise.all(others.map((socket) => asked(socket, 'ping', undefined))),
  ])

  for (const [i, { rooms }] of heads.entries()) {
    expect(Object.keys(rooms)).toHaveLength(i + 1)
    expect(Object.keys(rooms).every((id) => id.startsWith(`together-${i}-`))).toBe(true)
  }
  expect(counters.map(({ rooms }) => rooms)).toEqual(counters.map(() => ({})))
  const pings = statements.mock.calls.filter(([query]) => JSON.stringify(query).includes('AS version'))
  expect(pings.length).toBeGreaterThan(0)
  expect(pings.length).toBeLessThan(people.length)
})

test('pages of what changed since a time keep to that time; who does not ask for pages gets all at once', async () => {
  const person = await inManyRooms(1_100, 'since')
  const socket = await person.connect()
  await servers.db.query(
    `UPDATE rooms SET changed_at = now() - interval '1 hour' WHERE id IN (SELECT 'since-' || n FROM generate_series(1, 500) n)`,
  )
  const { asOf, rooms: all, ...rest } = await asked(socket, 'ping', undefined)
  expect(Object.keys(all)).toHaveLength(1_100)
  expect(rest).not.toHaveProperty('nextCursor')

  const first = await asked(socket, 'ping', { asOf, paged: true })
  // Without its own asOf, the cursor still says how far back the question reached.
  const second = await asked(socket, 'ping', { cursor: first.nextCursor })

  expect(Object.keys(first.rooms)).toHaveLength(500)
  expect(Object.keys(second.rooms)).toHaveLength(100)
  expect(second).not.toHaveProperty('nextCursor')
  for (let n = 1; n <= 500; n++) expect({ ...first.rooms, ...second.rooms }).not.toHaveProperty(`since-${n}`)
})

test('a cursor that is not ours is refused with a sentence', async () => {
  const socket = await ada.connect()
  const now = new Date().toISOString()
  for (const words of ['nonsense', `${now} -`, `${now} -000001-01-01T00:00:00.000Z a-room`]) {
    expect(await ask(socket, 'ping', { cursor: Buffer.from(words).toString('base64url') })).toMatchObject({
      error: { code: 'BAD_REQUEST', issues: [{ path: 'cursor' }] },
    })
  }
})

test('on /notifications a ping answers the counters of notifications and no room', async () => {
  const person = await inManyRooms(3, 'elsewhere')
  await person.http('POST', '/api/chat/rooms', { participantId: ada.id })
  const [chat, notifications] = await Promise.all([person.connect(), person.connectNotifications()])

  expect(Object.keys((await asked(chat, 'ping', undefined)).rooms)).toHaveLength(4)
  expect(await asked(notifications, 'ping', { away: false })).toEqual({
    lastSeen: expect.any(String),
    asOf: expect.any(String),
    nextPingMs: 25_000,
    rooms: {},
    notifications: { version: 0, unread: 0 },
  })
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
