import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import type { RoomData } from '@/contracts/chat'
import { NEVER_SEEN } from '@/contracts/presence'
import { announcements } from '../../support/postgres/announcements'
import { setPermissions } from '../../support/servers/permissions'
import { directRoom, twoPeopleInARoom } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { ask, asked, heard, type TestUser } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'
import { insertGroup, insertPeople } from '../../support/workload/people'

let servers: TestServers

beforeAll(async () => {
  servers = await startServers({ limits: { 'chat-rooms': { points: 20, seconds: 60 } } })
})

const write = (user: TestUser, roomId: string) =>
  user.http('POST', '/api/chat/messages', { roomId, message: 'Hello', clientId: randomUUID() })

/** All that `user` is told of `other`, by every way there is; undefined where nothing is. */
async function toldOf(user: TestUser, other: TestUser, roomId: string) {
  const [chat, notifications] = await Promise.all([user.connect(), user.connectNotifications()])
  const history = await user.http('GET', `/api/chat/messages?roomId=${roomId}`)
  const opened = await asked(chat, 'getOrCreateRoom', { participantId: other.id })
  const participants = [
    await asked(chat, 'joinRoom', { roomId }),
    opened,
    history.body as Pick<RoomData, 'participants'>, // the contract's newest page
  ].map((data) => data.participants.find(({ id }) => id === other.id))
  const presences = [
    (await asked(notifications, 'presence:sync', undefined))[other.id],
    (await asked(notifications, 'presence:sync', { ids: [other.id] }))[other.id],
    ((await user.http('GET', `/api/presence?ids=${other.id}`)).body as Record<string, unknown>)[other.id],
  ]
  for (const client of [chat, notifications]) client.disconnect()
  return { participants: participants.map((one) => ({ isOnline: one?.isOnline, lastSeen: one?.lastSeen })), presences }
}

const nothing = {
  participants: Array.from({ length: 3 }, () => ({ isOnline: false, lastSeen: NEVER_SEEN })),
  presences: [undefined, undefined, undefined],
}

test('whoever opens a room with a stranger is told nothing of their presence, however much they write there', async () => {
  const { ada: nosy, grace, roomId } = await twoPeopleInARoom(servers)
  const updates = heard(await nosy.connectNotifications(), 'presence:update')
  const tab = await grace.connectNotifications()
  expect(await toldOf(nosy, grace, roomId)).toEqual(nothing)

  for (let i = 0; i < 3; i++) await write(nosy, roomId)
  await asked(tab, 'ping', { away: true })
  expect(await toldOf(nosy, grace, roomId)).toEqual(nothing)
  // Nor is the stranger told of them.
  expect(await toldOf(grace, nosy, roomId)).toEqual(nothing)
  expect(updates.filter((update) => grace.id in update)).toEqual([])
  // Oneself is always there.
  const { participants } = await asked(await nosy.connect(), 'joinRoom', { roomId })
  expect(participants.find(({ id }) => id === nosy.id)).toMatchObject({ isOnline: true })
})

test.each(['over HTTP', 'over the socket'])(
  'once the second has written, %s, both see each other at once',
  async (way) => {
    const { ada, grace, roomId } = await twoPeopleInARoom(servers)
    // Somebody else who knows both hears when all has been said of their coming.
    const friend = await servers.user('Friend')
    for (const one of [ada, grace]) await insertGroup(servers.db, 'Friends', [friend, one])
    const toFriend = heard(await friend.connectNotifications(), 'presence:update')
    const [adaTab, graceTab] = await Promise.all([ada.connectNotifications(), grace.connectNotifications()])
    await waitFor(() => [ada, grace].every(({ id }) => toFriend.some((update) => id in update)))
    const [toAda, toGrace] = [heard(adaTab, 'presence:update'), heard(graceTab, 'presence:update')]
    await write(ada, roomId)
    expect([toAda, toGrace]).toEqual([[], []])

    if (way === 'over HTTP') await write(grace, roomId)
    else await asked(await grace.connect(), 'sendMessage', { roomId, message: 'Hi', clientId: randomUUID() })
    await waitFor(() => toAda.length > 0 && toGrace.length > 0)
    expect(toAda[0]?.[grace.id]).toMatchObject({ isOnline: true })
    expect(toGrace[0]?.[ada.id]).toMatchObject({ isOnline: true })

    // Further messages say nothing of it again.
    const before = [toAda.length, toGrace.length]
    for (const user of [ada, grace]) await write(user, roomId)
    await asked(adaTab, 'presence:sync', undefined)
    expect([toAda.length, toGrace.length]).toEqual(before)
    const told = await toldOf(ada, grace, roomId)
    expect(told.participants).toEqual(Array.from({ length: 3 }, () => expect.objectContaining({ isOnline: true })))
    expect(told.presences.slice(0, 2)).toEqual([
      expect.objectContaining({ isOnline: true }),
      expect.objectContaining({ isOnline: true }),
    ])
  },
)

