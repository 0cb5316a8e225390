import { randomBytes, randomUUID } from 'node:crypto'
import { Webhook as Verifier } from 'standardwebhooks'
import { beforeAll, expect, test } from 'vitest'
import { AuditPage } from '@/contracts/audit'
import type { ChatMessage } from '@/contracts/chat'
import type { WireError } from '@/contracts/errors'
import { type Webhook, type WebhookDelivery, type WebhookType, webhookData, webhookTypes } from '@/contracts/webhooks'
import { setPermissions } from '../../support/servers/permissions'
import { directRoom, groupOf } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { http, type TestUser } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'
import type { Received, Receiver } from '../../support/webhooks/Receiver'
import { startReceiver } from '../../support/webhooks/startReceiver'

let servers: TestServers
let admin: TestUser
let ada: TestUser
let grace: TestUser
const scoped = { key: randomBytes(24).toString('hex'), other: randomBytes(24).toString('hex') }

beforeAll(async () => {
  servers = await startServers({
    webEnv: {
      WEBHOOKS_ALLOW_PRIVATE: 'true',
      SERVICE_KEYS: `crm:${scoped.key}:webhooks,bell:${scoped.other}:notify`,
    },
  })
  admin = await servers.user('Admin')
  await servers.db.query(`UPDATE users SET role = 'admin' WHERE id = $1`, [admin.id])
  ;[ada, grace] = await Promise.all([servers.user('Ada'), servers.user('Grace')])
})

async function makeWebhook(receiver: Receiver, events: readonly WebhookType[]) {
  const { status, body } = await admin.http('POST', '/api/webhooks', { url: receiver.url, events })
  expect(status).toBe(201)
  return body as { id: string; secret: string } // the contract's answer
}

const path = (id: string, more = '') => `/api/webhooks/${id}${more}`
const errorOf = (body: unknown) => (body as { error: WireError }).error // the contract's refusal
const deliveriesOf = async (id: string) =>
  ((await admin.http('GET', path(id, '/deliveries'))).body as { deliveries: WebhookDelivery[] }).deliveries

async function say(who: TestUser, roomId: string, message: string): Promise<ChatMessage> {
  const { body } = await who.http('POST', '/api/chat/messages', { roomId, message, clientId: randomUUID() })
  return body as ChatMessage // the contract's answer
}

const verified = ({ raw, headers }: Received, secret: string) =>
  new Verifier(secret).verify(raw, headers as Record<string, string>) // each is sent once

