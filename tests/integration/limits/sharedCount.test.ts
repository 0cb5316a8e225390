import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { beforeAll, expect, test } from 'vitest'
import { AppError } from '@/contracts/errors'
import { createRateLimiter } from '@/lib/rate-limit/createRateLimiter'
import { connectRedis, type RedisClient } from '@/lib/redis/connectRedis'
import { silentLogger } from '@/services/shared/Logger'
import type { RedisServer } from '../../support/redis/RedisServer'
import { startTestRedis } from '../../support/redis/startTestRedis'
import { onlyLimits } from '../../support/servers/rateLimits'
import { twoPeopleInARoom } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { ask } from '../../support/servers/testUser'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

const limits = onlyLimits({ 'chat-messages': { points: 6, seconds: 60 } })

let servers: TestServers
let redis: RedisServer

/** As a process connects: commands never wait in a queue for a connection. */
async function connect(): Promise<RedisClient> {
  const client = connectRedis({ urls: [redis.url], name: 'test' })
  onTeardown(() => client.disconnect())
  await waitFor(() => client.status === 'ready')
  return client
}

beforeAll(async () => {
  redis = await startTestRedis()
  servers = await startServers({ limits, sockets: 2, redisUrl: redis.url })
})

async function talk() {
  const { ada, roomId } = await twoPeopleInARoom(servers)
  const sockets = await Promise.all(servers.sockets.map(({ url }) => ada.connect({ url })))
  const message = () => ({ roomId, message: 'Hello', clientId: randomUUID() })
  const ways = [
    ...sockets.map((socket) => async () => (await ask(socket, 'sendMessage', message())).ok),
    async () => (await ada.http('POST', '/api/chat/messages', message())).status === 201,
  ]
  /** Sends so many messages, over both instances and HTTP by turns; how many were taken. */
  const send = async (count: number) => {
    let taken = 0
    for (let sent = 0; sent < count; sent++) if (await ways[sent % ways.length]?.()) taken += 1
    return taken
  }
  return { ada, roomId, sockets, ways, send, message }
}

/** Every process counts together again. */
const untilShared = () =>
  waitFor(
    async () => {
      const { send } = await talk()
      return (await send(12)) === 6
    },
    { timeoutMs: 30_000 },
  )

test('two socket processes and the web process share one count: whatever comes above it is refused everywhere', async () => {
  const { send, ways, ada } = await talk()
  expect(await send(6)).toBe(6)
  expect(await Promise.all(ways.map((way) => way()))).toEqual([false, false, false])
  const client = await connect()
  expect(await client.keys('*')).toContain(`tandem:limit:chat-messages:${ada.id}`)
})

test('attempts to sign in are counted together too, and a right password takes them back everywhere', async () => {
  const clients = await Promise.all([connect(), connect()])
  const limiters = clients.map((client) =>
    createRateLimiter({
      limits: onlyLimits({ auth: { points: 2, seconds: 60 } }),
      redis: client,
      logger: silentLogger,
    }),
  )
  const [here, there] = limiters.map(({ signIn }) => async (address: string, isRight: boolean) => {
    const work = async () => {
      if (!isRight) throw new AppError('UNAUTHENTICATED')
      return 'OK'
    }
    const attempt = signIn({ account: 'ada@example.com', address }, () => {}, work)
    return attempt.catch((error: AppError) => error.code)
  })
  if (!here || !there) throw new Error('There are two.')
  expect([await here('home', false), await there('home', true), await here('home', false)]).toEqual([
    'UNAUTHENTICATED',
    'OK',
    'UNAUTHENTICATED',
  ])
  for (let bot = 0; bot < 20; bot++) await (bot % 2 ? here : there)(`bot ${bot}`, false)
  expect([await here('elsewhere', true), await there('elsewhere', true)]).toEqual(['RATE_LIMITED', 'RATE_LIMITED'])
  expect([await here('home', true), await there('home', true)]).toEqual(['OK', 'OK'])
  expect(await clients[0]?.get('tandem:limit:auth-address:home')).toBe('2') // the wrong passwords
})

test('a Redis that is killed fails no command: each process counts alone, and together again when it is back', async () => {
  const { send } = await talk()
  await redis.kill()
  // Three processes with a count of six each: all of these are taken, and limits still hold.
  expect(await send(18)).toBe(18)
  expect(await send(3)).toBe(0)
  await redis.start()
  await untilShared()
})

test('a Redis that is frozen fails no command, and hangs none', async () => {
  const { send } = await talk()
  redis.freeze()
  try {
    // Any command that waited for Redis itself would never be answered.
    expect(await send(18)).toBe(18)
    expect(await send(3)).toBe(0)
  } finally {
    redis.thaw()
  }
  await untilShared()
})

test('while Redis is frozen, few commands wait for it at all', async () => {
  const client = await connect()
  if (!(client instanceof Redis)) throw new Error('One address is no cluster.')
  const { count } = createRateLimiter({ limits, redis: client, logger: silentLogger })
  redis.freeze()
  try {
    await count('chat-messages', 'ada')
    let asks = 0
    const { sendCommand } = client
    client.sendCommand = (...args) => {
      asks += 1
      return sendCommand.apply(client, args)
    }
    for (let sent = 0; sent < 50; sent++) await count('chat-messages', 'ada')
    // One every two seconds; these fifty take milliseconds.
    expect(asks).toBeLessThan(5)
  } finally {
    redis.thaw()
  }
  await untilShared()
})
