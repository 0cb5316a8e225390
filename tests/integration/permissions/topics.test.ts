import { beforeAll, expect, test } from 'vitest'
import { limits } from '@/contracts/limits'
import type { TopicsPage } from '@/contracts/topics'
import { startServers, type TestServers } from '../../support/servers/servers'
import { ask, asked, http, type TestUser } from '../../support/servers/testUser'
import { privateTopic, publicTopic } from '../../support/servers/topics'

let servers: TestServers

beforeAll(async () => {
  servers = await startServers()
})

const notify = async (topic: string): Promise<unknown> => {
  const content = { title: 'News', message: 'There is news.' }
  const authorization = { authorization: `Bearer ${servers.serviceKey}` }
  return (await http(servers.webUrl, 'POST', '/api/notifications', { topic, ...content }, authorization)).body
}
const revoke = (user: TestUser, topic: string) =>
  servers.db.query('DELETE FROM topic_access WHERE user_id = $1 AND topic = $2', [user.id, topic])
const followed = async (user: TestUser): Promise<string[]> => {
  const { rows } = await servers.db.query('SELECT topic FROM topic_subscriptions WHERE user_id = $1', [user.id])
  return rows.map(({ topic }) => topic)
}

test('a public topic is open to everybody, another to those it was granted to, and what is not listed to nobody', async () => {
  const [ada, grace] = [await servers.user('Ada'), await servers.user('Grace')]
  const [open, granted] = [await publicTopic(servers), await privateTopic(servers, ada)]
  const [adas, graces] = [await ada.connectNotifications(), await grace.connectNotifications()]
  expect(await asked(adas, 'subscribe', open)).toEqual({ topics: [open] })
  expect((await asked(adas, 'subscribe', granted)).topics.sort()).toEqual([open, granted].sort())
  expect(await asked(graces, 'subscribe', open)).toEqual({ topics: [open] })
  for (const closed of [granted, 'nobody-listed-this']) {
    expect(await ask(graces, 'subscribe', closed)).toMatchObject({ ok: false, error: { code: 'FORBIDDEN' } })
  }
  expect(await notify(granted)).toMatchObject({ count: 1 })
  expect(await notify(open)).toMatchObject({ count: 2 })
})

const topicsOf = async (user: TestUser, query = '') =>
  (await user.http('GET', `/api/notifications/topics${query}`)).body as TopicsPage // the contract's answer
const address = (topic: string) => `/api/notifications/topics/${encodeURIComponent(topic)}`

test('over HTTP topics are followed and left as over the socket; what is open to oneself is listed', async () => {
  const ada = await servers.user('Ada')
  const [open, granted, closed] = [
    await publicTopic(servers),
    await privateTopic(servers, ada),
    await privateTopic(servers),
  ]
  const listed = await topicsOf(ada)
  expect(listed.topics).toEqual([])
  expect(listed.open).toEqual(expect.arrayContaining([open, granted]))
  expect(listed.open).not.toContain(closed)
  expect(await ada.http('PUT', address(open))).toMatchObject({ status: 200, body: { topics: [open] } })
  expect(await ada.http('PUT', address(open)), 'again').toMatchObject({ status: 200, body: { topics: [open] } })
  const socket = await ada.connectNotifications()
  expect(await asked(socket, 'subscribe', granted)).toEqual({ topics: [open, granted].sort() })
  expect((await topicsOf(ada)).topics).toEqual([open, granted].sort())
  expect(await ada.http('PUT', address(closed))).toMatchObject({ status: 403, body: { error: { code: 'FORBIDDEN' } } })
  expect(await ada.http('DELETE', address(open))).toMatchObject({ status: 200, body: { topics: [granted] } })
  expect(await asked(socket, 'unsubscribe', { topic: granted })).toEqual({ topics: [] })
  expect(await ada.http('PUT', address('not a topic'))).toMatchObject({ status: 400 })
})

test('a topic of several words is one name in an address', async () => {
  const ada = await servers.user('Ada')
  await servers.db.query(`INSERT INTO topics (name, is_public) VALUES ('team/ops:night', true)`)
  expect(await ada.http('PUT', address('team/ops:night'))).toMatchObject({ body: { topics: ['team/ops:night'] } })
  expect(await ada.http('DELETE', address('team/ops:night'))).toMatchObject({ body: { topics: [] } })
})

