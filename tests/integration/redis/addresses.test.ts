import { expect, test } from 'vitest'
import { RedisLink } from '@/lib/redis/RedisLink'
import { PresenceLeases } from '@/lib/sockets/presence/PresenceLeases'
import { recordingLogger } from '../../support/recordingLogger'
import { startTestRedis, startTestRedisCluster } from '../../support/redis/startTestRedis'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

async function link(...urls: string[]) {
  const { logger, lines } = recordingLogger()
  const redis = new RedisLink({ urls, logger })
  onTeardown(() => redis.stop())
  await redis.start(5_000)
  return { redis, lines }
}

test('an address with a password', async () => {
  const server = await startTestRedis(['--requirepass', 's:cr/t'])
  const { redis, lines } = await link(`redis://:${encodeURIComponent('s:cr/t')}@127.0.0.1:${server.port}`)
  expect(redis.isUp).toBe(true)
  expect(redis.latencyMs).toBeGreaterThan(0)
  expect(lines).toEqual([])
})

test('a wrong password leaves it down, said once and without the password', async () => {
  const server = await startTestRedis(['--requirepass', 'right'])
  const { logger, lines } = recordingLogger()
  const redis = new RedisLink({ urls: [`redis://:wrong@127.0.0.1:${server.port}`], logger })
  onTeardown(() => redis.stop())
  await redis.start(500)
  expect(redis.isUp).toBe(false)
  expect(lines).toEqual(['warn Redis is down; going on without it'])
})

test('some nodes of a cluster: published everywhere, and leases in one slot', async () => {
  const [first = '', second = ''] = await startTestRedisCluster()
  const [one, other] = await Promise.all([link(first, second), link(second, first)])
  expect([one.redis.isUp, other.redis.isUp]).toEqual([true, true])

  const heard: string[] = []
  other.redis.forAdapter.subscriber.on('pmessage', (_pattern: string, _channel: string, text: string) =>
    heard.push(text),
  )
  await other.redis.forAdapter.subscriber.psubscribe('rooms:*')
  await waitFor(async () => {
    await one.redis.forAdapter.publisher.publish('rooms:1', 'hello')
    return heard.includes('hello')
  })

  const leases = new PresenceLeases(one.redis.commands)
  await leases.put('ada', [['a', false]], 45_000)
  await leases.put('grace', [['b', true]], 45_000)
  const seen = new PresenceLeases(other.redis.commands)
  expect(await seen.read(['ada', 'grace', 'nobody'])).toEqual(
    new Map([
      ['ada', { connections: ['a'], away: false }],
      ['grace', { connections: ['b'], away: true }],
    ]),
  )
})
