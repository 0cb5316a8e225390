import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { NEVER_SEEN } from '@/contracts/presence'
import { announcements } from '../../support/postgres/announcements'
import { startTestRedis } from '../../support/redis/startTestRedis'
import { groupOf, twoAcquaintances } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { ask, asked, type ChatClient, heard, http, type TestUser } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'

let servers: TestServers
let urls: [string, string]

beforeAll(async () => {
  const redis = await startTestRedis()
  servers = await startServers({ sockets: 2, redisUrl: redis.url })
  const [first, second] = servers.sockets.map(({ url }) => url)
  if (!first || !second) throw new Error('Two instances were asked for.')
  urls = [first, second]
})

const send = (client: ChatClient, roomId: string, message: string) =>
  asked(client, 'sendMessage', { roomId, message, clientId: randomUUID() })

/** Two people in a room, one on each instance. */
async function pair() {
  const people = await twoAcquaintances(servers)
  const { ada, grace } = people
  const [onFirst, onSecond] = await Promise.all([ada.connect({ url: urls[0] }), grace.connect({ url: urls[1] })])
  return { ...people, onFirst, onSecond }
}

test('messages and read positions reach the other instance by Redis, without the database announcing them', async () => {
  const { ada, onFirst, onSecond, roomId } = await pair()
  const announced = await announcements(servers.databaseUrl)
  const messages = heard(onSecond, 'receiveMessage')
  const reads = heard(onFirst, 'messagesRead')
  const sent = await send(onFirst, roomId, 'over Redis')
  await waitFor(() => messages.length > 0)
  await asked(onSecond, 'markMessagesRead', { roomId })
  await waitFor(() => reads.length > 0)
  // What HTTP changes is announced: after it, nothing of before is still to come.
  await ada.http('POST', '/api/chat/messages', { roomId, message: 'over HTTP', clientId: randomUUID() })
  await waitFor(() => messages.length > 1)
  expect(messages.map(({ message }) => message)).toEqual(['over Redis', 'over HTTP'])
  expect(messages[0]).toEqual(sent)
  await waitFor(() => announced.length > 0)
  expect(announced).toMatchObject([{ type: 'messages', rooms: [[roomId, messages[1]?.rev, messages[1]?.rev]] }])
})

test('who is named hears of it on the other instance, and of its end, once each, though Redis carries the message', async () => {
  const { ada, grace, onFirst } = await pair()
  const group = await groupOf(ada, [grace])
  const bells = await Promise.all(urls.map((url) => grace.connectNotifications({ url })))
  const [made, read, deleted] = [
    bells.map((bell) => heard(bell, 'newNotification')),
    bells.map((bell) => heard(bell, 'notificationUpdate')),
    bells.map((bell) => heard(bell, 'notificationDeleted')),
  ]
  const named = { roomId: group.id, message: '@Grace', mentions: [grace.id] }
  const { id, seq } = await asked(onFirst, 'sendMessage', { ...named, clientId: randomUUID() })
  await asked(onFirst, 'sendMessage', { ...named, clientId: randomUUID() })
  await waitFor(() => made.every(({ length }) => length === 2))
  await asked(await grace.connect({ url: urls[1] }), 'markMessagesRead', { roomId: group.id, upToSeq: seq })
  await waitFor(() => read.every(({ length }) => length === 1))
  await asked(onFirst, 'deleteMessage', { messageId: id })
  await waitFor(() => deleted.every(({ length }) => length === 1))
  const told = made[0]?.find(({ link }) => link?.endsWith(`?at=${seq}`))?.id
  expect(read).toEqual([[{ id: told, read: true }], [{ id: told, read: true }]])
  expect(deleted).toEqual([[{ id: told }], [{ id: told }]])
  expect(made.map((all) => new Set(all.map((notification) => notification.id)).size)).toEqual([2, 2])
})

