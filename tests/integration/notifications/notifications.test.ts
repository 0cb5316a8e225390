import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import type { NotificationsCreated, NotificationsPage } from '@/contracts/notifications'
import { startServers, type TestServers } from '../../support/servers/servers'
import { ask, asked, heard, http, type NotificationsClient, type TestUser } from '../../support/servers/testUser'
import { privateTopic, publicTopic } from '../../support/servers/topics'
import { waitFor } from '../../support/waitFor'

let servers: TestServers

beforeAll(async () => {
  servers = await startServers({ sockets: 2 })
})

const content = { title: 'Deployed', message: 'Version 2 is live.', type: 'success', avatarText: 'V2' }

const create = (body: object, headers: Record<string, string> = {}) =>
  http(servers.webUrl, 'POST', '/api/notifications', body, {
    authorization: `Bearer ${servers.serviceKey}`,
    ...headers,
  })

async function notify(user: TestUser, fields: object = {}): Promise<string> {
  const { body } = await create({ userId: user.id, ...content, ...fields })
  const [id] = (body as NotificationsCreated).ids // the contract's answer
  if (id === undefined) throw new Error('a notification was expected')
  return id
}

const pageOf = async (user: TestUser, query = '') =>
  (await user.http('GET', `/api/notifications${query}`)).body as NotificationsPage // the contract's answer

/** Two of this person's tabs, on two instances. */
const tabs = (user: TestUser): Promise<NotificationsClient[]> =>
  Promise.all(servers.sockets.map(({ url }) => user.connectNotifications({ url })))

test('a notification from another service is in every open tab, whole, on every instance', async () => {
  const user = await servers.user()
  const heardInTabs = (await tabs(user)).map((tab) => heard(tab, 'newNotification'))

  const { status, body } = await create({ userId: user.id, ...content })

  expect(status).toBe(201)
  expect(body).toEqual({ count: 1, ids: [expect.any(String)] })
  await waitFor(() => heardInTabs.every((log) => log.length === 1))
  const page = await pageOf(user)
  expect(page).toMatchObject({ unread: 1, version: 1, nextCursor: null })
  expect(page.notifications[0]).toMatchObject({ ...content, status: 'unread', userId: user.id })
  for (const log of heardInTabs) expect(log).toEqual(page.notifications)
})

test('reading, unreading and deleting one reach every tab, over both transports', async () => {
  const user = await servers.user()
  const id = await notify(user)
  const [one, other] = await tabs(user)
  if (!one || !other) throw new Error('two tabs were expected')
  const updates = heard(other, 'notificationUpdate')
  const deleted = heard(other, 'notificationDeleted')

  expect(await asked(one, 'markAsRead', { notificationId: id })).toEqual({ id, read: true })
  expect((await pageOf(user)).unread).toBe(0)
  expect((await user.http('PATCH', `/api/notifications/${id}`, { status: 'unread' })).body).toEqual({ id, read: false })
  expect((await pageOf(user)).unread).toBe(1)
  expect(await asked(one, 'deleteNotification', { notificationId: id })).toEqual({ id })
  expect(await pageOf(user)).toMatchObject({ notifications: [], unread: 0, version: 4 })

  await waitFor(() => deleted.length === 1)
  expect(updates).toEqual([
    { id, read: true },
    { id, read: false },
  ])
})

test('marking what is marked already changes and tells nothing', async () => {
  const user = await servers.user()
  const id = await notify(user)
  const tab = await user.connectNotifications()
  const updates = heard(tab, 'notificationUpdate')
  await asked(tab, 'markAsRead', { notificationId: id })
  await asked(tab, 'markAsRead', { notificationId: id })

  expect(await pageOf(user)).toMatchObject({ unread: 0, version: 2 })
  expect(updates).toHaveLength(1)
})

test('marking all and clearing are told once, with how far they reach', async () => {
  const user = await servers.user()
  const ids = [await notify(user), await notify(user), await notify(user)]
  const [one, other] = await tabs(user)
  if (!one || !other) throw new Error('two tabs were expected')
  const read = heard(other, 'notificationsRead')
  const cleared = heard(other, 'notificationsCleared')
  const newest = (await pageOf(user)).notifications[0]?.createdAt

  expect(await asked(one, 'markAllAsRead', undefined)).toEqual({ count: 3, version: 4 })
  expect(await asked(one, 'markAllAsRead', undefined)).toEqual({ count: 0, version: 4 })
  const { body } = await user.http('DELETE', '/api/notifications/clear-all')
  expect(body).toEqual({ ids: expect.arrayContaining(ids), version: 5 })

  await waitFor(() => cleared.length === 1)
  expect(read).toEqual([{ version: 4, upTo: newest }])
  expect(cleared).toEqual([{ version: 5, upTo: newest }])
})

