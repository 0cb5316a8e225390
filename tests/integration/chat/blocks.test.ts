import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import type { BlockedPage } from '@/contracts/blocks'
import type { ChatMessage, Room, RoomData, RoomsPage } from '@/contracts/chat'
import { limits } from '@/contracts/limits'
import { HIDDEN_PRESENCE } from '@/contracts/presence'
import { directRoom, groupOf, twoAcquaintances } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { ask, asked, heard, type TestUser } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'
import { insertPeople } from '../../support/workload/people'

/** Two instances without Redis: what one does the other hears by the database. */
let servers: TestServers
let urls: [string, string]
let ada: TestUser
let grace: TestUser
let roomId: string

beforeAll(async () => {
  servers = await startServers({ sockets: 2 })
  const [first, second] = servers.sockets.map(({ url }) => url)
  if (!first || !second) throw new Error('Two instances were asked for.')
  urls = [first, second]
})

beforeEach(async () => {
  ;({ ada, grace, roomId } = await twoAcquaintances(servers))
})

const setBlocked = async (by: TestUser, whom: { id: string }, blocked: boolean) =>
  (await by.http(blocked ? 'PUT' : 'DELETE', `/api/users/${whom.id}/block`, blocked ? {} : undefined)).body
const write = (user: TestUser, message = 'Hello', clientId: string = randomUUID()) =>
  user.http('POST', '/api/chat/messages', { roomId, message, clientId })
const written = async (user: TestUser) => (await write(user)).body as ChatMessage // the contract's answer
const roomOf = async (user: TestUser): Promise<Room | undefined> => {
  const { body } = await user.http('GET', '/api/chat/rooms')
  return (body as RoomsPage).rooms.find(({ id }) => id === roomId) // the contract's answer
}

/** What is said to whoever was blocked: nothing of a block. */
const neutral = { code: 'FORBIDDEN', message: "You can't write in this conversation.", retryable: false }
const blocking = {
  code: 'FORBIDDEN',
  message: 'You have blocked this person. Unblock them to write to each other.',
  retryable: false,
}

test('neither writes, edits, reacts or types where one has blocked the other, on either transport; unblocked both do', async () => {
  const [fromAda, fromGrace] = [await written(ada), await written(grace)]
  const [adas, graces] = await Promise.all([ada.connect({ url: urls[0] }), grace.connect({ url: urls[1] })])
  const typed = [heard(adas, 'typing'), heard(graces, 'typing')]
  expect(await asked(adas, 'blockUser', { userId: grace.id })).toEqual({ userId: grace.id, blocked: true })

  const sides = [
    { user: ada, client: adas, own: fromAda, other: fromGrace, refusal: blocking },
    { user: grace, client: graces, own: fromGrace, other: fromAda, refusal: neutral },
  ]
  for (const { user, client, own, other, refusal } of sides) {
    const refused = { ok: false, error: expect.objectContaining(refusal) }
    const message = { roomId, message: 'Hello?', clientId: randomUUID() }
    expect(await ask(client, 'sendMessage', message)).toEqual(refused)
    expect(await ask(client, 'sendMessage', { ...message, replyToId: other.id })).toEqual(refused)
    expect(await ask(client, 'editMessage', { messageId: own.id, message: 'Hello?' })).toEqual(refused)
    expect(await ask(client, 'setReaction', { messageId: other.id, emoji: '👍', on: true })).toEqual(refused)
    expect(await ask(client, 'typing', { roomId, on: true })).toEqual(refused)
    const overHttp = { status: 403, body: { error: refusal } }
    expect(await write(user)).toMatchObject(overHttp)
    expect(await user.http('PATCH', `/api/chat/messages/${own.id}`, { message: 'Hello?' })).toMatchObject(overHttp)
    const reaction = { emoji: '👍', on: true }
    expect(await user.http('PUT', `/api/chat/messages/${other.id}/reactions`, reaction)).toMatchObject(overHttp)
  }

  expect(await setBlocked(ada, grace, false)).toEqual({ userId: grace.id, blocked: false })
  for (const { user, client, own, other } of sides) {
    expect(await write(user)).toMatchObject({ status: 201 })
    await asked(client, 'editMessage', { messageId: own.id, message: 'Hello!' })
    await asked(client, 'setReaction', { messageId: other.id, emoji: '👍', on: true })
  }
  expect(typed).toEqual([[], []])
  await asked(graces, 'typing', { roomId, on: true })
  // Without Redis nobody on the other instance hears of it.
  const sameInstance = heard(await ada.connect({ url: urls[1] }), 'typing')
  await asked(graces, 'typing', { roomId, on: true })
  await waitFor(() => sameInstance.length > 0)
})

