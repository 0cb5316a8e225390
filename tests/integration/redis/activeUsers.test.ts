import { Redis } from 'ioredis'
import { beforeEach, expect, test } from 'vitest'
import { connectRedis } from '@/lib/redis/connectRedis'
import { InMemoryActiveUsersStore } from '@/lib/sockets/presence/InMemoryActiveUsersStore'
import { PresenceLeases } from '@/lib/sockets/presence/PresenceLeases'
import { RedisActiveUsersStore } from '@/lib/sockets/presence/RedisActiveUsersStore'
import { silentLogger } from '@/services/shared/Logger'
import type { RedisServer } from '../../support/redis/RedisServer'
import { startTestRedis } from '../../support/redis/startTestRedis'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

let server: RedisServer
let operator: Redis
/** The stores of two processes. */
let one: RedisActiveUsersStore
let two: RedisActiveUsersStore

async function startStore(): Promise<RedisActiveUsersStore> {
  const redis = connectRedis({ urls: [server.url], name: 'test' })
  onTeardown(() => redis.disconnect())
  await waitFor(() => redis.status === 'ready')
  return new RedisActiveUsersStore({
    leases: new PresenceLeases(redis),
    own: new InMemoryActiveUsersStore(),
    link: { isUp: true, upForMs: 60_000 },
    logger: silentLogger,
  })
}

beforeEach(async () => {
  server = await startTestRedis()
  operator = new Redis(server.url)
  onTeardown(() => operator.disconnect())
  one = await startStore()
  two = await startStore()
})

test('who is connected to one process is online to all, and listed once', async () => {
  await one.addUser('ada', 'tab')
  await two.addUser('ada', 'phone')
  await two.addUser('grace', 'desk')
  for (const store of [one, two]) {
    expect((await store.getUser('ada'))?.connections.toSorted()).toEqual(['phone', 'tab'])
    expect((await store.getAllUsers()).toSorted()).toEqual(['ada', 'grace'])
    expect(await store.isOnline('grace')).toBe(true)
  }
  expect([one.holds('grace'), two.holds('grace')]).toEqual([false, true])
})

test('who leaves one process may be elsewhere; who leaves the last is gone everywhere, and known to have left', async () => {
  await one.addUser('ada', 'tab')
  await two.addUser('ada', 'phone')
  expect(await one.removeUser('ada', 'tab')).toBe('elsewhere')
  expect(await one.isOnline('ada')).toBe(true)
  expect(await two.removeUser('ada', 'phone', 20)).toBe('nowhere')
  await waitFor(async () => !(await one.isOnline('ada')))
  expect((await one.getUsers(['ada'])).get('ada')).toEqual({ leftAt: expect.any(Date) })
  expect(await two.getAllUsers()).toEqual([])
})

test('away is what all processes together say', async () => {
  await one.addUser('ada', 'tab')
  await two.addUser('ada', 'phone')
  await one.setAway('ada', 'tab', true)
  expect((await two.getUser('ada'))?.away).toBe(false)
  await two.setAway('ada', 'phone', true)
  for (const store of [one, two]) expect((await store.getUser('ada'))?.away).toBe(true)
})

test('a connection that ended leaves no ghost when its last ping comes late', async () => {
  await one.addUser('ada', 'tab')
  await one.removeUser('ada', 'tab')
  await one.setAway('ada', 'tab', true)
  expect(await two.isOnline('ada')).toBe(false)
})

test('a Redis that was emptied learns again who is connected', async () => {
  await one.addUser('ada', 'tab')
  await one.setAway('ada', 'tab', true)
  await operator.flushall()
  expect(await two.isOnline('ada')).toBe(false)
  await one.renew()
  expect(await two.getUser('ada')).toEqual({ connections: ['tab'], away: true })
})

/** As if so much time had passed: every lease ends at once. */
async function endLeases(userId: string) {
  const key = `tandem:{presence}:user:${userId}`
  const fields = Object.keys(await operator.hgetall(key))
  for (const field of fields) await operator.hset(key, field, '1:0')
  await operator.zadd('tandem:{presence}:online', 1, userId)
}

test('the people of a process that died are told to be gone by one of the others', async () => {
  await one.addUser('ada', 'tab') // and this process is never heard of again
  await two.addUser('grace', 'desk')
  await endLeases('ada')
  const three = await startStore()
  const expired = await Promise.all([two.takeExpired(), three.takeExpired()])
  expect(expired.flat()).toEqual(['ada'])
  expect(await two.getAllUsers()).toEqual(['grace'])
})

test('a process that stops keeps its people for the seconds that they need to reach another', async () => {
  await one.addUser('ada', 'tab')
  const leftMs = () => operator.pttl('tandem:{presence}:user:ada')
  expect(await leftMs()).toBeGreaterThan(40_000)
  await one.leave()
  expect(await leftMs()).toBeLessThanOrEqual(10_000)
  expect(await two.isOnline('ada')).toBe(true)
})