test('marking all while new ones arrive ends with the same list and count in every tab as in the table', async () => {
  const user = await servers.user()
  const views = (await tabs(user)).map((tab) => {
    const view = new Map<string, boolean>()
    // A sweep concerns what was created up to `upTo`, whichever of the events comes first.
    const createdAt = new Map<string, string>()
    let readUpTo = ''
    tab.on('newNotification', (notification) => {
      createdAt.set(notification.id, notification.createdAt)
      view.set(notification.id, notification.createdAt <= readUpTo)
    })
    tab.on('notificationsRead', ({ upTo }) => {
      if (upTo > readUpTo) readUpTo = upTo
      for (const [id, at] of createdAt) if (at <= readUpTo) view.set(id, true)
    })
    return { tab, view }
  })

  await Promise.all([
    ...Array.from({ length: 60 }, () => notify(user)),
    ...views.flatMap(({ tab }) => Array.from({ length: 10 }, () => asked(tab, 'markAllAsRead', undefined))),
  ])

  const page = await pageOf(user, '?limit=100')
  const table = Object.fromEntries(page.notifications.map(({ id, status }) => [id, status === 'read']))
  expect(page.notifications).toHaveLength(60)
  expect(page.unread).toBe(page.notifications.filter(({ status }) => status === 'unread').length)
  for (const { view } of views) {
    await waitFor(
      () => view.size === 60 && JSON.stringify(sorted(view)) === JSON.stringify(sorted(new Map(Object.entries(table)))),
    )
  }
})

const sorted = (view: Map<string, boolean>) => [...view].sort(([a], [b]) => (a < b ? -1 : 1))

test('pages go back in time without a gap, and filter by status', async () => {
  const user = await servers.user()
  for (let i = 1; i <= 7; i++) await notify(user, { title: `Number ${i}` })
  const [, second] = (await pageOf(user)).notifications
  await user.http('PATCH', `/api/notifications/${second?.id}`, { status: 'read' })

  const first = await pageOf(user, '?limit=4')
  const rest = await pageOf(user, `?limit=4&cursor=${first.nextCursor}`)

  expect([...first.notifications, ...rest.notifications].map(({ title }) => title)).toEqual(
    [7, 6, 5, 4, 3, 2, 1].map((n) => `Number ${n}`),
  )
  expect(rest.nextCursor).toBeNull()
  expect((await pageOf(user, '?status=read')).notifications.map(({ id }) => id)).toEqual([second?.id])
  expect(await pageOf(user, `?sinceVersion=${first.version}`)).toMatchObject({
    notifications: [],
    version: first.version,
  })
  expect((await user.http('GET', '/api/notifications?cursor=nonsense')).status).toBe(400)
})

test('the same Idempotency-Key a hundred times at once makes one notification, and every answer is the same', async () => {
  const user = await servers.user()
  const key = randomUUID()
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => create({ userId: user.id, ...content }, { 'idempotency-key': key })),
  )

  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]))
  expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1)
  expect((await pageOf(user)).notifications).toHaveLength(1)
  const other = await create({ userId: user.id, ...content, title: 'Another' }, { 'idempotency-key': key })
  expect(other).toMatchObject({ status: 409, body: { error: { code: 'CONFLICT' } } })
})

test('one request to 10,000 people is a few statements, and each of them has one', async () => {
  await servers.db.query(
    `INSERT INTO users (id, email, name) SELECT 'crowd-' || n, 'crowd-' || n || '@example.com', 'Crowd' FROM generate_series(1, 10000) n`,
  )
  const userIds = Array.from({ length: 10_000 }, (_, i) => `crowd-${i + 1}`)
  const { status, body } = await create({ userIds, ...content })

  expect(status).toBe(413) // ten thousand ids are more than 64 KB …
  expect(body).toMatchObject({ error: { code: 'PAYLOAD_TOO_LARGE' } })
  await servers.db.query(
    `WITH crowd AS (INSERT INTO topics (name, is_public) VALUES ('crowd', true) RETURNING name)
     INSERT INTO topic_subscriptions (user_id, topic) SELECT id, crowd.name FROM users, crowd WHERE users.name = 'Crowd'`,
  )
  const toTopic = await create({ topic: 'crowd', ...content }) // … a topic is not
  expect(toTopic).toMatchObject({ status: 201, body: { count: 10_000 } })
  expect((toTopic.body as NotificationsCreated).ids).toHaveLength(1_000)
  const { rows } = await servers.db.query(
    `SELECT count(*)::int AS n, count(DISTINCT user_id)::int AS people FROM notifications WHERE user_id LIKE 'crowd-%'`,
  )
  expect(rows[0]).toEqual({ n: 10_000, people: 10_000 })
})

