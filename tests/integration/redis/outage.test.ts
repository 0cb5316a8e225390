import { randomUUID } from 'node:crypto'
import { beforeAll, beforeEach, expect, test } from 'vitest'
import { ChatMessage } from '@/contracts/chat'
import { announcements } from '../../support/postgres/announcements'
import { TcpProxy } from '../../support/proxy/TcpProxy'
import { recordingLogger } from '../../support/recordingLogger'
import type { RedisServer } from '../../support/redis/RedisServer'
import { startTestRedis } from '../../support/redis/startTestRedis'
import { directRoom, twoAcquaintances } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { asked, type ChatClient, heard, http, type TestUser } from '../../support/servers/testUser'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

let redis: RedisServer
let servers: TestServers
/** Before Redis, for the second instance alone. */
let cutOff: TcpProxy
let urls: string[]
let logged: string[]
let ada: TestUser
let grace: TestUser
let onFirst: ChatClient
let onSecond: ChatClient
let roomId: string

beforeAll(async () => {
  redis = await startTestRedis()
  servers = await startServers({ redisUrl: redis.url })
  const { logger, lines } = recordingLogger()
  logged = lines
  cutOff = await TcpProxy.start(redis.port)
  onTeardown(() => cutOff.stop())
  const second = await servers.startSocket({ redisUrls: [`redis://127.0.0.1:${cutOff.port}`] }, { logger })
  urls = [servers.sockets[0].url, second.url]
})

beforeEach(async () => {
  cutOff.calm()
  await redis.kill()
  await redis.start()
  await become('ok')
  logged.length = 0
  ;({ ada, grace, roomId } = await twoAcquaintances(servers))
  onFirst = await ada.connect({ url: urls[0] ?? '' })
  onSecond = await grace.connect({ url: urls[1] ?? '' })
})

const send = (client: ChatClient, message: string) =>
  asked(client, 'sendMessage', { roomId, message, clientId: randomUUID() })

const readiness = async () =>
  Promise.all(urls.map(async (url) => (await http(url, 'GET', '/health/ready')).body)) as Promise<{ status: string }[]>
const become = (status: 'ok' | 'degraded', ofLast = urls.length) =>
  waitFor(async () => (await readiness()).slice(-ofLast).every((answer) => answer.status === status))
const statusOf = async (url: string) => ((await http(url, 'GET', '/health/ready')).body as { status: string }).status // its answer

/** Waits until messages travel by Redis alone: some seconds after an outage the database still announces them. */
async function becomeCarried(): Promise<void> {
  const announced = await announcements(servers.databaseUrl)
  const isAnnounced = (sent: ChatMessage) =>
    announced.some(
      (change) =>
        change.type === 'messages' &&
        change.rooms.some(([, fromRev, toRev]) => fromRev <= sent.rev && sent.rev <= toRev),
    )
  await waitFor(
    async () => {
      const sent = await Promise.all([send(onFirst, 'announced?'), send(onSecond, 'announced?')])
      // What HTTP sends is announced always; what was committed before it is announced before it.
      const { body } = await ada.http('POST', '/api/chat/messages', {
        roomId,
        message: 'announced',
        clientId: randomUUID(),
      })
      await waitFor(() => isAnnounced(ChatMessage.parse(body)))
      return !sent.some(isAnnounced)
    },
    { what: 'messages to travel by Redis alone' },
  )
}

const outages: [string, () => Promise<void> | void, () => Promise<void> | void][] = [
  ['killed', () => redis.kill(), () => redis.start()],
  ['frozen', () => redis.freeze(), () => redis.thaw()],
  [
    'frozen and then replaced',
    () => redis.freeze(),
    async () => {
      await redis.kill()
      await redis.start()
    },
  ],
  [
    'out of reach for one instance',
    () => {
      cutOff.impose({ admit: 'swallow' })
      cutOff.silenceAll()
    },
    () => cutOff.calm(),
  ],
]

