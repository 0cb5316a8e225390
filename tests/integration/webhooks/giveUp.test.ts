import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import type { NotificationContent } from '@/contracts/notifications'
import { createDatabase } from '@/lib/db/database'
import { deleteExpired } from '@/lib/db/expiry'
import { PrismaDeliveryQueue } from '@/lib/db/repositories/PrismaDeliveryQueue'
import { PrismaWebhooks } from '@/lib/db/repositories/PrismaWebhooks'
import { systemActor } from '@/services/audit/ports'
import { silentLogger } from '@/services/shared/Logger'
import type { Attempt, DeliveryQueue, WebhookChange } from '@/services/webhooks/ports'
import { WebhookDelivery, type WebhookDeliveryDeps } from '@/services/webhooks/WebhookDelivery'
import { createTestDatabase } from '../../support/postgres/createTestDatabase'
import { onTeardown } from '../../support/teardown'

let databaseUrl: string
let db: pg.Pool
let queue: PrismaDeliveryQueue
let rows: ReturnType<typeof createDatabase>
let endpointId: string
/** What each attempt is answered with, and what was sent. */
let answer: (body: { data: { roomId: string; userId: string } }) => Attempt | 'nothing'
let sent: string[]
let told: { userIds: string[]; content: NotificationContent; key: string }[]

beforeAll(async () => {
  databaseUrl = await createTestDatabase()
  db = new pg.Pool({ connectionString: databaseUrl, max: 4 })
  db.on('error', () => {})
  onTeardown(() => db.end())
  rows = createDatabase({ url: databaseUrl, poolSize: 10, logger: silentLogger, applicationName: 'test' })
  onTeardown(() => rows.close())
  queue = new PrismaDeliveryQueue(rows)
  await db.query(
    `INSERT INTO users (id, email, name, role) VALUES ('boss', 'b@example.com', 'Boss', 'admin'), ('u', 'u@example.com', 'U', 'user')`,
  )
})

beforeEach(async () => {
  endpointId = randomUUID()
  ;[sent, told] = [[], []]
  answer = () => ({ status: 500, body: 'no' })
  await db.query(
    `INSERT INTO webhook_endpoints (id, url, events, secret) VALUES ($1, 'https://shop.example.com/hook', '{participant.removed}', 'sealed')`,
    [endpointId],
  )
})

const happened = (room: string, user: string) =>
  db.query(
    `SELECT add_webhook_events('participant.removed', jsonb_build_array(jsonb_build_object('lane', 'room:' || $1::text,
       'subject', jsonb_build_object('room_id', $1::text, 'user_id', $2::text))))`,
    [room, user],
  )

const delivery = (over: Partial<WebhookDeliveryDeps> = {}) =>
  new WebhookDelivery({
    queue,
    sender: {
      async send({ body }, signal) {
        const parsed = JSON.parse(body)
        sent.push(`${parsed.data.roomId}${parsed.data.userId}`)
        const answered = answer(parsed)
        if (answered === 'nothing') {
          return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
        }
        if ('error' in answered) throw new Error(answered.error)
        return answered
      },
    },
    box: { open: () => 'whsec_x' },
    notify: async (userIds, content, key) => void told.push({ userIds, content, key }),
    onAttempt: () => {},
    logger: silentLogger,
    random: () => 1,
    attemptMs: 100,
    ...over,
  })

const deliver = () => delivery().deliver(endpointId, new AbortController().signal)
const all = async () =>
  (await db.query('SELECT * FROM webhook_deliveries WHERE endpoint_id = $1 ORDER BY id', [endpointId])).rows
const isEnabled = async () =>
  (await db.query('SELECT enabled FROM webhook_endpoints WHERE id = $1', [endpointId])).rows[0].enabled
/** As if so many hours had passed. */
async function pass(hours: number): Promise<void> {
  const earlier = (column: string) => `${column} = ${column} - $2 * interval '1 hour'`
  await db.query(
    `UPDATE webhook_deliveries SET ${['due_at', 'waits_since', 'tried_at', 'created_at'].map(earlier).join(', ')} WHERE endpoint_id = $1`,
    [endpointId, hours],
  )
  await db.query(
    `UPDATE webhook_endpoints SET ${['failing_since', 'resumed_at'].map(earlier).join(', ')} WHERE id = $1`,
    [endpointId, hours],
  )
}

