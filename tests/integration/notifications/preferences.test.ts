import { beforeAll, expect, test } from 'vitest'
import { channelNames, type NotificationPreferences } from '@/contracts/preferences'
import { choices } from '../../support/choices'
import { startServers, type TestServers } from '../../support/servers/servers'
import { asked, heard, http, type TestUser } from '../../support/servers/testUser'
import { publicTopic } from '../../support/servers/topics'
import { waitFor } from '../../support/waitFor'

let servers: TestServers

beforeAll(async () => {
  servers = await startServers({ sockets: 2 })
})

const address = '/api/notifications/preferences'
const read = async (user: TestUser) => (await user.http('GET', address)).body as NotificationPreferences // the contract's answer
const change = (user: TestUser, news: object) => user.http('PATCH', address, news)

test('what is changed is kept, for this person alone; the rest stays as it was', async () => {
  const [ada, grace] = [await servers.user('Ada'), await servers.user('Grace')]
  const before = await read(ada)
  expect(before.quietHours).toEqual({ enabled: false, from: '22:00', to: '07:00' })
  expect(Object.values(before.kinds).every(({ bell }) => bell)).toBe(true)

  const { status, body } = await change(ada, { kinds: { warning: { bell: false } }, quietHours: { from: '21:30' } })
  expect(status).toBe(200)
  const after = {
    ...before,
    kinds: { ...before.kinds, warning: choices({ bell: false }) },
    quietHours: { ...before.quietHours, from: '21:30' },
  }
  expect([body, await read(ada)]).toEqual([after, after])

  await change(ada, { kinds: { direct: { bell: false } }, quietHours: { enabled: true, timeZone: 'Asia/Kathmandu' } })
  expect(await read(ada)).toEqual({
    ...after,
    kinds: { ...after.kinds, direct: choices({ bell: false }) },
    quietHours: { ...after.quietHours, enabled: true, timeZone: 'Asia/Kathmandu' },
  })
  expect(await read(grace)).toEqual(before)
})

test('changes from several devices at the same moment all hold', async () => {
  const ada = await servers.user('Ada')
  const before = await read(ada)
  const kinds = Object.keys(before.kinds)
  await Promise.all([
    ...kinds.map((kind) => change(ada, { kinds: { [kind]: { bell: false } } })),
    change(ada, { quietHours: { from: '20:00' } }),
    change(ada, { quietHours: { to: '08:00' } }),
  ])
  const { kinds: after, quietHours } = await read(ada)
  expect(Object.values(after).map(({ bell }) => bell)).toEqual(kinds.map(() => false))
  expect(quietHours).toMatchObject({ from: '20:00', to: '08:00' })
})

test('what was chosen for a channel stays when another one is chosen', async () => {
  const ada = await servers.user('Ada')
  // As an installation with more channels writes it.
  await servers.db.query(`SELECT change_notification_preferences($1, '{"info": {"pigeon": true}}', '{}', '{}')`, [
    ada.id,
  ])
  await change(ada, { kinds: { info: { bell: false } } })
  const { rows } = await servers.db.query('SELECT kinds FROM notification_preferences WHERE user_id = $1', [ada.id])
  expect(rows).toEqual([{ kinds: { info: { pigeon: true, bell: false } } }])
})

test('a kind or a channel that there is not, and what is no time zone, is refused with a sentence', async () => {
  const ada = await servers.user('Ada')
  for (const [news, sentence] of [
    [{ kinds: { info: { pigeon: true } } }, `A channel is one of ${channelNames.join(', ')}.`],
    [{ kinds: { postcard: { bell: true } } }, 'A kind is one of direct, group, mention'],
    [{ quietHours: { timeZone: 'Mars/Olympus' } }, 'Give a time zone by its IANA name, like Europe/Berlin.'],
    [{ quietHours: { from: '25:00' } }, 'Give a time of day, like 22:00.'],
  ] as const) {
    const { status, body } = await change(ada, news)
    expect([status, body]).toEqual([
      400,
      { error: expect.objectContaining({ message: expect.stringContaining(sentence) }) },
    ])
  }
  expect((await read(ada)).kinds.info).toEqual(choices())
})

test('a topic has preferences as long as it is followed', async () => {
  const ada = await servers.user('Ada')
  const [topic, other] = [await publicTopic(servers), await publicTopic(servers)]
  const silent = { topics: { [topic]: { bell: false } } }
  expect(await change(ada, silent), 'not followed').toMatchObject({ status: 400 })
  await ada.http('PUT', `/api/notifications/topics/${topic}`)
  expect((await read(ada)).topics).toEqual({ [topic]: choices() })

  const withOther = { kinds: { info: { bell: false } }, topics: { ...silent.topics, [other]: { bell: false } } }
  expect(await change(ada, withOther), 'one of two').toMatchObject({ status: 400 })
  expect(await read(ada)).toMatchObject({ topics: { [topic]: { bell: true } }, kinds: { info: { bell: true } } })
  expect((await change(ada, silent)).body).toMatchObject(silent)

  await ada.http('DELETE', `/api/notifications/topics/${topic}`)
  expect((await read(ada)).topics).toEqual({})
  await ada.http('PUT', `/api/notifications/topics/${topic}`)
  expect((await read(ada)).topics).toEqual({ [topic]: choices() })
})

test('every page of the person is told of a change, on every instance', async () => {
  const ada = await servers.user('Ada')
  const topic = await publicTopic(servers)
  await ada.http('PUT', `/api/notifications/topics/${topic}`)
  const tabs = await Promise.all(servers.sockets.map(({ url }) => ada.connectNotifications({ url })))
  const told = tabs.map((tab) => heard(tab, 'settingsUpdated'))
  const news = [
    { kinds: { info: { bell: false } } },
    { quietHours: { enabled: true } },
    { topics: { [topic]: { bell: false } } },
  ]
  for (const [i, one] of news.entries()) {
    await change(ada, one)
    await waitFor(() => told.every((log) => log.length === i + 1))
  }
})

test('a notification says its topic; preferences change nothing of what is listed and counted', async () => {
  const ada = await servers.user('Ada')
  const topic = await publicTopic(servers)
  const [tab] = await Promise.all([ada.connectNotifications()])
  await asked(tab, 'subscribe', topic)
  const news = heard(tab, 'newNotification')
  await change(ada, {
    kinds: { info: { bell: false } },
    topics: { [topic]: { bell: false } },
    quietHours: { enabled: true, from: '00:00', to: '00:00' },
  })
  const content = { topic, title: 'News', message: 'There is news.' }
  await http(servers.webUrl, 'POST', '/api/notifications', content, { authorization: `Bearer ${servers.serviceKey}` })
  await waitFor(() => news.length === 1)
  expect(news[0]).toMatchObject(content)
  expect((await ada.http('GET', '/api/notifications')).body).toMatchObject({ notifications: [content], unread: 1 })
})