test('what was stored before is answered as ever, and what one wrote can still be taken back', async () => {
  const clientId = randomUUID()
  const stored = await write(grace, 'Before', clientId)
  const { id } = await written(ada)
  await grace.http('PUT', `/api/chat/messages/${id}/reactions`, { emoji: '👍', on: true })
  await setBlocked(ada, grace, true)

  expect(await write(grace, 'Before', clientId)).toMatchObject({ status: 200, body: stored.body })
  const taken = await grace.http('PUT', `/api/chat/messages/${id}/reactions`, { emoji: '👍', on: false })
  expect(taken.status).toBe(200)
  const { id: messageId } = stored.body as ChatMessage // the contract's answer
  expect((await grace.http('DELETE', `/api/chat/messages/${messageId}`)).body).toMatchObject({ message: '' })
})

test('whoever blocks hears of it on every device, and finds it where that was missed; who was blocked is told nothing', async () => {
  await written(grace)
  const before = { row: await roomOf(grace), rev: await roomOf(ada) }
  const bells = await Promise.all(urls.map((url) => grace.connectNotifications({ url })))
  const presences = bells.map((bell) => heard(bell, 'presence:update'))
  const clients = await Promise.all([ada.connect({ url: urls[0] }), ada.connect({ url: urls[1] })])
  const graces = await Promise.all([grace.connect({ url: urls[0] }), grace.connect({ url: urls[1] })])
  await waitFor(() => presences.every((told) => told.some((people) => people[ada.id]?.isOnline)))
  const [updates, rooms] = [
    clients.map((client) => heard(client, 'blockUpdated')),
    clients.map((client) => heard(client, 'roomUpdated')),
  ]
  const toGrace: unknown[] = []
  for (const client of [...graces, ...bells]) {
    client.onAny((name, payload) => name !== 'permissionsUpdated' && toGrace.push([name, payload]))
  }
  const { asOf } = await asked(clients[0], 'ping', undefined)

  await setBlocked(ada, grace, true)
  await waitFor(() => [...updates, ...rooms].every((told) => told.length === 1))
  expect(updates).toEqual(clients.map(() => [{ userId: grace.id, blocked: true }]))
  expect(rooms.flat()).toEqual(clients.map(() => expect.objectContaining({ id: roomId, blocked: true })))

  // A page that heard nothing of it: its heads differ, and catching up brings the room.
  const { rooms: heads } = await asked(clients[0], 'ping', { asOf })
  expect(heads[roomId]?.readRev).not.toBe(before.rev?.readRev)
  const position = { lastRev: before.rev?.lastRev ?? 0, readRev: before.rev?.readRev ?? 0 }
  const caughtUp = await asked(clients[0], 'syncRooms', { rooms: { [roomId]: position } })
  expect(caughtUp.rooms[roomId]).toMatchObject({ room: { blocked: true } })

  await waitFor(() => toGrace.length === bells.length)
  expect(toGrace).toEqual(bells.map(() => ['presence:update', { [ada.id]: HIDDEN_PRESENCE }]))
  expect(await roomOf(grace)).toEqual(before.row)
  const found = await grace.http('GET', `/api/users?query=${ada.email}`)
  expect(found.body).toMatchObject({ users: [{ id: ada.id }] })
})

