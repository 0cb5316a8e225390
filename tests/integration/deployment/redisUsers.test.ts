import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { beforeAll, expect, test } from 'vitest'
import { parse } from 'yaml'
import { interpolate } from '../../support/deployment/compose'
import type { RedisServer } from '../../support/redis/RedisServer'
import { startTestRedis } from '../../support/redis/startTestRedis'
import { twoPeopleInARoom } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { asked, heard, http } from '../../support/servers/testUser'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

const password = 'of-redis'
let redis: RedisServer
let servers: TestServers

/** With the very users of docker-compose.yml. */
beforeAll(async () => {
  const { configs } = parse(await readFile('docker-compose.yml', 'utf8'), { merge: true, maxAliasCount: 200 })
  const dir = await mkdtemp(join(tmpdir(), 'tandem-redis-users-'))
  onTeardown(() => rm(dir, { recursive: true, force: true }))
  const file = join(dir, 'users.acl')
  await writeFile(file, interpolate(configs.redis_users.content, { REDIS_PASSWORD: password }))
  redis = await startTestRedis(['--aclfile', file])
  const redisUrl = redis.url.replace('//', `//tandem:${password}@`)
  servers = await startServers({ sockets: 2, redisUrl, limits: { 'chat-messages': { points: 2, seconds: 60 } } })
})

function connect(options: { username?: string; password?: string }): Redis {
  const client = new Redis({ port: redis.port, host: '127.0.0.1', lazyConnect: true, retryStrategy: null, ...options })
  client.on('error', () => {})
  onTeardown(() => client.disconnect())
  return client
}

test('with that user two socket servers are linked, and count together', async () => {
  const [first, second] = servers.sockets
  for (const { url } of servers.sockets) {
    await waitFor(async () => (await http(url, 'GET', '/health/ready')).status === 200)
    expect((await http(url, 'GET', '/health/ready')).body).toMatchObject({ status: 'ok' })
  }
  const { ada, grace, roomId } = await twoPeopleInARoom(servers)
  const there = await grace.connect({ url: second?.url ?? '' })
  const messages = heard(there, 'receiveMessage')
  const here = await ada.connect({ url: first.url })
  await asked(here, 'sendMessage', { roomId, message: 'Hello', clientId: 'one' })
  await waitFor(() => messages.length === 1)
  const elsewhere = await ada.connect({ url: second?.url ?? '' })
  await asked(elsewhere, 'sendMessage', { roomId, message: 'Hello', clientId: 'two' })
  const refused = await elsewhere.emitWithAck('sendMessage', { roomId, message: 'Hello', clientId: 'three' })
  expect(refused).toMatchObject({ ok: false, error: { code: 'RATE_LIMITED' } })
})

test('nobody else is let in, and it may neither empty nor reconfigure what it uses', async () => {
  await expect(connect({}).ping()).rejects.toThrow(/NOAUTH/)
  await expect(connect({ username: 'tandem', password: 'a guess' }).connect()).rejects.toThrow()
  const client = connect({ username: 'tandem', password })
  for (const command of [['FLUSHALL'], ['CONFIG', 'GET', '*'], ['KEYS', '*'], ['ACL', 'LIST'], ['SET', 'other', 'x']]) {
    const [name = '', ...args] = command
    await expect(client.call(name, ...args), command.join(' ')).rejects.toThrow(/NOPERM/)
  }
})
