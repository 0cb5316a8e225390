import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import type { ChatMessage, RoomData } from '@/contracts/chat'
import { limits } from '@/contracts/limits'
import { setPermissions } from '../../support/servers/permissions'
import { groupOf } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { ask, asked, type ChatClient, heard, type TestUser } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'
import { insertPeople } from '../../support/workload/people'

let servers: TestServers
let urls: [string, string]
let ada: TestUser
let grace: TestUser
let linus: TestUser
let margaret: TestUser

beforeAll(async () => {
  // Two processes, which hear of each other by the database.
  servers = await startServers({ sockets: 2 })
  urls = [servers.sockets[0].url, servers.sockets[1]?.url ?? '']
  ada = await servers.user('Ada')
  grace = await servers.user('Grace')
  linus = await servers.user('Linus')
  margaret = await servers.user('Margaret')
})

const rolesOf = async (roomId: string): Promise<Record<string, string>> => {
  const { rows } = await servers.db.query(
    'SELECT u.name, p.role FROM participants p JOIN users u ON u.id = p.user_id WHERE p.room_id = $1',
    [roomId],
  )
  return Object.fromEntries(rows.map(({ name, role }) => [name, role]))
}

/** What the room's messages say that happened, in order. */
const storyOf = async (roomId: string): Promise<unknown[]> => {
  const { rows } = await servers.db.query(
    'SELECT seq, rev, message, system FROM messages WHERE room_id = $1 ORDER BY seq',
    [roomId],
  )
  expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, i) => i + 1))
  return rows.map(({ message, system }) => system ?? message)
}

const say = (client: ChatClient, roomId: string, message: string) =>
  ask(client, 'sendMessage', { roomId, message, clientId: randomUUID() })

const textsOf = (messages: readonly ChatMessage[]) => messages.map(({ message }) => message)

/** Nothing that was said before is on its way to this client any more. */
const upToDate = (client: ChatClient) => asked(client, 'ping', undefined)

describe('making a group', () => {
  test('all its people are in it at once, on every instance, and each sees it as they see it', async () => {
    const [first, second] = await Promise.all([ada.connect({ url: urls[0] }), grace.connect({ url: urls[1] })])
    const [toAda, toGrace] = [heard(first, 'roomData'), heard(second, 'roomData')]
    const heardByGrace = heard(second, 'receiveMessage')

    const data = await asked(first, 'getOrCreateRoom', { participantIds: [grace.id, linus.id, ada.id], name: ' Crew ' })

    expect(data.room).toMatchObject({
      kind: 'group',
      name: 'Crew',
      role: 'owner',
      memberCount: 3,
      lastSeq: 1,
      unread: 0,
    })
    expect(data.messages).toMatchObject([
      {
        seq: 1,
        rev: 1,
        senderId: ada.id,
        kind: 'system',
        system: { type: 'created', name: 'Crew' },
        message: 'Ada created the group "Crew".',
      },
    ])
    expect(data.participants.map(({ name, role }) => [name, role]).sort()).toEqual([
      ['Ada', 'owner'],
      ['Grace', 'member'],
      ['Linus', 'member'],
    ])
    await waitFor(() => toAda.length === 1 && toGrace.length === 1)
    expect(toGrace[0]?.room).toMatchObject({ id: data.room.id, role: 'member', memberCount: 3, unread: 0 })
    expect(toGrace[0]?.participants.map(({ name }) => name).sort()).toEqual(['Ada', 'Grace', 'Linus'])
    await say(first, data.room.id, 'hello')
    await waitFor(() => textsOf(heardByGrace).includes('hello'))
  })

  test('the same client id is the same group, also at the same moment and over both transports', async () => {
    const client = await ada.connect()
    const input = { participantIds: [grace.id], name: 'Once', clientId: randomUUID() }
    const answers = await Promise.all([
      ...Array.from({ length: 4 }, () => asked(client, 'getOrCreateRoom', input)),
      ...Array.from({ length: 4 }, async () => (await ada.http('POST', '/api/chat/rooms', input)).body as RoomData),
    ])
    expect(new Set(answers.map(({ room }) => room.id)).size).toBe(1)
    expect((await ada.http('POST', '/api/chat/rooms', input)).status).toBe(200)
    expect(await storyOf(answers[0]?.room.id ?? '')).toEqual([{ type: 'created', name: 'Once' }])
    // It is unique for its maker alone.
    const other = await grace.http('POST', '/api/chat/rooms', { ...input, participantIds: [ada.id] })
    expect(other.status).toBe(201)
  })

  test.each([
    ['without a name', { participantIds: ['x'] }, 'BAD_REQUEST'],
    ['of nobody', { participantIds: [], name: 'Crew' }, 'BAD_REQUEST'],
    ['with somebody who does not exist', { participantIds: ['nobody'], name: 'Crew' }, 'NOT_FOUND'],
    ['of too many', { participantIds: Array(limits.groupMembers).fill('x'), name: 'Crew' }, 'BAD_REQUEST'],
    ['and a direct room in one', { participantId: 'x', participantIds: ['x'], name: 'Crew' }, 'BAD_REQUEST'],
  ])('%s is refused', async (_, input, code) => {
    const answer = await ada.http('POST', '/api/chat/rooms', input)
    expect(answer.body).toMatchObject({ error: { code } })
  })
})