test('oneself and nobody are not blocked; twice is once; each of two ends their own', async () => {
  const client = await ada.connect()
  const updates = heard(client, 'blockUpdated')
  expect(await ask(client, 'blockUser', { userId: ada.id })).toMatchObject({ error: { code: 'BAD_REQUEST' } })
  expect(await ask(client, 'blockUser', { userId: 'nobody' })).toMatchObject({ error: { code: 'NOT_FOUND' } })
  for (let i = 0; i < 2; i++) await asked(client, 'blockUser', { userId: grace.id })
  await setBlocked(grace, ada, true)
  expect(await write(ada)).toMatchObject({ body: { error: blocking } })
  expect(await write(grace)).toMatchObject({ body: { error: blocking } })

  for (let i = 0; i < 2; i++) await asked(client, 'unblockUser', { userId: grace.id })
  await waitFor(() => updates.length === 2)
  expect(await write(ada)).toMatchObject({ body: { error: neutral } })
  expect(await roomOf(ada)).not.toHaveProperty('blocked')
  await setBlocked(grace, ada, false)
  expect(await write(ada)).toMatchObject({ status: 201 })
  expect(updates.map(({ blocked }) => blocked)).toEqual([true, false])
})

test('a message that is sent at that moment comes before the block or is refused', async () => {
  const counts: number[] = []
  for (let round = 0; round < 10; round++) {
    const sends = Array.from({ length: 20 }, () => write(round % 2 === 0 ? grace : ada))
    await setBlocked(ada, grace, true)
    const lastSeq = (await roomOf(grace))?.lastSeq
    const answers = await Promise.all(sends)
    expect((await roomOf(grace))?.lastSeq).toBe(lastSeq)
    expect(answers.map(({ status }) => status).filter((status) => status !== 201 && status !== 403)).toEqual([])
    counts.push(answers.filter(({ status }) => status === 201).length)
    await setBlocked(ada, grace, false)
  }
  expect((await roomOf(grace))?.lastSeq).toBe(counts.reduce((sum, count) => sum + count))
})

test('where there is no conversation yet neither begins one; once unblocked both can', async () => {
  const [eve, mallory] = await Promise.all([servers.user('Eve'), servers.user('Mallory')])
  await setBlocked(eve, mallory, true)
  const open = (user: TestUser, other: TestUser) => user.http('POST', '/api/chat/rooms', { participantId: other.id })
  expect(await open(mallory, eve)).toMatchObject({ status: 403, body: { error: neutral } })
  expect(await open(eve, mallory)).toMatchObject({ status: 403, body: { error: blocking } })
  const { rows } = await servers.db.query('SELECT count(*)::int AS n FROM participants WHERE user_id = $1', [eve.id])
  expect(rows).toEqual([{ n: 0 }])
  await setBlocked(eve, mallory, false)
  expect(await open(mallory, eve)).toMatchObject({ status: 201 })
  await setBlocked(eve, mallory, true)
  // What was said before can be read.
  expect(await open(mallory, eve)).toMatchObject({ status: 200 })
})

test('a conversation that begins while one blocks the other is blocked, or does not begin', async () => {
  for (let round = 0; round < 20; round++) {
    const [eve] = await insertPeople(servers.db, ['Eve'])
    if (!eve) throw new Error('Eve was asked for.')
    const [opened] = await Promise.all([
      grace.http('POST', '/api/chat/rooms', { participantId: eve.id }),
      servers.db.query(`SELECT * FROM set_block($1, $2, true, 10, 'a test')`, [eve.id, grace.id]),
    ])
    if (opened.status === 403) continue
    const { room } = opened.body as RoomData // the contract's answer
    const message = { roomId: room.id, message: 'Hello', clientId: randomUUID() }
    const sent = await grace.http('POST', '/api/chat/messages', message)
    expect(sent, `round ${round}`).toMatchObject({ status: 403, body: { error: neutral } })
  }
})

