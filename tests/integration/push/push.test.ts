import { randomBytes, randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import type { ChatMessage } from '@/contracts/chat'
import { limits } from '@/contracts/limits'
import { vapidKeysOf } from '@/lib/push/vapid'
import { PushServer, type SubscribedBrowser } from '../../support/push/PushServer'
import { directRoom, groupOf } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { asked, http, type TestUser } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'

const vapid = vapidKeysOf(randomBytes(32).toString('base64url'))
/** Long enough to read something before it is pushed. */
const DELAY_MS = 400

let servers: TestServers
let service: PushServer
let ada: TestUser
let grace: TestUser
let browser: SubscribedBrowser

beforeAll(async () => {
  servers = await startServers({
    config: { vapid, publicUrl: 'https://chat.example.com' },
    extras: { pushDelayMs: DELAY_MS },
    webEnv: { VAPID_PRIVATE_KEY: vapid.privateKey, WEBHOOKS_ALLOW_PRIVATE: 'true' },
  })
  service = await PushServer.start()
})

beforeEach(async () => {
  ;[ada, grace] = await Promise.all([servers.user('Ada'), servers.user('Grace')])
  browser = await subscribed(ada)
})

async function subscribed(person: TestUser): Promise<SubscribedBrowser> {
  const made = service.newBrowser()
  expect((await person.http('POST', '/api/push/subscriptions', made.subscription)).status).toBe(201)
  // As if they had closed their last page a while ago.
  await servers.db.query(`UPDATE users SET last_seen = now() - interval '1 hour' WHERE id = $1`, [person.id])
  return made
}

async function say(who: TestUser, roomId: string, message: string, more = {}): Promise<ChatMessage> {
  const { body } = await who.http('POST', '/api/chat/messages', { roomId, message, clientId: randomUUID(), ...more })
  return body as ChatMessage // the contract's answer
}

const notify = async (content: object) => {
  const authorization = `Bearer ${servers.serviceKey}`
  const { body } = await http(servers.webUrl, 'POST', '/api/notifications', content, { authorization })
  return (body as { ids: string[] }).ids[0] // the contract's answer
}

const bodies = () => browser.received.map(({ payload }) => payload.body)
/** What comes after it and is pushed shows that it was decided. */
async function nothingElse(): Promise<void> {
  const title = `The end ${randomUUID()}`
  await notify({ userId: ada.id, title, message: 'of what was decided' })
  await waitFor(() => browser.received.some(({ payload }) => payload.title === title))
}
/** Changes what waits for Ada because she may have a page in front of her; false: nothing does. */
const postponed = async (change: string) => {
  const { rowCount } = await servers.db.query(
    `UPDATE push_waiting w SET ${change} FROM push_subscriptions s
     WHERE s.id = w.subscription_id AND s.user_id = $1 AND w.due_at > now() + interval '8 seconds' AND w.due_at < now() + interval '11 seconds'`,
    [ada.id],
  )
  return rowCount === 1
}
const waiting = async () =>
  (
    await servers.db.query(
      'SELECT (SELECT count(*) FROM push_news)::int + (SELECT count(*) FROM push_waiting WHERE news > 0)::int AS n',
    )
  ).rows[0].n

test('a browser whose page is closed is told once, encrypted for it and signed by us', async () => {
  const room = await directRoom(ada, grace)
  await say(grace, room.id, 'Are you there?')
  await waitFor(() => browser.received.length > 0)
  const [push] = browser.received
  expect(push?.payload).toEqual({
    title: 'Grace',
    body: 'Are you there?',
    url: `/chat/${room.id}`,
    tag: `room:${room.id}`,
  })
  expect(push?.vapid).toMatchObject({
    publicKey: vapid.publicKey,
    aud: service.origin,
    sub: 'https://chat.example.com',
  })
  expect(push?.headers).toMatchObject({ 'content-encoding': 'aes128gcm', urgency: 'high', ttl: '7200' })
  expect(push?.headers.topic).toMatch(/^[\w-]{1,32}$/)
  await waitFor(async () => (await waiting()) === 0)
  expect(browser.received).toHaveLength(1)
})

test('what is said in one conversation is one push, with how many there are; the next takes its place', async () => {
  const group = await groupOf(ada, [grace], 'Plans')
  for (const text of ['One', 'Two', 'Three']) await say(grace, group.id, text)
  await waitFor(() => browser.received.length > 0)
  await say(grace, group.id, 'Four')
  await waitFor(() => browser.received.length > 1)
  expect(browser.received.map(({ payload }) => [payload.title, payload.body])).toEqual([
    ['Plans: 3 new messages', 'Grace: Three'],
    ['Plans', 'Grace: Four'],
  ])
  const [first, second] = browser.received
  expect(second?.payload.tag).toBe(first?.payload.tag)
  expect(second?.headers.topic).toBe(first?.headers.topic)
})

test('who has a page in front of them is not told; who looks elsewhere is', async () => {
  const room = await directRoom(ada, grace)
  const page = await ada.connect()
  await subscribed(grace)
  await say(grace, room.id, 'You see this')
  // For a minute the page may turn out to have been gone. That minute is over:
  await waitFor(() => postponed("happened_at = now() - interval '1 minute', due_at = now()"))
  await notify({ userId: grace.id, title: 'Look', message: 'at what is due' })
  await waitFor(async () => (await waiting()) === 0)
  await say(grace, room.id, 'You look elsewhere')
  await waitFor(() => postponed('news = news'))
  // It counted as in front when this was looked at first.
  await asked(page, 'ping', { away: true })
  await postponed('due_at = now()')
  await notify({ userId: grace.id, title: 'Look', message: 'at what is due' })
  await waitFor(() => browser.received.length > 0)
  page.disconnect()
  expect(bodies()).toEqual(['You look elsewhere'])
})

test('what is read or deleted meanwhile, muted, blocked, switched off or in quiet hours is not pushed; being named in a muted room is', async () => {
  const room = await directRoom(ada, grace)
  const read = await say(grace, room.id, 'Read meanwhile')
  await ada.http('PATCH', '/api/chat/messages/read', { roomId: room.id, seq: read.seq })
  await nothingElse()
  // Also what a browser is tried again for, which could not be reached.
  browser.answer = (response) => void response.writeHead(503).end()
  const later = await say(grace, room.id, 'Read before it is tried again')
  await waitFor(async () => (await servers.db.query('SELECT FROM push_subscriptions WHERE failures > 0')).rowCount)
  browser.answer = (response) => void response.writeHead(201).end()
  browser.received.length = 0
  await ada.http('PATCH', '/api/chat/messages/read', { roomId: room.id, seq: later.seq })
  await servers.db.query('UPDATE push_subscriptions SET retry_at = NULL')
  await servers.db.query('UPDATE push_waiting SET due_at = now()')
  await nothingElse()

  const [deleted, group] = [await say(grace, room.id, 'Deleted meanwhile'), await groupOf(ada, [grace], 'Loud')]
  await grace.http('DELETE', `/api/chat/messages/${deleted.id}`)
  const muted = { mutedUntil: new Date(Date.now() + 3_600_000).toISOString() }
  expect((await ada.http('PATCH', `/api/chat/rooms/${group.id}/preferences`, muted)).status).toBe(200)
  await say(grace, group.id, 'Muted')
  const seen = await notify({ userId: ada.id, title: 'Read', message: 'Read meanwhile' })
  await ada.http('PATCH', `/api/notifications/${seen}`, { status: 'read' })
  await nothingElse()
  await say(grace, group.id, 'Muted, but @Ada', { mentions: [ada.id] })
  await waitFor(() => browser.received.some(({ payload }) => payload.title === 'Grace mentioned you'))

  await ada.http('PATCH', '/api/notifications/preferences', { kinds: { direct: { push: false } } })
  await say(grace, room.id, 'Switched off')
  await nothingElse()
  const zone = { from: '00:00', to: '00:00', timeZone: 'UTC' }
  await ada.http('PATCH', '/api/notifications/preferences', {
    kinds: { direct: { push: true } },
    quietHours: { enabled: true, ...zone },
  })
  await say(grace, room.id, 'In quiet hours')
  await waitFor(async () => (await waiting()) === 0)
  await ada.http('PATCH', '/api/notifications/preferences', { quietHours: { enabled: false } })
  await ada.http('PUT', `/api/users/${grace.id}/block`)
  await ada.http('PATCH', `/api/chat/rooms/${group.id}/preferences`, { mutedUntil: null })
  await say(grace, group.id, 'From somebody who is blocked')
  await nothingElse()
  expect(new Set(bodies())).toEqual(new Set(['of what was decided', 'In “Loud”.']))
}, 30_000)

test('notifications are pushed, those of one topic in one place; being named goes before what else is said there', async () => {
  const group = await groupOf(ada, [grace], 'Plans')
  await say(grace, group.id, 'Something')
  const named = await say(grace, group.id, 'Look, @Ada', { mentions: [ada.id] })
  await say(grace, group.id, 'Something else')
  await waitFor(() => browser.received.length > 0)
  expect(browser.received[0]?.payload).toMatchObject({
    ...{ title: 'Grace mentioned you', body: 'In “Plans”.', tag: `room:${group.id}` },
    url: `/chat/${group.id}?at=${named.seq}`,
  })
  const topic = `deploys-${randomUUID()}`
  await servers.db.query('INSERT INTO topics (name, is_public) VALUES ($1, true)', [topic])
  await ada.http('PUT', `/api/notifications/topics/${topic}`)
  for (const title of ['First', 'Second']) await notify({ topic, title, message: 'Deployed' })
  await waitFor(() => browser.received.length > 1)
  expect(browser.received[1]?.payload).toEqual({
    ...{ title: 'Second', body: 'Deployed', url: '/notifications', tag: `topic:${topic}` },
  })
  expect(browser.received).toHaveLength(2)
})

test('a browser ends with its session, and with the push service that knows it no more; another person takes it over', async () => {
  const subscriptions = async () =>
    (await servers.db.query('SELECT user_id FROM push_subscriptions WHERE user_id = ANY ($1)', [[ada.id, grace.id]]))
      .rows
  const room = await directRoom(ada, grace)
  browser.answer = (response) => void response.writeHead(410).end()
  await say(grace, room.id, 'To nobody')
  await waitFor(async () => (await subscriptions()).length === 0)

  // One computer, two people, one after the other.
  const shared = await subscribed(ada)
  expect((await grace.http('POST', '/api/push/subscriptions', shared.subscription)).status).toBe(201)
  expect(await subscriptions()).toEqual([{ user_id: grace.id }])
  const stolen = { ...shared.subscription, keys: service.newBrowser().subscription.keys }
  expect((await ada.http('POST', '/api/push/subscriptions', stolen)).status).toBe(400)
  await grace.http('POST', '/api/auth/logout')
  expect(await subscriptions()).toEqual([])

  const own = await subscribed(ada)
  const { endpoint } = own.subscription
  await ada.http('DELETE', '/api/push/subscriptions', { endpoint })
  expect(await subscriptions()).toEqual([])
  for (let n = 0; n <= limits.pushSubscriptions; n += 1) await subscribed(ada)
  expect(await subscriptions()).toHaveLength(limits.pushSubscriptions)
})

test('a browser that cannot be reached is tried again, and holds up no other', async () => {
  const [room, other] = [await directRoom(ada, grace), await subscribed(ada)]
  let attempts = 0
  browser.answer = (response) => {
    attempts += 1
    response.writeHead(attempts === 1 ? 503 : 201).end()
  }
  await say(grace, room.id, 'Hello')
  await waitFor(() => attempts === 1 && other.received.length === 1)
  const failing = await waitFor(async () => {
    const { rows } = await servers.db.query(
      `SELECT s.failures, w.due_at > now() AS is_later FROM push_subscriptions s JOIN push_waiting w ON w.subscription_id = s.id
       WHERE s.endpoint = $1 AND s.failures > 0`,
      [browser.subscription.endpoint],
    )
    return rows[0]
  })
  expect(failing).toEqual({ failures: 1, is_later: true })
  // As if the time had come.
  await servers.db.query('UPDATE push_waiting SET due_at = now()')
  await say(grace, (await groupOf(grace, [ada])).id, 'Elsewhere')
  await waitFor(() => attempts === 3)
  expect(new Set(bodies())).toEqual(new Set(['Hello', 'Grace: Elsewhere']))
  expect(other.received).toHaveLength(2)
  const { rows } = await servers.db.query('SELECT failures FROM push_subscriptions WHERE endpoint = $1', [
    browser.subscription.endpoint,
  ])
  expect(rows).toEqual([{ failures: 0 }])
})

test('what is no address of a push service, and keys that are none, are refused; the key is told', async () => {
  expect((await ada.http('GET', '/api/push/key')).body).toEqual({ publicKey: vapid.publicKey })
  const { subscription } = service.newBrowser()
  for (const wrong of [
    { ...subscription, endpoint: 'ftp://push.example.com/' },
    { ...subscription, endpoint: `https://push.example.com/${'x'.repeat(limits.pushEndpoint)}` },
    { ...subscription, keys: { ...subscription.keys, p256dh: 'short' } },
    { ...subscription, keys: { ...subscription.keys, p256dh: Buffer.alloc(65, 4).toString('base64url') } },
    { endpoint: subscription.endpoint },
  ])
    expect((await ada.http('POST', '/api/push/subscriptions', wrong)).status).toBe(400)
})