test('another name and picture are told to every member, once each, and come with catching up', async () => {
  const { id: roomId } = await groupOf(ada, [grace])
  const [adaClient, graceClient] = await Promise.all([ada.connect({ url: urls[0] }), grace.connect({ url: urls[1] })])
  const updates = heard(graceClient, 'roomUpdated')
  const messages = heard(graceClient, 'receiveMessage')
  const change = { roomId, name: 'Crew', avatarImage: 'https://example.com/crew.png' }

  expect(await asked(adaClient, 'updateRoom', change)).toMatchObject({
    name: 'Crew',
    avatarImage: change.avatarImage,
    role: 'owner',
  })
  await waitFor(() => updates.length === 1 && messages.length === 2)
  expect(updates[0]).toMatchObject({ name: 'Crew', role: 'member', unread: 2 })
  expect(messages.map(({ system }) => system?.type)).toEqual(['renamed', 'pictured'])
  // What is so already says nothing.
  expect((await ada.http('PATCH', `/api/chat/rooms/${roomId}`, { name: 'Crew' })).status).toBe(200)
  expect(await storyOf(roomId)).toHaveLength(3)

  const { rooms } = await asked(graceClient, 'syncRooms', { rooms: { [roomId]: 1 } })
  expect(rooms[roomId]).toMatchObject({
    lastRev: 3,
    room: { name: 'Crew', avatarImage: change.avatarImage, role: 'member' },
  })
  await say(adaClient, roomId, 'plain')
  const { rooms: plain } = await asked(graceClient, 'syncRooms', { rooms: { [roomId]: 3 } })
  expect(plain[roomId]).not.toHaveProperty('room')

  const { body } = await ada.http('PATCH', `/api/chat/rooms/${roomId}`, { avatarImage: null })
  expect(body).not.toHaveProperty('avatarImage')
})

test('who is brought in joins everywhere, reads all there was, and starts with everything read', async () => {
  const { id: roomId } = await groupOf(ada, [grace])
  const [adaClient, linusClient] = await Promise.all([ada.connect({ url: urls[0] }), linus.connect({ url: urls[1] })])
  const [shown, messages] = [heard(linusClient, 'roomData'), heard(linusClient, 'receiveMessage')]
  await say(adaClient, roomId, 'before')

  const { participants } = await asked(adaClient, 'addParticipants', { roomId, userIds: [linus.id, grace.id] })
  expect(participants).toMatchObject([{ id: linus.id, role: 'member', lastReadSeq: 3 }])
  await waitFor(() => shown.length === 1)
  expect(shown[0]).toMatchObject({
    room: { memberCount: 3, unread: 0 },
    messages: [{}, { message: 'before' }, { system: { type: 'added', userIds: [linus.id] } }],
  })
  await say(adaClient, roomId, 'after')
  await waitFor(() => textsOf(messages).includes('after'))
  expect((await ada.http('POST', `/api/chat/rooms/${roomId}/participants`, { userIds: [linus.id] })).body).toEqual({
    participants: [],
  })
  const nobody = await ada.http('POST', `/api/chat/rooms/${roomId}/participants`, { userIds: ['nobody'] })
  expect(nobody.body).toMatchObject({ error: { code: 'NOT_FOUND' } })
  expect(await storyOf(roomId)).toHaveLength(4)
})

