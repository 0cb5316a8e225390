import { beforeAll, describe, expect, test } from 'vitest'
import { MetricsSnapshot } from '@/contracts/admin'
import type { RedisServer } from '../../support/redis/RedisServer'
import { startTestRedis } from '../../support/redis/startTestRedis'
import { type SocketInstance, startServers, type TestServers } from '../../support/servers/servers'
import { ask, asked, heard, type TestUser } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'
import { adminUser } from './support'

let servers: TestServers
let redis: RedisServer
let one: SocketInstance
let two: SocketInstance
let ada: TestUser
let bob: TestUser

beforeAll(async () => {
  redis = await startTestRedis()
  servers = await startServers()
  one = await servers.startSocket({ redisUrls: [redis.url] })
  two = await servers.startSocket({ redisUrls: [redis.url] })
  ada = await adminUser(servers)
  bob = await servers.user('Bob')
})

describe('two instances on one bus', () => {
  test('are one: sums of connections, and each person once', async () => {
    const admin = await ada.connectAdmin({ url: one.url })
    await ada.connect({ url: two.url })
    await bob.connect({ url: one.url })
    await bob.connect({ url: two.url })

    const snapshot = await asked(admin, 'metrics:request', undefined)

    expect(MetricsSnapshot.parse(snapshot)).toEqual(snapshot)
    expect(snapshot.instances.map(({ status }) => status)).toEqual(['ok', 'ok'])
    expect(snapshot.instances[0]?.id).toBe(snapshot.instance)
    expect(snapshot.totals.connections).toMatchObject({ total: 4, chat: 3, admin: 1 })
    expect(snapshot.instances.map(({ metrics }) => metrics.connections.total)).toEqual([2, 2])
    expect(snapshot.totals.presence.online).toBe(2)
    expect(snapshot.totals.redis).toMatchObject({ configured: true, connected: true })
  })

  test('list their connections and rooms together, in pages', async () => {
    const admin = await ada.connectAdmin({ url: one.url })
    const carols = await Promise.all(['Carol A', 'Carol B', 'Carol C'].map((name) => servers.user(name)))
    await Promise.all(carols.map((carol, i) => carol.connect({ url: i % 2 === 0 ? one.url : two.url })))
    const page = { query: 'carol', sort: 'userName', limit: 2 } as const

    const first = await asked(admin, 'admin:connections', page)
    expect(first).toMatchObject({ total: 3, silent: [], nextCursor: expect.any(String) })
    const second = await asked(admin, 'admin:connections', { ...page, cursor: first.nextCursor ?? '' })
    expect(second.nextCursor).toBeNull()
    const all = [...first.connections, ...second.connections]
    expect(all.map(({ userName }) => userName)).toEqual(['Carol A', 'Carol B', 'Carol C'])
    expect(new Set(all.map(({ instance }) => instance)).size).toBe(2)
    expect(all[0]).toMatchObject({
      namespace: '/chat',
      transport: 'websocket',
      away: false,
      stale: false,
      role: 'user',
    })

    await bob.connect({ url: one.url })
    await bob.connect({ url: two.url })
    const rooms = await asked(admin, 'admin:rooms', { query: `user:${bob.id}` })
    expect(rooms).toMatchObject({ total: 1, rooms: [{ name: `user:${bob.id}`, prefix: 'user', size: 2 }] })
  })

  test('close a connection of the other', async () => {
    const admin = await ada.connectAdmin({ url: one.url })
    const there = await bob.connect({ url: two.url })
    const reasons = heardDisconnects(there)
    // It has none any more once it is closed, which it may hear before the answer comes.
    const { id = '' } = there

    const closed = await asked(admin, 'admin:disconnect', { id })
    expect(closed.id).toBe(id)
    await waitFor(() => reasons.length === 1)
    const { instances } = await asked(admin, 'metrics:request', undefined)
    expect(instances[1]?.id).toBe(closed.instance)
    expect(await ask(admin, 'admin:disconnect', { id: closed.id })).toMatchObject({
      ok: false,
      error: { code: 'NOT_FOUND' },
    })
  })

  test('an instance that left is not missed', async () => {
    const three = await servers.startSocket({ redisUrls: [redis.url] })
    const admin = await ada.connectAdmin({ url: one.url })
    expect((await asked(admin, 'metrics:request', undefined)).instances).toHaveLength(3)
    await three.app.close()
    const { instances } = await asked(admin, 'metrics:request', undefined)
    expect(instances.map(({ status }) => status)).toEqual(['ok', 'ok'])
  })

  test('while Redis is frozen the other is shown as silent with its last figures, and while it is gone too', async () => {
    const admin = await ada.connectAdmin({ url: one.url })
    const before = await asked(admin, 'metrics:request', undefined)

    redis.freeze()
    const frozen = await asked(admin, 'metrics:request', undefined)
    expect(frozen.instances.map(({ status }) => status)).toEqual(['ok', 'silent'])
    expect(frozen.instances[1]).toEqual({ ...before.instances[1], status: 'silent' })
    // What may have ended long ago is not counted in.
    expect(frozen.totals.connections.total).toBe(frozen.instances[0]?.metrics.connections.total)
    const list = await asked(admin, 'admin:connections', {})
    expect(list.silent).toEqual([frozen.instances[1]?.id])
    redis.thaw()

    await redis.kill()
    await waitFor(async () => {
      const { instances } = await asked(admin, 'metrics:request', undefined)
      return instances[0]?.status === 'degraded' && instances[1]?.status === 'silent'
    })
    await redis.start()
    await waitFor(async () => {
      const { instances } = await asked(admin, 'metrics:request', undefined)
      return instances.every(({ status }) => status === 'ok') && instances.length === 2
    })
  })
})

function heardDisconnects(client: Awaited<ReturnType<TestUser['connect']>>): string[] {
  const reasons: string[] = []
  client.on('disconnect', (reason) => reasons.push(reason))
  return reasons
}

test('watchers are told every five seconds, from one computation, only what is new', async () => {
  const [first, second] = await Promise.all([ada.connectAdmin({ url: one.url }), ada.connectAdmin({ url: one.url })])
  const snapshots = heard(first, 'metrics:snapshot')
  const updates = [heard(first, 'metrics:update'), heard(second, 'metrics:update')] as const
  const reply = await asked(first, 'metrics:request', undefined)
  expect(snapshots).toEqual([reply])
  await asked(second, 'metrics:request', undefined)

  await waitFor(() => updates.every((heardOf) => heardOf.length >= 2), { timeoutMs: 30_000 })

  const [seen, other] = [updates[0].slice(0, 2), updates[1].slice(0, 2)]
  expect(seen.map(({ at }) => at)).toEqual(other.map(({ at }) => at))
  const points = [...reply.history, ...seen.flatMap(({ history }) => history)].map(({ at }) => at)
  expect(points).toEqual([...new Set(points)].sort())
  expect(seen[1]?.history).toHaveLength(1)
})