/** Until the first is due, in seconds. */
async function dueIn(): Promise<number> {
  const { rows: due } = await db.query(
    'SELECT extract(epoch FROM min(due_at) - now())::float8 AS seconds FROM webhook_deliveries WHERE endpoint_id = $1',
    [endpointId],
  )
  return due[0].seconds
}

test('what fails waits longer each time', async () => {
  await happened('a', '1')
  expect(await deliver()).toBeGreaterThan(0)
  expect(await dueIn()).toBeGreaterThan(4)
  await deliver()
  expect(await dueIn()).toBeLessThanOrEqual(5)
  expect(sent).toEqual(['a1'])
  await pass(1)
  await deliver()
  expect(await dueIn()).toBeGreaterThan(9)
  expect(await all()).toMatchObject([{ attempts: 2, status: 'pending', answer_status: 500, answer: 'no', error: null }])
  answer = () => 'nothing'
  await pass(1)
  await deliver()
  expect(await all()).toMatchObject([{ attempts: 3, answer_status: null, error: 'There was no answer within 0.1 s.' }])
})

test('after a day something is dead, those who manage webhooks are told, and what waits behind it goes out', async () => {
  await happened('a', '1')
  await happened('a', '2')
  await happened('b', '1')
  answer = ({ data }) =>
    data.roomId === 'a' && data.userId === '1' ? { status: 500, body: '' } : { status: 200, body: '' }
  await deliver()
  expect(sent.toSorted()).toEqual(['a1', 'b1'])
  await pass(24)
  await deliver()
  expect((await all()).map(({ status }) => status)).toEqual(['dead', 'succeeded', 'succeeded'])
  expect(told).toMatchObject([{ userIds: ['boss'], content: { title: 'Webhook shop.example.com', type: 'error' } }])
  // Others got through meanwhile.
  expect(await isEnabled()).toBe(true)
})

test('where nothing has got through for a day it is switched off; what waits goes out when it is on again', async () => {
  await happened('a', '1')
  await happened('a', '2')
  await deliver()
  await pass(24)
  await deliver()
  expect((await all()).map(({ status }) => status)).toEqual(['dead', 'pending'])
  expect(await isEnabled()).toBe(false)
  const { rows: audit } = await db.query('SELECT action, actor, details FROM audit_log WHERE target = $1', [endpointId])
  expect(audit).toEqual([
    { action: 'webhook.change', actor: 'system', details: { host: 'shop.example.com', enabled: false } },
  ])
  expect(told.map(({ key }) => key.split(' ').slice(0, 2).join(' '))).toEqual(['webhook dead', 'webhook off'])
  await happened('a', '3')
  expect(await all()).toHaveLength(2)
  expect(await deliver()).toBeNull()

  await db.query('UPDATE webhook_endpoints SET enabled = true, failing_since = NULL WHERE id = $1', [endpointId])
  answer = () => ({ status: 200, body: '' })
  expect(await deliver()).toBeNull()
  expect(sent.at(-1)).toBe('a2')
})

test.each<[string, boolean, WebhookChange]>([
  ['is switched on again', false, { enabled: true }],
  ['has another address', true, { url: 'https://other.example.com/hook' }],
])('once it %s, what waited is due and has a day again, with attempts as at first', async (_, wasOn, change) => {
  for (const room of ['a', 'b']) await happened(room, '1')
  await pass(30)
  await db.query('UPDATE webhook_endpoints SET enabled = $2, failing_since = now() WHERE id = $1', [endpointId, wasOn])
  // One was tried often, and is not due for long.
  await db.query(
    `UPDATE webhook_deliveries SET attempts = 9, tried_at = created_at, due_at = now() + interval '1 hour'
     WHERE endpoint_id = $1 AND lane = 'room:b'`,
    [endpointId],
  )
  const webhooks = new PrismaWebhooks(rows)
  // Any other change leaves it as it is.
  await webhooks.change(systemActor, endpointId, { description: 'the shop' })
  expect((await queue.lanes(endpointId, '', 5)).filter(({ isDue }) => isDue)).toHaveLength(wasOn ? 1 : 0)

  expect(await webhooks.change(systemActor, endpointId, change)).toMatchObject({ enabled: true, failingSince: null })
  await deliver()
  await deliver()
  expect(sent.toSorted()).toEqual(['a1', 'b1'])
  expect(await all()).toMatchObject(Array(2).fill({ status: 'pending', attempts: 1, answer_status: 500 }))
  expect(await dueIn()).toBeLessThanOrEqual(5)
  expect(told).toEqual([])

  await pass(24)
  await deliver()
  expect((await all()).map(({ status }) => status)).toEqual(['dead', 'dead'])
  expect(await isEnabled()).toBe(false)
})