test('whoever was taken out is not brought back by whom they have blocked', async () => {
  await servers.db.query(`SELECT remove_participant($1, $2, 'a test')`, [roomId, ada.id])
  await setBlocked(ada, grace, true)
  const open = () => grace.http('POST', '/api/chat/rooms', { participantId: ada.id })
  expect(await open()).toMatchObject({ status: 403, body: { error: neutral } })
  await setBlocked(ada, grace, false)
  expect(await open()).toMatchObject({ status: 201 })
})

test('in groups both write, and name each other; only who was blocked brings the other into none', async () => {
  const friend = await servers.user('Friend')
  const group = await groupOf(friend, [ada, grace])
  await setBlocked(ada, grace, true)
  const say = (user: TestUser, other: TestUser) =>
    user.http('POST', '/api/chat/messages', {
      ...{ roomId: group.id, message: `@${other.name}`, mentions: [other.id], clientId: randomUUID() },
    })
  expect(await say(ada, grace)).toMatchObject({ status: 201, body: { mentions: [grace.id] } })
  expect(await say(grace, ada)).toMatchObject({ status: 201, body: { mentions: [ada.id] } })

  const make = (user: TestUser, members: TestUser[]) =>
    user.http('POST', '/api/chat/rooms', { participantIds: members.map(({ id }) => id), name: 'Another' })
  expect(await make(grace, [friend, ada])).toMatchObject({ status: 403, body: { error: { code: 'FORBIDDEN' } } })
  const { id } = await groupOf(grace, [friend])
  const add = (user: TestUser, member: TestUser, to: string) =>
    user.http('POST', `/api/chat/rooms/${to}/participants`, { userIds: [member.id] })
  expect(await add(grace, ada, id)).toMatchObject({ status: 403, body: { error: { code: 'FORBIDDEN' } } })
  expect(await make(ada, [grace])).toMatchObject({ status: 201 })
  const { rows } = await servers.db.query(`SELECT count(*)::int AS n FROM rooms WHERE maker_id = $1`, [grace.id])
  expect(rows).toEqual([{ n: 1 }])
})

/** All that `user` is told of `other`, by every way there is. */
async function toldOf(user: TestUser, other: TestUser, rooms: string[]) {
  const [chat, bell] = await Promise.all([user.connect(), user.connectNotifications()])
  const shown = await Promise.all(
    rooms.map(async (id) =>
      (await asked(chat, 'joinRoom', { roomId: id })).participants.find((one) => one.id === other.id),
    ),
  )
  const presences = [
    (await asked(bell, 'presence:sync', undefined))[other.id],
    ((await user.http('GET', `/api/presence?ids=${other.id}`)).body as Record<string, unknown>)[other.id],
  ]
  for (const client of [chat, bell]) client.disconnect()
  return { shown: shown.map((one) => one && { isOnline: one.isOnline, lastSeen: one.lastSeen }), presences }
}

test('whom one has blocked does not see one come and go, here or in groups, at once; others do', async () => {
  const friend = await servers.user('Friend')
  const { id: groupId } = await groupOf(friend, [ada, grace])
  const rooms = [roomId, groupId]
  const tab = await ada.connectNotifications({ url: urls[0] })
  const [toGrace, toFriend] = [
    heard(await grace.connectNotifications({ url: urls[1] }), 'presence:update'),
    heard(await friend.connectNotifications({ url: urls[0] }), 'presence:update'),
  ]
  await waitFor(async () => (await toldOf(grace, ada, rooms)).shown.every((one) => one?.isOnline))

  await setBlocked(ada, grace, true)
  await waitFor(() => toGrace.some((update) => update[ada.id]?.lastSeen === HIDDEN_PRESENCE.lastSeen))
  const nothing = { shown: rooms.map(() => HIDDEN_PRESENCE), presences: [undefined, undefined] }
  expect(await toldOf(grace, ada, rooms)).toEqual(nothing)
  const newGroup = heard(await grace.connect({ url: urls[1] }), 'roomData')
  await groupOf(ada, [grace, friend])
  await waitFor(() => newGroup.length > 0)
  expect(newGroup[0]?.participants.find(({ id }) => id === ada.id)).toMatchObject(HIDDEN_PRESENCE)
  const seen = toGrace.length
  await asked(tab, 'ping', { away: true })
  await waitFor(() => toFriend.some((update) => update[ada.id]?.away))
  expect(toGrace.slice(seen).filter((update) => ada.id in update)).toEqual([])
  // Whoever blocks is told of the other as before.
  expect((await toldOf(ada, grace, rooms)).shown.every((one) => one?.isOnline)).toBe(true)

  await setBlocked(ada, grace, false)
  await waitFor(() => toGrace.slice(seen).some((update) => update[ada.id]?.isOnline))
  expect((await toldOf(grace, ada, rooms)).shown.every((one) => one?.isOnline)).toBe(true)
})