test('every kind of event arrives, as the contract says it, signed by the rules of Standard Webhooks', async () => {
  const receiver = await startReceiver()
  const { secret } = await makeWebhook(receiver, webhookTypes)
  const [room, group] = [await directRoom(ada, grace), await groupOf(ada, [grace], 'Plans')]
  const message = await say(ada, room.id, 'Hello')
  await ada.http('PATCH', `/api/chat/messages/${message.id}`, { message: 'Hello!' })
  await ada.http('PATCH', `/api/chat/rooms/${group.id}`, { name: 'Better plans' })
  await ada.http('DELETE', `/api/chat/rooms/${group.id}/participants/${grace.id}`)
  const notify = { userId: grace.id, title: 'A title', message: 'A message', type: 'info' }
  const { body } = await http(servers.webUrl, 'POST', '/api/notifications', notify, {
    authorization: `Bearer ${servers.serviceKey}`,
  })
  const [notificationId] = (body as { ids: string[] }).ids
  await grace.http('PATCH', `/api/notifications/${notificationId}`, { status: 'read' })
  const connection = await grace.connect()
  await waitFor(() => receiver.of('user.online').length > 0)
  connection.disconnect()

  // Whoever leaves may come back within seconds.
  await waitFor(() => webhookTypes.every((type) => receiver.of(type).length > 0), { timeoutMs: 20_000 })
  for (const request of receiver.received) {
    expect(verified(request, secret)).toMatchObject({ type: request.type, timestamp: expect.any(String) })
    const schema = webhookData[request.type as WebhookType]
    expect(schema.parse(request.data)).toEqual(request.data)
  }
  expect(receiver.of('message.created').map(({ data }) => data)).toEqual([message])
  expect(receiver.of('message.updated').map(({ data }) => data)).toMatchObject([{ id: message.id, message: 'Hello!' }])
  // Each room's events are in their order; rooms are in none.
  const rooms = receiver.of('room.created').map(({ data }) => `${data.id} ${data.kind} ${data.name}`)
  expect(rooms.sort()).toEqual([`${room.id} direct undefined`, `${group.id} group Plans`].sort())
  expect(receiver.of('room.updated').map(({ data }) => data)).toMatchObject([{ id: group.id, name: 'Better plans' }])
  const joined = receiver.of('participant.added').map(({ data }) => `${data.roomId} ${data.userId} ${data.role}`)
  expect(joined.sort()).toEqual(
    [
      `${room.id} ${ada.id} member`,
      `${room.id} ${grace.id} member`,
      `${group.id} ${ada.id} owner`,
      `${group.id} ${grace.id} member`,
    ].sort(),
  )
  expect(receiver.of('participant.removed').map(({ data }) => data)).toEqual([{ roomId: group.id, userId: grace.id }])
  expect(receiver.of('notification.created')).toMatchObject([{ data: { id: notificationId, title: 'A title' } }])
  expect(receiver.of('notification.read').map(({ data }) => data)).toEqual([{ id: notificationId, userId: grace.id }])
  for (const type of ['user.online', 'user.offline']) {
    expect(receiver.of(type).map(({ data }) => data)).toMatchObject([{ userId: grace.id }])
  }
}, 40_000)

test('what nobody asked for is not noted, and what was rolled back never happened', async () => {
  const receiver = await startReceiver()
  const { id } = await makeWebhook(receiver, ['message.created'])
  const room = await directRoom(ada, grace)
  const client = await servers.db.connect()
  try {
    await client.query('BEGIN')
    await client.query(
      `SELECT * FROM insert_messages_batch(ARRAY[$1], ARRAY[$2], ARRAY[$3], ARRAY[$1], ARRAY['undone'], NULL)`,
      [randomUUID(), room.id, ada.id],
    )
    await client.query('ROLLBACK')
  } finally {
    client.release()
  }
  await groupOf(ada, [grace])
  await say(ada, room.id, 'Done')
  await waitFor(() => receiver.received.length > 0)
  expect((await deliveriesOf(id)).map(({ request }) => JSON.parse(request).data.message)).toEqual(['Done'])
})

test('one of a room that fails holds back those behind it, and no other room', async () => {
  const receiver = await startReceiver()
  const { id } = await makeWebhook(receiver, ['message.created'])
  const [one, other] = [await groupOf(ada, [grace], 'One'), await groupOf(ada, [grace], 'Other')]
  let isRefusing = true
  receiver.answer = ({ data }, response) => {
    response.writeHead(isRefusing && data.message === 'first' ? 500 : 200).end('so it is')
  }
  for (const text of ['first', 'second', 'third']) await say(ada, one.id, text)
  await say(ada, other.id, 'elsewhere')
  await waitFor(() => receiver.received.some(({ data }) => data.message === 'elsewhere'))
  const [failing] = await waitFor(async () => {
    const tried = (await deliveriesOf(id)).filter(({ attempts }) => attempts > 0)
    return tried.length === 2 ? tried.filter(({ status }) => status === 'pending') : undefined
  })
  expect(failing).toMatchObject({ attempts: 1, answer: { status: 500, body: 'so it is' }, error: null })
  expect(receiver.received.map(({ data }) => data.message).sort()).toEqual(['elsewhere', 'first'])
  expect((await admin.http('GET', path(id))).body).toMatchObject({ enabled: true })

  isRefusing = false
  await admin.http('POST', path(id, `/deliveries/${failing?.id}/replay`))
  await waitFor(() => receiver.received.some(({ data }) => data.message === 'third'))
  const ofOne = receiver.received.filter(({ data }) => data.roomId === one.id)
  expect(ofOne.map(({ data }) => data.message)).toEqual(['first', 'first', 'second', 'third'])
  expect(new Set(ofOne.slice(0, 2).map((request) => request.id)).size).toBe(1)
})