describe('who is taken out', () => {
  test('hears nothing from then on, on any instance, and finds it also if nobody told them', async () => {
    const { id: roomId } = await groupOf(ada, [grace, linus])
    const tabs = await Promise.all(urls.map((url) => linus.connect({ url })))
    const [adaClient, graceClient] = await Promise.all([ada.connect({ url: urls[0] }), grace.connect({ url: urls[1] })])
    const heardByLinus = tabs.map((tab) => heard(tab, 'receiveMessage'))
    const removals = tabs.map((tab) => heard(tab, 'roomRemoved'))
    const heardByGrace = heard(graceClient, 'receiveMessage')
    const before = await asked(tabs[0] as ChatClient, 'ping', undefined)

    expect(await asked(adaClient, 'removeParticipant', { roomId, userId: linus.id })).toEqual({
      roomId,
      userId: linus.id,
    })
    await say(adaClient, roomId, 'only for members')
    await waitFor(() => textsOf(heardByGrace).includes('only for members'))
    await waitFor(() => removals.every((list) => list.length === 1))
    await Promise.all(tabs.map(upToDate))

    expect(heardByLinus).toEqual([[], []])
    expect(removals).toEqual([[{ roomId }], [{ roomId }]])
    expect(await asked(tabs[1] as ChatClient, 'ping', { asOf: before.asOf })).toMatchObject({ gone: [roomId] })
    expect(await asked(tabs[0] as ChatClient, 'syncRooms', { rooms: { [roomId]: 1 } })).toEqual({
      rooms: { [roomId]: { gone: true } },
    })
    for (const refused of [
      ask(tabs[0] as ChatClient, 'joinRoom', { roomId }),
      say(tabs[0] as ChatClient, roomId, 'still here?'),
      ask(tabs[0] as ChatClient, 'markMessagesRead', { roomId }),
      ask(tabs[0] as ChatClient, 'updateRoom', { roomId, name: 'Mine' }),
    ]) {
      expect(await refused).toMatchObject({ error: { code: 'NOT_FOUND' } })
    }
    // Brought back they are not gone any more.
    await asked(adaClient, 'addParticipants', { roomId, userIds: [linus.id] })
    expect(await asked(tabs[1] as ChatClient, 'ping', { asOf: before.asOf })).not.toHaveProperty('gone')
  })

  test('hears nothing from then on, whoever brought them in at the same moment, on whichever instance and by HTTP', async () => {
    const outcomes = new Set<boolean>()
    for (let round = 0; round < 12; round++) {
      const { id: roomId } = await groupOf(ada, [grace])
      await ada.http('PATCH', `/api/chat/rooms/${roomId}/participants/${grace.id}`, { role: 'admin' })
      const tabs = await Promise.all(urls.map((url) => linus.connect({ url })))
      const [adder, remover] = await Promise.all([
        ada.connect({ url: urls[round % 2] ?? '' }),
        grace.connect({ url: urls[1] }),
      ])
      const remove = () => ask(remover, 'removeParticipant', { roomId, userId: linus.id })
      const adding =
        round % 3 === 0
          ? ada.http('POST', `/api/chat/rooms/${roomId}/participants`, { userIds: [linus.id] })
          : ask(adder, 'addParticipants', { roomId, userIds: [linus.id] })
      // Until it finds him there, and takes him out again.
      await waitFor(async () => (await remove()).ok, { everyMs: 1 })
      await adding
      const heardByLinus = tabs.map((tab) => heard(tab, 'receiveMessage'))
      const heardByAda = heard(adder, 'receiveMessage')
      await say(remover, roomId, 'only for members')
      await waitFor(() => textsOf(heardByAda).includes('only for members'))
      await Promise.all(tabs.map(upToDate))
      expect(heardByLinus.flatMap(textsOf)).not.toContain('only for members')
      outcomes.add('Linus' in (await rolesOf(roomId)))
      for (const client of [...tabs, adder, remover]) client.disconnect()
    }
    expect([...outcomes]).toEqual([false])
  })

  test('leaves also if nobody said so: with the next ping', async () => {
    const alan = await servers.user('Alan')
    const { id: roomId } = await groupOf(ada, [alan])
    const [adaClient, alanClient] = await Promise.all([ada.connect(), alan.connect()])
    const [messages, removals] = [heard(alanClient, 'receiveMessage'), heard(alanClient, 'roomRemoved')]
    const { asOf } = await asked(alanClient, 'ping', undefined)
    await servers.db.query('DELETE FROM participants WHERE room_id = $1 AND user_id = $2', [roomId, alan.id])
    expect(await asked(alanClient, 'ping', { asOf })).toMatchObject({ gone: [roomId] })
    await say(adaClient, roomId, 'only for members')
    await upToDate(alanClient)
    expect([messages, removals]).toEqual([[], [{ roomId }]])
  })

  test('while they send: what was stored before is there, what comes later is refused', async () => {
    const outcomes = new Set<boolean>()
    // In some rounds all are stored before: until both have been seen.
    for (let round = 0; round < 10 || (outcomes.size < 2 && round < 50); round++) {
      const { id: roomId } = await groupOf(ada, [linus])
      const client = await linus.connect({ url: urls[round % 2] ?? '' })
      const first = await say(client, roomId, 'first')
      const removed = ada.http('DELETE', `/api/chat/rooms/${roomId}/participants/${linus.id}`)
      const replies = [first]
      for (let i = 0; i < 10 && replies.at(-1)?.ok; i++) {
        replies.push(...(await Promise.all([1, 2].map((n) => say(client, roomId, `message ${i}.${n}`)))))
      }
      for (const { ok } of replies) outcomes.add(ok)
      expect((await removed).status).toBe(200)
      const story = await storyOf(roomId)
      const stored = story.filter((entry) => typeof entry === 'string')
      expect(stored).toHaveLength(replies.filter(({ ok }) => ok).length)
      for (const reply of replies) if (!reply.ok) expect(reply.error.code).toBe('NOT_FOUND')
      expect(story.at(-1)).toMatchObject({ type: 'removed', userIds: [linus.id] })
      client.disconnect()
    }
    expect(outcomes.size).toBe(2)
  })

  test('leaves also who may write nothing, and takes out nobody else', async () => {
    const reader = await servers.user('Reader only')
    const { id: roomId } = await groupOf(ada, [reader, grace])
    await ada.http('PATCH', `/api/chat/rooms/${roomId}/participants/${reader.id}`, { role: 'owner' })
    await setPermissions(servers, reader, { removed: ['chat:write'] })
    const removed = (who: TestUser) => reader.http('DELETE', `/api/chat/rooms/${roomId}/participants/${who.id}`)
    expect(await removed(grace)).toMatchObject({ status: 403 })
    expect(await removed(reader)).toMatchObject({ status: 200 })
    expect(await rolesOf(roomId)).toEqual({ Ada: 'owner', Grace: 'member' })
  })

  test('a member takes out nobody, an admin no owner; who leaves twice has left', async () => {
    const { id: roomId } = await groupOf(ada, [grace, linus])
    const remove = async (by: TestUser, who: TestUser) =>
      (await by.http('DELETE', `/api/chat/rooms/${roomId}/participants/${who.id}`)).status
    expect(await remove(grace, linus)).toBe(403)
    await ada.http('PATCH', `/api/chat/rooms/${roomId}/participants/${grace.id}`, { role: 'admin' })
    expect(await remove(grace, ada)).toBe(403)
    expect(await remove(grace, margaret)).toBe(404)
    expect(await remove(margaret, grace)).toBe(404)
    expect(await remove(grace, linus)).toBe(200)
    expect(await remove(grace, linus)).toBe(200)
    expect(await remove(linus, linus)).toBe(200)
    expect(await remove(grace, grace)).toBe(200)
    expect(await remove(grace, grace)).toBe(200)
    expect(await rolesOf(roomId)).toEqual({ Ada: 'owner' })
    expect(await storyOf(roomId)).toMatchObject([
      { type: 'created' },
      { type: 'role', userIds: [grace.id], name: 'admin' },
      { type: 'removed', userIds: [linus.id] },
      { type: 'left', userIds: [grace.id] },
    ])
  })
})