test('many topics are listed in pages, each once', async () => {
  const ada = await servers.user('Ada')
  const names = await Promise.all(Array.from({ length: limits.topicsPage + 1 }, () => publicTopic(servers)))
  // One that is public and granted is one.
  await servers.db.query('INSERT INTO topic_access (user_id, topic) SELECT $1, unnest($2::text[])', [ada.id, names])
  const listed: string[] = []
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: TopicsPage = await topicsOf(ada, cursor && `?cursor=${encodeURIComponent(cursor)}`)
    expect(page.open.length).toBeLessThanOrEqual(limits.topicsPage)
    listed.push(...page.open)
    cursor = page.nextCursor
  }
  expect(listed).toEqual(expect.arrayContaining(names))
  expect(new Set(listed).size).toBe(listed.length)
})

test('who subscribed finds what was sent to the topic while nothing of theirs was connected', async () => {
  const ada = await servers.user('Ada')
  const topic = await publicTopic(servers)
  await ada.http('PUT', address(topic))
  expect(await notify(topic)).toMatchObject({ count: 1 })
  expect((await ada.http('GET', '/api/notifications')).body).toMatchObject({
    notifications: [{ title: 'News' }],
    unread: 1,
  })
})

test('a grant that is taken ends the subscription, and giving it back does not begin it again', async () => {
  const ada = await servers.user('Ada')
  const topic = await privateTopic(servers, ada)
  const socket = await ada.connectNotifications()
  await asked(socket, 'subscribe', topic)
  await revoke(ada, topic)
  expect(await followed(ada)).toEqual([])
  expect(await notify(topic)).toMatchObject({ count: 0 })
  await servers.db.query('INSERT INTO topic_access VALUES ($1, $2)', [ada.id, topic])
  expect(await notify(topic)).toMatchObject({ count: 0 })
})

test('a topic that becomes private keeps those it is granted to, and loses the others', async () => {
  const [ada, grace] = [await servers.user('Ada'), await servers.user('Grace')]
  const topic = await privateTopic(servers, ada)
  await servers.db.query('UPDATE topics SET is_public = true WHERE name = $1', [topic])
  for (const user of [ada, grace]) await asked(await user.connectNotifications(), 'subscribe', topic)
  await revoke(ada, topic)
  expect(await followed(ada), 'it is public still').toEqual([topic])
  await servers.db.query('INSERT INTO topic_access VALUES ($1, $2)', [ada.id, topic])
  await servers.db.query('UPDATE topics SET is_public = false WHERE name = $1', [topic])
  expect([await followed(ada), await followed(grace)]).toEqual([[topic], []])
})

test('delivery asks again: a subscription without access, however it came there, gets nothing', async () => {
  const ada = await servers.user('Ada')
  const topic = await privateTopic(servers)
  // The database passes it over as well.
  await servers.db.query('ALTER TABLE topic_subscriptions DISABLE TRIGGER refuse_subscription')
  await servers.db.query('INSERT INTO topic_subscriptions (user_id, topic) VALUES ($1, $2)', [ada.id, topic])
  await servers.db.query('ALTER TABLE topic_subscriptions ENABLE TRIGGER refuse_subscription')
  expect(await followed(ada)).toEqual([topic])
  expect(await notify(topic)).toMatchObject({ count: 0 })
})

test('who subscribes while the grant is taken does not follow it, whichever is first', async () => {
  const ada = await servers.user('Ada')
  const socket = await ada.connectNotifications()
  for (let round = 0; round < 15; round++) {
    const topic = await privateTopic(servers, ada)
    await Promise.all([ask(socket, 'subscribe', topic), revoke(ada, topic), ask(socket, 'subscribe', topic)])
    expect(await followed(ada)).toEqual([])
  }
})

test('fifty subscriptions at once for the last place take one', async () => {
  const ada = await servers.user('Ada')
  await servers.db.query(
    `WITH made AS (INSERT INTO topics (name, is_public) SELECT 'full-' || n, true FROM generate_series(1, $2::int) n RETURNING name)
     INSERT INTO topic_subscriptions (user_id, topic) SELECT $1, name FROM made`,
    [ada.id, limits.topics - 1],
  )
  const names = await Promise.all(Array.from({ length: 50 }, () => publicTopic(servers)))
  const sockets = await Promise.all([ada.connectNotifications(), ada.connectNotifications()])
  const replies = await Promise.all(names.map((name, i) => ask(sockets[i % 2] ?? sockets[0], 'subscribe', name)))
  expect(replies.filter(({ ok }) => ok)).toHaveLength(1)
  const refused = replies.flatMap((reply) => (reply.ok ? [] : [reply.error.code]))
  expect(new Set(refused)).toEqual(new Set(['BAD_REQUEST']))
  expect(await followed(ada)).toHaveLength(limits.topics)
})