test('a delivery, or all of a span, is sent again under the same id', async () => {
  const receiver = await startReceiver()
  const { id } = await makeWebhook(receiver, ['message.created'])
  const room = await groupOf(ada, [grace])
  const from = new Date(Date.now() - 1_000).toISOString()
  for (const text of ['one', 'two']) await say(ada, room.id, text)
  await waitFor(async () => (await deliveriesOf(id)).every(({ status }) => status === 'succeeded') || undefined)
  await waitFor(() => receiver.received.length === 2)
  type Page = { deliveries: WebhookDelivery[]; nextCursor: string | null } // the contract's answer
  const page = async (query: string) => (await admin.http('GET', path(id, `/deliveries?limit=1${query}`))).body as Page
  const newest = await page('')
  const older = await page(`&cursor=${newest.nextCursor}`)
  const texts = [newest, older].flatMap(({ deliveries }) =>
    deliveries.map(({ request }) => JSON.parse(request).data.message),
  )
  expect([texts, older.nextCursor]).toEqual([['two', 'one'], null])
  const to = new Date(Date.now() + 60_000).toISOString()
  expect((await admin.http('POST', path(id, '/replay'), { from, to })).body).toEqual({ count: 2 })
  await waitFor(() => receiver.received.length === 4)
  expect(receiver.received.map(({ data }) => data.message)).toEqual(['one', 'two', 'one', 'two'])
  expect(new Set(receiver.received.map((request) => request.id)).size).toBe(2)
  expect((await admin.http('POST', path(id, '/replay'), { from: to, to: from })).status).toBe(400)
  expect((await admin.http('POST', path(id, '/deliveries/0/replay'))).status).toBe(404)

  await admin.http('PATCH', path(id), { enabled: false })
  const refused = { status: 400, body: { error: { message: expect.stringContaining('Switch it on first') } } }
  expect(await admin.http('POST', path(id, '/replay'), { from, to })).toMatchObject(refused)
  const [{ id: deliveryId } = { id: '' }] = newest.deliveries
  expect(await admin.http('POST', path(id, `/deliveries/${deliveryId}/replay`))).toMatchObject(refused)
  expect((await deliveriesOf(id)).map(({ status }) => status)).toEqual(['succeeded', 'succeeded'])
})

test('a new secret signs at once, and for a day the old one beside it', async () => {
  const receiver = await startReceiver()
  const { id, secret: old } = await makeWebhook(receiver, ['message.created'])
  const room = await groupOf(ada, [grace])
  const { body } = await admin.http('POST', path(id, '/secret'))
  const { secret, oldSecretUntil } = body as { secret: string; oldSecretUntil: string }
  expect(Date.parse(oldSecretUntil) - Date.now()).toBeGreaterThan(23.9 * 3_600_000)
  await say(ada, room.id, 'Hello')
  const [both] = await waitFor(() => (receiver.received.length === 1 ? receiver.received : undefined))
  if (!both) throw new Error('nothing arrived')
  verified(both, old)
  verified(both, secret)
  await servers.db.query('UPDATE webhook_endpoints SET old_secret_until = now() WHERE id = $1', [id])
  await say(ada, room.id, 'Hello again')
  const [, one] = await waitFor(() => (receiver.received.length === 2 ? receiver.received : undefined))
  if (!one) throw new Error('nothing arrived')
  verified(one, secret)
  expect(() => verified(one, old)).toThrow('No matching signature found')
  const { rows } = await servers.db.query('SELECT secret, old_secret FROM webhook_endpoints WHERE id = $1', [id])
  expect(JSON.stringify(rows)).not.toContain(secret.slice('whsec_'.length))
})

