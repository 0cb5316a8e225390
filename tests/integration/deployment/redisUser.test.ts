import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { Metrics } from '@/contracts/admin'
import { composeService, interpolate } from '../../support/deployment/compose'
import { startTestRedis } from '../../support/redis/startTestRedis'
import { twoPeopleInARoom } from '../../support/servers/rooms'
import { startServers } from '../../support/servers/servers'
import { asked, heard } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'

const REDIS_PASSWORD = 'the-password-of-this-test'

/** redis-server with the users that docker-compose.yml gives it, and one more who sees what was refused. */
async function startAsDeployed() {
  const command = (composeService('redis').command ?? []).map((part) => interpolate(part, { REDIS_PASSWORD }))
  const redis = await startTestRedis([
    ...command.slice(command.indexOf('--user')),
    '--user',
    'looker',
    'on',
    'nopass',
    '+acl',
  ])
  const url = interpolate(composeService('ws').environment?.REDIS_URL ?? '', { REDIS_PASSWORD })
  return { redis, url: url.replace('@redis:6379', `@127.0.0.1:${redis.port}`) }
}

test('Redis carries what is live for a user who may touch nothing but our own keys', async () => {
  const { redis, url } = await startAsDeployed()
  const servers = await startServers({ limits: { 'chat-messages': { points: 1_000, seconds: 60 } } })
  const redisUrls = [url]
  const [one, other] = await Promise.all([servers.startSocket({ redisUrls }), servers.startSocket({ redisUrls })])
  const { ada, grace, roomId } = await twoPeopleInARoom(servers)
  const [sender, reader] = await Promise.all([ada.connect({ url: one.url }), grace.connect({ url: other.url })])
  const isConnected = async ({ url: address }: { url: string }) => {
    const figures = Metrics.parse(await (await fetch(`${address}/metrics`)).json())
    return figures.redis.connected
  }
  await waitFor(async () => (await isConnected(one)) && (await isConnected(other)))
  const messages = heard(reader, 'receiveMessage')
  await asked(sender, 'sendMessage', { roomId, message: 'hello', clientId: 'one' })
  await waitFor(() => messages.length === 1)

  const looker = new Redis(redis.url, { username: 'looker', password: 'any', enableReadyCheck: false })
  expect(await looker.acl('LOG')).toEqual([])
  looker.disconnect()
})

test('that user administers nothing, and nobody gets in without a password', async () => {
  const { redis, url } = await startAsDeployed()
  const client = new Redis(url)
  for (const [command, ...args] of [
    ['FLUSHALL'],
    ['CONFIG', 'GET', 'requirepass'],
    ['KEYS', '*'],
    ['ACL', 'LIST'],
    ['GET', 'somebody-elses-key'],
  ] as const) {
    await expect(client.call(command, ...args), command).rejects.toThrow('NOPERM')
  }
  client.disconnect()

  const stranger = new Redis(redis.url, { enableReadyCheck: false, maxRetriesPerRequest: 0 })
  const refusals: string[] = []
  stranger.on('error', ({ message }: Error) => refusals.push(message))
  await expect(stranger.ping()).rejects.toThrow()
  expect(refusals[0]).toContain('NOAUTH')
  stranger.disconnect()
})