test('a block holds on the other instance at once: for what is sent there, for typing and for presence', async () => {
  const { ada, grace, onFirst, onSecond, roomId } = await pair()
  const bell = await grace.connectNotifications({ url: urls[1] })
  const away = await ada.connectNotifications({ url: urls[0] })
  const [presence, updates] = [heard(bell, 'presence:update'), heard(onFirst, 'blockUpdated')]
  const typing = heard(onFirst, 'typing')
  await ada.http('PUT', `/api/users/${grace.id}/block`, {})
  await waitFor(() => updates.length === 1)
  await waitFor(() => presence.some((update) => update[ada.id]?.lastSeen === NEVER_SEEN))
  const told = presence.length
  expect(await ask(onSecond, 'typing', { roomId, on: true })).toMatchObject({ error: { code: 'FORBIDDEN' } })
  const message = { roomId, message: 'Hello?', clientId: randomUUID() }
  expect(await ask(onSecond, 'sendMessage', message)).toMatchObject({ error: { code: 'FORBIDDEN' } })
  await asked(away, 'ping', { away: true })
  expect(presence.length).toBe(told)

  await ada.http('DELETE', `/api/users/${grace.id}/block`)
  await waitFor(() => presence.slice(told).some((update) => update[ada.id]?.isOnline))
  await send(onSecond, roomId, 'Hello')
  expect(typing).toEqual([])
})

test('20 writers on two instances and over HTTP leave no hole, and every view equals the table', async () => {
  const { ada, onFirst, onSecond, roomId } = await pair()
  const [atFirst, atSecond] = [heard(onFirst, 'receiveMessage'), heard(onSecond, 'receiveMessage')]
  await Promise.all(
    Array.from({ length: 20 }, async (_, writer) => {
      for (let i = 0; i < 15; i++) {
        const message = `${writer}:${i}`
        if (writer % 3 === 0) await send(onFirst, roomId, message)
        else if (writer % 3 === 1) await send(onSecond, roomId, message)
        else await ada.http('POST', '/api/chat/messages', { roomId, message, clientId: randomUUID() })
      }
    }),
  )
  await waitFor(() => atFirst.length >= 300 && atSecond.length >= 300)
  const { rows } = await servers.db.query('SELECT id FROM messages WHERE room_id = $1 ORDER BY seq', [roomId])
  const table = rows.map((row) => row.id)
  expect(table).toHaveLength(300)
  for (const view of [atFirst, atSecond]) {
    expect(view.toSorted((a, b) => a.seq - b.seq).map((message) => message.id)).toEqual(table)
  }
})

test('a member who is removed on one instance hears nothing more on the other', async () => {
  const { grace, onFirst, onSecond, roomId } = await pair()
  const third = await servers.user('Third')
  await servers.db.query('INSERT INTO participants (room_id, user_id) VALUES ($1, $2)', [roomId, third.id])
  const messages = heard(onSecond, 'receiveMessage')
  await servers.db.query(`SELECT remove_participant($1, $2, 'elsewhere')`, [roomId, grace.id])
  const echo = heard(onFirst, 'receiveMessage')
  await waitFor(async () => {
    const [before, said] = [messages.length, echo.length]
    await send(onFirst, roomId, 'is she still here?')
    await waitFor(() => echo.length > said)
    return messages.length === before
  })
})

test('who is taken out of a group hears nothing of what follows, whichever instance takes them out and tells', async () => {
  const [ada, grace, linus] = await Promise.all(['Ada', 'Grace', 'Linus'].map((name) => servers.user(name)))
  if (!ada || !grace || !linus) throw new Error('Three were asked for.')
  for (const url of [...urls, ...urls]) {
    const { id } = await groupOf(ada, [grace, linus])
    const tabs = await Promise.all(urls.map((tab) => linus.connect({ url: tab })))
    const [told, removed] = [
      tabs.map((tab) => heard(tab, 'receiveMessage')),
      tabs.map((tab) => heard(tab, 'roomRemoved')),
    ]
    const [remover, sender] = await Promise.all([ada.connect({ url }), grace.connect({ url: urls[1] })])
    await asked(remover, 'removeParticipant', { roomId: id, userId: linus.id })
    await send(remover, id, 'from where it was done')
    await send(sender, id, 'from elsewhere')
    await waitFor(() => removed.every((list) => list.length === 1))
    await Promise.all(tabs.map((tab) => asked(tab, 'ping', undefined)))
    expect(told).toEqual([[], []])
  }
})