test('a webhook can be changed, switched off and on, and deleted; each change is in the audit log', async () => {
  const receiver = await startReceiver()
  const { id } = await makeWebhook(receiver, ['message.created'])
  const room = await groupOf(ada, [grace])
  const changed = await admin.http('PATCH', path(id), { description: 'Of the shop', enabled: false })
  expect(changed.body).toMatchObject({ id, description: 'Of the shop', enabled: false, events: ['message.created'] })
  await say(ada, room.id, 'unheard')
  await admin.http('PATCH', path(id), { enabled: true, events: ['message.updated', 'message.updated'] })
  expect((await admin.http('GET', path(id))).body).toMatchObject({ events: ['message.updated'] })
  expect(await deliveriesOf(id)).toEqual([])
  const { body } = await admin.http('GET', '/api/webhooks')
  expect((body as { webhooks: Webhook[] }).webhooks.map((webhook) => webhook.id)).toContain(id)
  expect(JSON.stringify(body)).not.toContain('secret"')
  expect((await admin.http('DELETE', path(id))).body).toEqual({ id })
  expect((await admin.http('GET', path(id))).status).toBe(404)
  expect((await admin.http('PATCH', path(id), { enabled: true })).status).toBe(404)
  const audit = AuditPage.parse((await admin.http('GET', '/api/admin/audit?action=webhook')).body)
  expect(audit.entries.filter(({ target }) => target === id).map(({ action }) => action)).toEqual([
    'webhook.delete',
    'webhook.change',
    'webhook.change',
    'webhook.create',
  ])
})

test('services whose key has the scope may do all this, others and people with a permission less may not', async () => {
  const bearer = (key: string) => ({ authorization: `Bearer ${key}` })
  const ask = (key: string) => http(servers.webUrl, 'GET', '/api/webhooks', undefined, bearer(key))
  expect((await ask(scoped.key)).status).toBe(200)
  expect((await ask(servers.serviceKey)).status).toBe(200)
  expect((await ask(scoped.other)).status).toBe(403)
  expect((await ask('x'.repeat(48))).status).toBe(401)
  const people = await http(servers.webUrl, 'GET', '/api/admin/users', undefined, bearer(servers.serviceKey))
  expect(people.status).toBe(401)
  const made = await http(
    servers.webUrl,
    'POST',
    '/api/webhooks',
    { url: 'https://example.com/hook', events: ['room.updated'] },
    bearer(scoped.key),
  )
  expect(made.status).toBe(201)
  const audit = AuditPage.parse((await admin.http('GET', '/api/admin/audit?actor=crm')).body)
  expect(audit.entries).toMatchObject([{ action: 'webhook.create', actor: 'crm', actorId: null }])

  expect((await ada.http('GET', '/api/webhooks')).status).toBe(403)
  const lesser = await servers.user('Lesser')
  await servers.db.query(`UPDATE users SET role = 'admin' WHERE id = $1`, [lesser.id])
  await setPermissions(servers, lesser, { removed: ['admin:manage-webhooks'] })
  expect((await lesser.http('GET', '/api/webhooks')).status).toBe(403)
})

test.each([
  ['not an address', 'no address'],
  ['ftp://example.com/', 'another scheme'],
  ['https://user:pass@example.com/', 'credentials'],
])('%s is refused as an address', async (url) => {
  const { status, body } = await admin.http('POST', '/api/webhooks', { url, events: ['room.updated'] })
  expect(status).toBe(400)
  expect(errorOf(body).issues).toMatchObject([{ path: 'url' }])
})

test('of events that are not there, and of more webhooks than there may be, nothing is made', async () => {
  const url = 'https://example.com/hook'
  expect((await admin.http('POST', '/api/webhooks', { url, events: ['message.read'] })).status).toBe(400)
  expect((await admin.http('POST', '/api/webhooks', { url, events: [] })).status).toBe(400)
  await servers.db.query(
    `INSERT INTO webhook_endpoints (id, url, events, secret, enabled) SELECT 'x' || n, $1, '{}', '', false FROM generate_series(1, 20) n`,
    [url],
  )
  const { status, body } = await admin.http('POST', '/api/webhooks', { url, events: ['room.updated'] })
  expect(status).toBe(400)
  expect(errorOf(body).message).toBe('There are 20 webhooks, which is the most.')
})