test('both first messages in one batch make people acquainted as well', async () => {
  const { ada, grace, roomId } = await twoPeopleInARoom(servers)
  const heardOf = await announcements(servers.databaseUrl)
  await servers.db.query('SELECT * FROM insert_messages($1, $2, $3, $4, $5, $6)', [
    [randomUUID(), randomUUID()],
    [roomId, roomId],
    [ada.id, grace.id],
    [randomUUID(), randomUUID()],
    ['Hello', 'Hi'],
    'somebody#1',
  ])
  await waitFor(() => heardOf.some(({ type }) => type === 'acquainted'))
  const { presences } = await toldOf(ada, grace, roomId)
  expect(presences.slice(0, 2).every((presence) => presence !== undefined)).toBe(true)
})

test('who shares a group is told, also in a direct room where nobody has written', async () => {
  const { ada, grace, roomId } = await twoPeopleInARoom(servers)
  await insertGroup(servers.db, 'Both', [ada, grace])
  await grace.connectNotifications()
  await waitFor(async () => (await toldOf(ada, grace, roomId)).participants.every(({ isOnline }) => isOnline))
})

test('300 rooms with strangers in two seconds: 20 are opened, and nobody of them is seen', async () => {
  const nosy = await servers.user('Nosy')
  const names = Array.from({ length: 300 }, () => 'Stranger')
  const strangers = await insertPeople(servers.db, names)
  const [client, tab] = await Promise.all([nosy.connect(), nosy.connectNotifications()])
  const replies: boolean[] = []
  for (const { id } of strangers) replies.push((await ask(client, 'getOrCreateRoom', { participantId: id })).ok)
  expect(replies.filter((ok) => ok)).toHaveLength(20)
  const { rows } = await servers.db.query('SELECT count(*)::int AS n FROM participants WHERE user_id = $1', [nosy.id])
  expect(rows[0].n).toBe(20)
  expect(await asked(tab, 'presence:sync', undefined)).toEqual({})
})

test('who may not see presence is told of nobody, by any way, while others are as before', async () => {
  const { ada: blind, grace, roomId } = await twoPeopleInARoom(servers)
  await setPermissions(servers, blind, { removed: ['presence:read'] })
  const insider = await servers.user('Insider')
  const groupId = await insertGroup(servers.db, 'All', [blind, grace, insider])
  const [blindTab, insiderTab] = await Promise.all([blind.connectNotifications(), insider.connectNotifications()])
  const [toBlind, toInsider] = [heard(blindTab, 'presence:update'), heard(insiderTab, 'presence:update')]
  const graceTab = await grace.connectNotifications()
  const toGrace = heard(graceTab, 'presence:update')

  for (const user of [blind, grace]) await write(user, roomId)
  await waitFor(() => toGrace.some((update) => update[blind.id]?.isOnline))
  await asked(graceTab, 'ping', { away: true })
  await waitFor(() => toInsider.some((update) => update[grace.id]?.away))
  await asked(blindTab, 'ping', {})
  expect(toBlind).toEqual([])

  const chat = await blind.connect()
  for (const id of [roomId, groupId]) {
    const { participants } = await asked(chat, 'joinRoom', { roomId: id })
    expect(participants.find((one) => one.id === grace.id)).toMatchObject({ isOnline: false, lastSeen: NEVER_SEEN })
    expect(participants.find((one) => one.id === blind.id)).toMatchObject({ isOnline: true })
  }
})

test('away-toggling reaches others once a second, and the last state is not lost', async () => {
  const { ada, grace, roomId } = await twoPeopleInARoom(servers)
  await directRoom(ada, grace)
  for (const user of [ada, grace]) await write(user, roomId)
  const updates = heard(await ada.connectNotifications(), 'presence:update')
  const tab = await grace.connectNotifications()
  await waitFor(() => updates.some((update) => update[grace.id]?.isOnline))

  const begun = performance.now()
  const [before, toggles] = [updates.length, 60]
  for (let i = 0; i < toggles; i++) await asked(tab, 'ping', { away: i % 2 === 0 })
  await asked(tab, 'ping', { away: true })
  await waitFor(() => updates.at(-1)?.[grace.id]?.away === true)
  const seconds = (performance.now() - begun) / 1_000
  expect(updates.length - before).toBeLessThanOrEqual(Math.ceil(seconds) + 1)
})