describe('roles', () => {
  const setRole = (by: TestUser, roomId: string, who: TestUser, role: string) =>
    by.http('PATCH', `/api/chat/rooms/${roomId}/participants/${who.id}`, { role })

  test('owners give them, and a group keeps an owner', async () => {
    const { id: roomId } = await groupOf(ada, [grace, linus])
    const client = await grace.connect({ url: urls[1] })
    const updates = heard(client, 'roomUpdated')
    expect(await setRole(grace, roomId, linus, 'admin')).toMatchObject({ status: 403 })
    expect(await setRole(ada, roomId, ada, 'member')).toMatchObject({ status: 400 })
    expect(await setRole(ada, roomId, margaret, 'member')).toMatchObject({ status: 404 })
    expect(await setRole(ada, roomId, grace, 'owner')).toMatchObject({
      status: 200,
      body: { id: grace.id, role: 'owner' },
    })
    await waitFor(() => updates.some(({ role }) => role === 'owner'))
    expect(await setRole(grace, roomId, ada, 'member')).toMatchObject({ status: 200 })
    expect(await rolesOf(roomId)).toEqual({ Ada: 'member', Grace: 'owner', Linus: 'member' })
  })

  test('the last owner leaves the group to the oldest admin, else to the oldest member', async () => {
    const { id: roomId } = await groupOf(ada, [grace])
    for (const person of [linus, margaret]) {
      await ada.http('POST', `/api/chat/rooms/${roomId}/participants`, { userIds: [person.id] })
    }
    await setRole(ada, roomId, margaret, 'admin')
    const leave = (who: TestUser) => who.http('DELETE', `/api/chat/rooms/${roomId}/participants/${who.id}`)
    await leave(ada)
    expect(await rolesOf(roomId)).toEqual({ Grace: 'member', Linus: 'member', Margaret: 'owner' })
    await leave(margaret)
    expect(await rolesOf(roomId)).toEqual({ Grace: 'owner', Linus: 'member' })
    await leave(grace)
    await leave(linus)
    // Nothing is deleted with the last.
    expect(await rolesOf(roomId)).toEqual({})
    expect((await storyOf(roomId)).slice(-3)).toMatchObject([
      { type: 'left' },
      { type: 'role', userIds: [linus.id], name: 'owner' },
      { type: 'left' },
    ])
  })

  test('two owners who leave at once leave one owner behind', async () => {
    for (let round = 0; round < 10; round++) {
      const { id: roomId } = await groupOf(ada, [grace, linus])
      await setRole(ada, roomId, grace, 'owner')
      const left = await Promise.all(
        [ada, grace].map((who) => who.http('DELETE', `/api/chat/rooms/${roomId}/participants/${who.id}`)),
      )
      expect(left.map(({ status }) => status)).toEqual([200, 200])
      expect(await rolesOf(roomId)).toEqual({ Linus: 'owner' })
      expect(await storyOf(roomId)).toHaveLength(5)
    }
  })

  test('two owners who make each other plain members at once: one of them stays', async () => {
    for (let round = 0; round < 10; round++) {
      const { id: roomId } = await groupOf(ada, [grace])
      await setRole(ada, roomId, grace, 'owner')
      const answers = await Promise.all([setRole(ada, roomId, grace, 'member'), setRole(grace, roomId, ada, 'member')])
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 403])
      expect(Object.values(await rolesOf(roomId)).sort()).toEqual(['member', 'owner'])
    }
  })
})