test.each(outages)(
  'Redis is %s: every message still reaches the other instance, both ways, and so it does afterwards',
  async (_how, begin, end) => {
    await becomeCarried()
    const [atFirst, atSecond] = [heard(onFirst, 'receiveMessage'), heard(onSecond, 'receiveMessage')]
    const said: string[] = []
    const texts = (view: ChatMessage[]) => {
      const bySeq = new Map(view.map((message) => [message.seq, message.message]))
      return [...bySeq].sort(([a], [b]) => a - b).flatMap(([, text]) => (text.startsWith('#') ? [text] : []))
    }
    /** From both sides and over HTTP, all the while; no client here catches up by itself. */
    const talk = async (times: number) => {
      for (let i = 0; i < times; i++) {
        const message = `#${said.length}`
        said.push(message)
        if (i % 3 === 0) await send(onFirst, message)
        else if (i % 3 === 1) await send(onSecond, message)
        else await ada.http('POST', '/api/chat/messages', { roomId, message, clientId: randomUUID() })
      }
    }
    await talk(6)
    await begin()
    await talk(30) // some of it is published into the void
    await waitFor(async () => (await readiness())[1]?.status === 'degraded')
    await talk(6)
    await end()
    await talk(6)
    await become('ok')
    await talk(6)
    for (const view of [atFirst, atSecond]) {
      await waitFor(() => texts(view).length === said.length)
      expect(texts(view)).toEqual(said)
    }
    expect(logged.filter((line) => line.includes('Redis'))).toEqual([
      'warn Redis is down; going on without it',
      'info Redis answers again',
    ])
  },
)

test('while Redis is down a session that ends closes its sockets on both instances', async () => {
  await redis.kill()
  await become('degraded')
  const graceOnFirst = await grace.connect({ url: urls[0] ?? '' })
  await grace.http('POST', '/api/auth/logout')
  await waitFor(() => !graceOnFirst.connected && !onSecond.connected, { timeoutMs: 5_000 })
  expect(onFirst.connected).toBe(true)
})

test('Redis comes back empty: who was here is here, and who left or came meanwhile is told', async () => {
  const third = await servers.user('Third')
  const { id } = await directRoom(ada, third)
  await servers.db.query('UPDATE participants SET has_written = true WHERE room_id = $1', [id])
  const watching = await ada.connectNotifications({ url: urls[0] ?? '' })
  const updates = heard(watching, 'presence:update')
  await redis.kill()
  await become('degraded')
  const thirdTab = await third.connectNotifications({ url: urls[1] ?? '' })
  onSecond.disconnect()
  await redis.start()
  await become('ok')
  await waitFor(() => updates.some((update) => update[third.id]?.isOnline))
  await waitFor(() => updates.some((update) => update[grace.id]?.isOnline === false))
  const all = (await asked(watching, 'presence:sync', undefined)) as Record<string, { isOnline: boolean }>
  expect(all[third.id]?.isOnline).toBe(true)
  expect(thirdTab.connected).toBe(true)
})

test('a connection to Redis that breaks before its subscriptions are answered has them when it comes back', async () => {
  let broken = 0
  cutOff.impose({
    tap: (link, from, chunk) => {
      if (from === 'server' || !/subscribe/i.test(chunk.toString('latin1'))) return 'pass'
      broken += 1
      link.reset()
      return 'swallow'
    },
  })
  cutOff.resetAll()
  await become('degraded', 1)
  await waitFor(() => broken >= 2)
  cutOff.calm()
  await become('ok')
  await becomeCarried()
  const [atFirst, atSecond] = [heard(onFirst, 'receiveMessage'), heard(onSecond, 'receiveMessage')]
  await send(onFirst, 'to the second')
  await send(onSecond, 'to the first')
  const texts = ['to the second', 'to the first']
  for (const view of [atFirst, atSecond]) {
    await waitFor(() => texts.every((text) => view.some(({ message }) => message === text)))
  }
})

test('a process starts while Redis is down, serves, and is linked when Redis comes', async () => {
  await redis.kill()
  const late = await servers.startSocket()
  await become('degraded')
  expect(await statusOf(late.url)).toBe('degraded')
  const onThird = await grace.connect({ url: late.url })
  const atThird = heard(onThird, 'receiveMessage')
  await send(onFirst, 'announced')
  await waitFor(() => atThird.length === 1)
  await redis.start()
  await become('ok')
  await waitFor(async () => (await statusOf(late.url)) === 'ok')
  await send(onFirst, 'published')
  await waitFor(() => atThird.some(({ message }) => message === 'published'))
})

test('the first link to Redis is logged once, also when Redis comes later than the process and goes once more', async () => {
  await redis.kill()
  const { logger, entries } = recordingLogger()
  const { url } = await servers.startSocket({}, { logger })
  const status = () => statusOf(url)
  const said = () =>
    entries.filter(({ message }) => message === 'Redis adapter enabled').map(({ level, scope }) => ({ level, scope }))
  expect(await status()).toBe('degraded')
  expect(said()).toEqual([])

  for (let round = 0; round < 2; round++) {
    await redis.start()
    await waitFor(async () => (await status()) === 'ok')
    expect(said()).toEqual([{ level: 'info', scope: 'Socket.IO' }])
    await redis.kill()
    await waitFor(async () => (await status()) === 'degraded')
  }
})