test('whom one has blocked is not told what one reads meanwhile, but when that is over', async () => {
  const { seq } = await written(grace)
  const [client, graces] = await Promise.all([ada.connect(), grace.connect({ url: urls[1] })])
  const [toAda, toGrace] = [heard(client, 'messagesRead'), heard(graces, 'messagesRead')]
  const positionOf = async (user: TestUser) =>
    (await asked(graces, 'joinRoom', { roomId })).participants.find(({ id }) => id === user.id)?.lastReadSeq
  await setBlocked(ada, grace, true)
  await asked(client, 'markMessagesRead', { roomId })
  await waitFor(() => toAda.length === 1)
  expect(await roomOf(ada)).toMatchObject({ unread: 0, lastReadSeq: seq })
  expect(await positionOf(ada)).toBe(0)
  const sync = () => asked(graces, 'syncRooms', { rooms: { [roomId]: { lastRev: 99, readRev: 99 } } })
  const { readRev } = (await roomOf(grace)) ?? {}
  expect(JSON.stringify(await sync())).not.toContain(`"${ada.id}":${seq}`)

  await setBlocked(ada, grace, false)
  expect(await positionOf(ada)).toBe(seq)
  expect((await roomOf(grace))?.readRev).toBe((readRev ?? 0) + 1)
  expect(toGrace.filter(({ userId }) => userId === ada.id)).toEqual([])
})

test('whom one has blocked is listed in pages, the last one first; there is an end to it', async () => {
  const people = await insertPeople(
    servers.db,
    Array.from({ length: limits.blockedUsers }, (_, i) => `Person ${i}`),
  )
  const ids = people.map(({ id }) => id)
  await servers.db.query(
    `INSERT INTO user_blocks (blocker_id, blocked_id, created_at)
     SELECT $1, x.id, now() - (2000 - x.ord) * interval '1 second' FROM unnest($2::text[]) WITH ORDINALITY AS x(id, ord)`,
    [ada.id, ids],
  )
  const page = async (cursor?: string) =>
    (await ada.http('GET', `/api/users/blocked${cursor ? `?cursor=${cursor}` : ''}`)).body as BlockedPage // the contract's
  const first = await page()
  const second = await page(first.nextCursor ?? undefined)
  const listed = [...first.users, ...second.users].map(({ id }) => id)
  expect(listed).toEqual(ids.reverse().slice(0, 2 * limits.blockedPage))

  expect(await setBlocked(ada, grace, true)).toMatchObject({ error: { code: 'BAD_REQUEST' } })
  const [last = ''] = ids
  expect(await setBlocked(ada, { id: last }, true)).toEqual({ userId: last, blocked: true })
  await setBlocked(ada, { id: last }, false)
  expect(await setBlocked(ada, grace, true)).toEqual({ userId: grace.id, blocked: true })
  expect((await page()).users[0]).toMatchObject({ id: grace.id, name: 'Grace' })
})

test('a closed account is blocked and unblocked like any other', async () => {
  const { id: freshRoom } = await directRoom(ada, grace)
  await servers.db.query('UPDATE users SET disabled_at = now() WHERE id = $1', [grace.id])
  expect(await setBlocked(ada, grace, true)).toEqual({ userId: grace.id, blocked: true })
  expect(await setBlocked(ada, grace, false)).toEqual({ userId: grace.id, blocked: false })
  expect(freshRoom).toBe(roomId)
})