test('muting and pinning are one’s own, and reach one’s own tabs alone', async () => {
  const { id: roomId } = await groupOf(ada, [grace])
  const [tab, other, graceClient] = await Promise.all([
    ada.connect({ url: urls[0] }),
    ada.connect({ url: urls[1] }),
    grace.connect({ url: urls[0] }),
  ])
  const [updates, toGrace] = [heard(other, 'roomUpdated'), heard(graceClient, 'roomUpdated')]
  const mutedUntil = '2030-01-01T00:00:00.000Z'
  expect(await asked(tab, 'setRoomPreferences', { roomId, mutedUntil, pinned: true })).toMatchObject({
    mutedUntil,
    pinnedAt: expect.any(String),
  })
  await waitFor(() => updates.length === 1)
  expect(updates[0]).toMatchObject({ mutedUntil })
  const { body } = await ada.http('PATCH', `/api/chat/rooms/${roomId}/preferences`, { mutedUntil: null })
  expect(body).not.toHaveProperty('mutedUntil')
  expect(body).toHaveProperty('pinnedAt')
  await upToDate(graceClient)
  expect(toGrace).toEqual([])
})

test('a device that was away learns with its next ping that a room was muted or pinned', async () => {
  const { id: roomId } = await groupOf(ada, [grace])
  const [tab, graceClient] = await Promise.all([ada.connect(), grace.connect()])
  const headsOf = async (client: ChatClient) => (await asked(client, 'ping', undefined)).rooms[roomId]
  const [before, ofGrace] = [await headsOf(tab), await headsOf(graceClient)]
  await ada.http('PATCH', `/api/chat/rooms/${roomId}/preferences`, { pinned: true })
  const now = await headsOf(tab)
  expect(now?.readRev).toBeGreaterThan(before?.readRev ?? 0)
  expect(await headsOf(graceClient)).toEqual(ofGrace)
  const { rooms } = await asked(tab, 'syncRooms', { rooms: { [roomId]: before ?? 0 } })
  expect(rooms[roomId]).toMatchObject({ readRev: now?.readRev, room: { pinnedAt: expect.any(String) } })
})