test('what has waited a day behind another has one attempt, so that a room that is always refused grows no longer', async () => {
  for (const user of ['1', '2', '3']) await happened('a', user)
  answer = ({ data }) => ({ status: data.roomId === 'a' ? 404 : 200, body: '' })
  await deliver()
  await happened('b', '1')
  await deliver()
  await pass(24)
  await happened('a', '4')
  await deliver()
  expect((await all()).map(({ status, attempts }) => [status, attempts])).toEqual([
    ['dead', 2],
    ['dead', 1],
    ['dead', 1],
    ['succeeded', 1],
    ['pending', 1],
  ])
  expect(await isEnabled()).toBe(true)
})

test('a day without success is one, however the milliseconds of its first and its last attempt fall', async () => {
  await happened('a', '1')
  await deliver()
  await pass(24)
  await db.query(
    `UPDATE webhook_endpoints SET failing_since = failing_since + interval '10 milliseconds' WHERE id = $1`,
    [endpointId],
  )
  await deliver()
  expect(await isEnabled()).toBe(false)
})

test('however many rooms wait, each look is short, and each turn begins where the one before it ended', async () => {
  await db.query(
    `INSERT INTO webhook_deliveries (endpoint_id, event_id, lane, type, subject)
     SELECT $1, 'e' || n, 'room:' || n, 'participant.removed', jsonb_build_object('room_id', n::text, 'user_id', '')
     FROM generate_series(1, 100000) n`,
    [endpointId],
  )
  const hurried = new pg.Pool({ connectionString: databaseUrl, max: 8, statement_timeout: 300 })
  onTeardown(() => hurried.end())
  const one = delivery({
    queue: new PrismaDeliveryQueue({
      rows: async ({ text, values }) => (await hurried.query(text, values)).rows,
    }),
    attemptMs: 30_000,
  })
  let stopping = new AbortController()
  answer = () => {
    // Those that are cut off stay as they are, and are due.
    if (sent.length % 8 === 0) setImmediate(() => stopping.abort())
    return 'nothing'
  }
  for (let turn = 0; turn < 3; turn += 1) {
    stopping = new AbortController()
    await one.deliver(endpointId, stopping.signal)
  }
  expect(new Set(sent).size).toBe(24)
})

test('where the database fails a room, the others are over before the job is', async () => {
  for (const room of ['a', 'b', 'c']) await happened(room, '1')
  answer = () => ({ status: 200, body: '' })
  const flaky: DeliveryQueue = Object.assign(Object.create(queue), {
    next: async (id: string, lane: string, after: string) => {
      if (lane === 'room:a') throw new Error('the database is away')
      return queue.next(id, lane, after)
    },
  })
  await expect(delivery({ queue: flaky }).deliver(endpointId, new AbortController().signal)).rejects.toThrow(/away/)
  expect(sent.toSorted()).toEqual(['b1', 'c1'])
})

test('an event of another version than this one fails like any other, and holds up nothing else', async () => {
  await happened('a', '1')
  await happened('b', '1')
  await db.query(`UPDATE webhook_deliveries SET type = 'room.painted' WHERE endpoint_id = $1 AND lane = 'room:a'`, [
    endpointId,
  ])
  answer = () => ({ status: 200, body: '' })
  await deliver()
  expect(await all()).toMatchObject([
    { status: 'pending', attempts: 1, error: 'This version of the server knows no event "room.painted".' },
    { status: 'succeeded' },
  ])
  const { deliveries } = await new PrismaWebhooks(rows).deliveries({ id: endpointId, limit: 5 })
  expect(deliveries.map(({ type, request }) => [type, request === ''])).toEqual([
    ['participant.removed', false],
    ['room.painted', true],
  ])
})