test('whatever changes what somebody follows, or may follow, is told to all of their pages, and to nobody else', async () => {
  const [ada, grace] = [await servers.user('Ada'), await servers.user('Grace')]
  const [adas, graces] = [await tabs(ada), await tabs(grace)]
  const told = adas.map((tab) => heard(tab, 'settingsUpdated'))
  const toGrace = graces.map((tab) => heard(tab, 'settingsUpdated'))
  const [tab] = adas
  if (!tab) throw new Error('a tab was expected')
  const [open, granted] = [await publicTopic(servers), await privateTopic(servers)]
  const changes: Record<string, () => Promise<unknown>> = {
    'a subscription over the socket': () => asked(tab, 'subscribe', open),
    'one that ends over HTTP': () => ada.http('DELETE', `/api/notifications/topics/${open}`),
    'one that begins over HTTP': () => ada.http('PUT', `/api/notifications/topics/${open}`),
    'a grant': () => servers.db.query('INSERT INTO topic_access VALUES ($1, $2)', [ada.id, granted]),
    'one that is taken': () => servers.db.query('DELETE FROM topic_access WHERE user_id = $1', [ada.id]),
    'a topic that is closed': () => servers.db.query('UPDATE topics SET is_public = false WHERE name = $1', [open]),
  }
  let count = 0
  for (const [what, change] of Object.entries(changes)) {
    await change()
    count += 1
    await waitFor(() => told.every((log) => log.length === count)).catch(() => {
      throw new Error(`${what} is told to both tabs`)
    })
  }
  expect((await ada.http('GET', '/api/notifications/topics')).body).toMatchObject({ topics: [] })
  // She hears of her own, so that she would have heard of the others.
  const [other = tab] = graces
  await asked(other, 'unsubscribe', open)
  await servers.db.query('INSERT INTO topic_access VALUES ($1, $2)', [grace.id, granted])
  await waitFor(() => toGrace.every((log) => log.length > 0))
  expect(toGrace.map((log) => log.length)).toEqual([1, 1])
})

test('a topic that hundreds follow tells all of them when it is removed', async () => {
  const topic = await publicTopic(servers)
  const ada = await servers.user('Ada')
  await servers.db.query(
    `WITH crowd AS (INSERT INTO users (id, email, name) SELECT 'of-' || $1 || n, n || $1 || '@example.com', 'One' FROM generate_series(1, 300) n RETURNING id)
     INSERT INTO topic_subscriptions (user_id, topic) SELECT id, $1 FROM crowd`,
    [topic],
  )
  await ada.http('PUT', `/api/notifications/topics/${topic}`)
  const told = (await tabs(ada)).map((tab) => heard(tab, 'settingsUpdated'))
  await servers.db.query('DELETE FROM topics WHERE name = $1', [topic])
  await waitFor(() => told.every((log) => log.length === 1))
})

test('a topic reaches who subscribed, until they unsubscribe', async () => {
  const [follower, other] = await Promise.all([servers.user(), servers.user()])
  const tab = await follower.connectNotifications()
  const news = heard(tab, 'newNotification')
  const topic = await publicTopic(servers)

  expect(await asked(tab, 'subscribe', topic)).toEqual({ topics: [topic] })
  expect(await create({ topic, ...content })).toMatchObject({ body: { count: 1 } })
  await waitFor(() => news.length === 1)
  expect(await asked(tab, 'unsubscribe', { topic })).toEqual({ topics: [] })
  expect(await create({ topic, ...content })).toMatchObject({ body: { count: 0 } })
  expect((await pageOf(other)).notifications).toEqual([])
  expect(await ask(tab, 'subscribe', 'not a topic')).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } })
})

test('another’s notification is NOT_FOUND for every verb on both transports', async () => {
  const [owner, thief] = await Promise.all([servers.user(), servers.user()])
  const id = await notify(owner)
  const tab = await thief.connectNotifications()

  expect(await ask(tab, 'markAsRead', { notificationId: id })).toMatchObject({ error: { code: 'NOT_FOUND' } })
  expect(await ask(tab, 'deleteNotification', { notificationId: id })).toMatchObject({ error: { code: 'NOT_FOUND' } })
  expect((await thief.http('PATCH', `/api/notifications/${id}`, { status: 'read' })).status).toBe(404)
  expect((await thief.http('DELETE', `/api/notifications/${id}`)).status).toBe(404)
  await asked(tab, 'clearAll', undefined)
  await asked(tab, 'markAllAsRead', undefined)
  expect(await pageOf(owner)).toMatchObject({ unread: 1, notifications: [{ id }] })
})

test('only who knows the service key may create, and only what makes sense', async () => {
  const user = await servers.user()
  const asUser = await user.http('POST', '/api/notifications', { userId: user.id, ...content })
  const wrongKey = await create({ userId: user.id, ...content }, { authorization: 'Bearer wrong' })
  expect([asUser.status, wrongKey.status]).toEqual([401, 401])

  expect(await create({ ...content })).toMatchObject({ status: 400 })
  expect(await create({ userId: user.id, topic: 'x', ...content })).toMatchObject({ status: 400 })
  expect(await create({ userId: user.id, ...content, type: 'fatal' })).toMatchObject({ status: 400 })
  expect(await create({ userId: 'nobody', ...content })).toMatchObject({ status: 404 })
})

test.each(['title', 'message', 'avatarImage', 'avatarIcon', 'avatarText', 'avatarColor'])(
  '%s with the character U+0000, which the database cannot hold, is refused with a sentence',
  async (field) => {
    const user = await servers.user()
    const { status, body } = await create({ userId: user.id, ...content, [field]: 'a\u0000' })
    expect(status).toBe(400)
    const sentence = expect.stringContaining('must not contain the character U+0000')
    expect(body).toMatchObject({ error: { code: 'BAD_REQUEST', issues: [{ path: field, message: sentence }] } })
  },
)