test.each([
  ['a picture with U+0000 in its address', '', { avatarImage: 'https://example.com/a\u0000b' }],
  ['a time that PostgreSQL does not know', '/preferences', { mutedUntil: '0000-01-01T00:00:00Z' }],
])('%s is refused', async (_, path, input) => {
  const { id } = await groupOf(ada, [grace])
  const answer = await ada.http('PATCH', `/api/chat/rooms/${id}${path}`, input)
  expect(answer).toMatchObject({ status: 400, body: { error: { code: 'BAD_REQUEST' } } })
})

test('what is pinned is on the first page of the list, however long ago it changed', async () => {
  const reader = await servers.user('Reader')
  const { id: pinned } = await groupOf(reader, [ada], 'Pinned')
  await reader.http('PATCH', `/api/chat/rooms/${pinned}/preferences`, { pinned: true })
  await servers.db.query(
    `WITH made AS (INSERT INTO rooms (id, kind, name) SELECT 'list-' || n, 'group', 'Group' FROM generate_series(1, 60) n RETURNING id)
     INSERT INTO participants (room_id, user_id) SELECT id, $1 FROM made`,
    [reader.id],
  )
  const { body } = await reader.http('GET', '/api/chat/rooms')
  const { rooms, nextCursor } = body as { rooms: { id: string }[]; nextCursor: string }
  expect(rooms).toHaveLength(limits.roomsPage + 1)
  expect(rooms.at(-1)?.id).toBe(pinned)
  const { body: second } = await reader.http('GET', `/api/chat/rooms?cursor=${nextCursor}`)
  expect((second as typeof body & { rooms: unknown[] }).rooms).toHaveLength(11)
})