test('nothing more is sent to where it was switched off or moved from, and who moved is not switched off for it', async () => {
  for (const user of ['1', '2']) await happened('a', user)
  const sentTo: string[] = []
  const send = async ({ url }: { url: string }) => {
    sentTo.push(new URL(url).host)
    await db.query(`UPDATE webhook_endpoints SET url = 'https://new.example.com/' WHERE id = $1`, [endpointId])
    return { status: 200, body: '' }
  }
  await delivery({ sender: { send } }).deliver(endpointId, new AbortController().signal)
  expect(sentTo).toEqual(['shop.example.com', 'new.example.com'])
  expect(await queue.disable({ id: endpointId, url: 'https://shop.example.com/hook' })).toBe(false)
  expect(await isEnabled()).toBe(true)
})

test('who manages webhooks is told at once that a secret cannot be read, and once', async () => {
  for (const room of ['a', 'b']) await happened(room, '1')
  const one = delivery({ box: { open: () => undefined } })
  await one.deliver(endpointId, new AbortController().signal)
  await pass(1)
  await one.deliver(endpointId, new AbortController().signal)
  expect(new Set(told.map(({ content }) => content.message))).toEqual(
    new Set(['Its secret cannot be read: the server has another key. Make a new one.']),
  )
  expect(new Set(told.map(({ key }) => key)).size).toBe(1)
  expect(sent).toEqual([])
})

test('of why there was no answer the beginning is kept, as far as the database can hold it', async () => {
  await happened('a', '1')
  answer = () => ({ error: `\u0000${'x'.repeat(5_000)}` })
  await deliver()
  expect(await all()).toMatchObject([{ attempts: 1, error: `\ufffd${'x'.repeat(499)}` }])
})

test('many notifications are marked read in time, over a connection that has marked one', async () => {
  await db.query(
    `INSERT INTO webhook_endpoints (id, url, events, secret) VALUES ('reads', 'https://x.example.com/', '{notification.read}', '')`,
  )
  await db.query(
    `INSERT INTO notifications (id, user_id, version, title, message, type)
     SELECT 'n' || n, 'u', n, 'T', 'M', 'info' FROM generate_series(1, 8000) n`,
  )
  const client = new pg.Client({ connectionString: databaseUrl, statement_timeout: 4_000 })
  await client.connect()
  onTeardown(() => client.end())
  // The plan of a statement is kept from its sixth time on.
  for (let n = 1; n <= 6; n += 1)
    await client.query(`UPDATE notifications SET status = 'read' WHERE id = $1`, [`n${n}`])
  await client.query(`UPDATE notifications SET status = 'read' WHERE user_id = 'u' AND status <> 'read'`)
  const { rows: noted } = await db.query(
    `SELECT count(*)::int AS n FROM webhook_deliveries WHERE endpoint_id = 'reads'`,
  )
  expect(noted).toEqual([{ n: 8_000 }])
})

test('one that says that it is gone is switched off at once', async () => {
  await happened('a', '1')
  answer = () => ({ status: 410, body: 'gone' })
  await deliver()
  expect(await isEnabled()).toBe(false)
})

test('a job that is told to stop sends nothing more and counts nothing that it cut off', async () => {
  await happened('a', '1')
  await happened('a', '2')
  const stopping = new AbortController()
  answer = () => {
    stopping.abort()
    return { error: 'cut off' }
  }
  await delivery().deliver(endpointId, stopping.signal)
  expect(sent).toEqual(['a1'])
  expect(await all()).toMatchObject([{ attempts: 0 }, { attempts: 0 }])
})

test('deliveries are kept for a week, what waits as long as it may go out', async () => {
  await happened('a', '1')
  await happened('b', '1')
  answer = ({ data }) => ({ status: data.roomId === 'a' ? 200 : 500, body: '' })
  await deliver()
  await pass(24 * 6)
  await deleteExpired(rows, { auditRetentionDays: 90 })
  expect(await all()).toHaveLength(2)
  await pass(24 * 2)
  await deleteExpired(rows, { auditRetentionDays: 90 })
  expect(await all()).toMatchObject([{ lane: 'room:b', status: 'pending' }])
  await db.query('DELETE FROM webhook_endpoints WHERE id = $1', [endpointId])
  await deleteExpired(rows, { auditRetentionDays: 90 })
  expect(await all()).toEqual([])
})