/** Long ago, so that lastSeen alone says offline. */
const forgetLastSeen = (people: TestUser[]) =>
  servers.db.query(`UPDATE users SET last_seen = now() - interval '1 day' WHERE id = ANY ($1)`, [
    people.map(({ id }) => id),
  ])

test('presence is one for all instances: pushed, asked for, and for other services', async () => {
  const { ada, grace } = await twoAcquaintances(servers)
  await forgetLastSeen([ada, grace])
  const adaTab = await ada.connectNotifications({ url: urls[0] })
  const updates = heard(adaTab, 'presence:update')
  const graceTabs = [
    await grace.connectNotifications({ url: urls[1] }),
    await grace.connectNotifications({ url: urls[0] }),
  ]
  await waitFor(() => updates.some((update) => update[grace.id]?.isOnline))
  expect((await asked(adaTab, 'presence:sync', undefined))[grace.id]?.isOnline).toBe(true)
  const status = () =>
    http(urls[0], 'GET', `/users/${grace.id}/status`, undefined, { authorization: `Bearer ${servers.serviceKey}` })
  expect((await status()).body).toMatchObject({ isOnline: true })
  const overHttp = () => ada.http('GET', `/api/presence?ids=${grace.id}`)
  await forgetLastSeen([grace])
  expect((await overHttp()).body).toMatchObject({ [grace.id]: { isOnline: true } })

  // One of two connections ends, on one instance: she is still here, by the lease of the other.
  graceTabs[1]?.disconnect()
  await forgetLastSeen([grace])
  expect((await asked(adaTab, 'presence:sync', undefined))[grace.id]?.isOnline).toBe(true)
  graceTabs[0]?.disconnect()
  await waitFor(() => updates.at(-1)?.[grace.id]?.isOnline === false)
  expect(updates.filter((update) => update[grace.id]?.isOnline === false)).toHaveLength(1)
  expect((await status()).body).toMatchObject({ isOnline: false })
})

test('people away on both instances are away', async () => {
  const { ada, grace } = await twoAcquaintances(servers)
  const updates = heard(await ada.connectNotifications({ url: urls[0] }), 'presence:update')
  const [one, other] = await Promise.all([
    grace.connectNotifications({ url: urls[0] }),
    grace.connectNotifications({ url: urls[1] }),
  ])
  await asked(one, 'ping', { away: true })
  expect(updates.some((update) => update[grace.id]?.away)).toBe(false)
  await asked(other, 'ping', { away: true })
  await waitFor(() => updates.some((update) => update[grace.id]?.away))
})

test('somebody who moves between instances is shown as they are, every time', async () => {
  const { ada, grace } = await twoAcquaintances(servers)
  const updates = heard(await ada.connectNotifications({ url: urls[0] }), 'presence:update')
  const isShown = (online: boolean) => waitFor(() => updates.at(-1)?.[grace.id]?.isOnline === online)
  const before = await grace.connectNotifications({ url: urls[1] })
  await isShown(true)
  before.disconnect()
  const after = await grace.connectNotifications({ url: urls[0] }) // a reload, on the other instance
  await waitFor(() => updates.length > 1)
  await isShown(true)
  after.disconnect()
  await isShown(false)
  await grace.connectNotifications({ url: urls[1] })
  await isShown(true)
})

test('a session that ends closes its sockets on every instance', async () => {
  const { grace, onFirst } = await pair()
  const both = [await grace.connect({ url: urls[0] }), await grace.connect({ url: urls[1] })]
  await grace.http('POST', '/api/auth/logout')
  await waitFor(() => both.every((client) => !client.connected))
  expect(onFirst.connected).toBe(true)
})

test('an instance that stops hands its people over: they are shown online throughout', async () => {
  const third = await servers.startSocket()
  const { ada, grace } = await twoAcquaintances(servers)
  const updates = heard(await ada.connectNotifications({ url: urls[0] }), 'presence:update')
  await grace.connectNotifications({ url: third.url })
  await waitFor(() => updates.some((update) => update[grace.id]?.isOnline))
  await third.app.close()
  await grace.connectNotifications({ url: urls[1] })
  await waitFor(() => updates.filter((update) => update[grace.id]?.isOnline).length > 1)
  expect(updates.every((update) => update[grace.id]?.isOnline !== false)).toBe(true)
})