describe('a group of a thousand', () => {
  let roomId: string
  let people: { id: string }[]

  beforeAll(async () => {
    people = await insertPeople(
      servers.db,
      Array.from({ length: limits.groupMembers - 2 }, (_, i) => `Person ${i}`),
    )
    const participantIds = [grace.id, ...people.map(({ id }) => id)]
    const { body } = await ada.http('POST', '/api/chat/rooms', { participantIds, name: 'All of us' })
    roomId = (body as RoomData).room.id
  })

  test('is full, and everybody is found in pages', async () => {
    const full = await ada.http('POST', `/api/chat/rooms/${roomId}/participants`, { userIds: [linus.id] })
    expect(full).toMatchObject({ status: 400, body: { error: { message: 'A group has at most 1000 members.' } } })
    const ids = new Set<string>()
    let cursor = ''
    for (let pages = 0; pages < 20; pages++) {
      const { body } = await grace.http('GET', `/api/chat/rooms/${roomId}/participants${cursor && `?cursor=${cursor}`}`)
      const page = body as { participants: { id: string }[]; nextCursor: string | null }
      for (const { id } of page.participants) ids.add(id)
      if (page.nextCursor === null) break
      cursor = page.nextCursor
    }
    expect(ids.size).toBe(limits.groupMembers)
  })

  test('shows a hundred: oneself, who wrote, who came first; and tells who has read to themselves alone', async () => {
    const [adaClient, graceClient] = await Promise.all([ada.connect({ url: urls[0] }), grace.connect({ url: urls[1] })])
    const other = await grace.connect({ url: urls[0] })
    const near = await ada.connect({ url: urls[1] })
    const [toAda, toNear] = [heard(adaClient, 'messagesRead'), heard(near, 'messagesRead')]
    const toGrace = heard(other, 'messagesRead')
    const { room, participants } = await asked(graceClient, 'joinRoom', { roomId })
    expect(room.memberCount).toBe(limits.groupMembers)
    expect(participants).toHaveLength(limits.participantsPage)
    expect(participants.map(({ id }) => id)).toEqual(expect.arrayContaining([ada.id, grace.id]))

    await say(adaClient, roomId, 'hello, all')
    const headsOf = async (client: ChatClient) => (await asked(client, 'ping', undefined)).rooms[roomId]
    const before = await headsOf(adaClient)
    await asked(graceClient, 'markMessagesRead', { roomId })
    // Nobody else is behind by it.
    expect(await headsOf(adaClient)).toEqual(before)
    expect(await headsOf(graceClient)).toMatchObject({ readRev: (before?.readRev ?? 0) + 1 })
    await waitFor(() => toGrace.length === 1)
    await Promise.all([adaClient, near].map(upToDate))
    expect([toAda, toNear]).toEqual([[], []])
    const { rooms } = await asked(graceClient, 'syncRooms', { rooms: { [roomId]: { lastRev: 1, readRev: 0 } } })
    expect(rooms[roomId]).toMatchObject({ reads: { [grace.id]: 2 } })
    expect(Object.keys((rooms[roomId] as { reads: object }).reads)).toHaveLength(1)
  })
})

test('people who share a group are told each other’s presence, and not any more when they share none', async () => {
  const [one, other] = [await servers.user('One'), await servers.user('Other')]
  const { id: roomId } = await groupOf(one, [other])
  await other.connectNotifications()
  const presence = async () => (await one.http('GET', `/api/presence?ids=${other.id}`)).body
  await waitFor(async () => ((await presence()) as Record<string, { isOnline: boolean }>)[other.id]?.isOnline === true)
  await one.http('DELETE', `/api/chat/rooms/${roomId}/participants/${other.id}`)
  expect(await presence()).toEqual({})
})

test('a direct room is no group', async () => {
  const { body } = await ada.http('POST', '/api/chat/rooms', { participantId: grace.id })
  const { id } = (body as RoomData).room
  for (const [method, path, input] of [
    ['PATCH', '', { name: 'Ours' }],
    ['POST', '/participants', { userIds: [linus.id] }],
    ['DELETE', `/participants/${ada.id}`, undefined],
    ['PATCH', `/participants/${grace.id}`, { role: 'admin' }],
  ] as const) {
    expect(await ada.http(method, `/api/chat/rooms/${id}${path}`, input)).toMatchObject({ status: 400 })
  }
})
