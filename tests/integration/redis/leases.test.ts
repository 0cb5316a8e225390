import { beforeEach, expect, test } from 'vitest'
import { connectRedis } from '@/lib/redis/connectRedis'
import { PresenceLeases } from '@/lib/redis/presenceLeases'
import { startTestRedis } from '../../support/redis/startTestRedis'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

let leases: PresenceLeases

beforeEach(async () => {
  const redis = connectRedis({ urls: [(await startTestRedis()).url], name: 'test', purpose: 'commands' })
  onTeardown(() => redis.disconnect())
  await waitFor(() => redis.status === 'ready')
  leases = new PresenceLeases(redis)
})

const connectionsOf = async (userId: string) => (await leases.read([userId])).get(userId)?.connections.toSorted()

test('a user is here until the last lease is dropped', async () => {
  await leases.put('ada', [['tab', false]], 45_000)
  await leases.put('ada', [['phone', false]], 45_000)
  expect(await connectionsOf('ada')).toEqual(['phone', 'tab'])
  expect(await leases.online()).toEqual(['ada'])
  expect(await leases.drop('ada', 'tab')).toBe(true)
  expect(await leases.drop('ada', 'phone')).toBe(false)
  expect(await connectionsOf('ada')).toBeUndefined()
  expect(await leases.online()).toEqual([])
})

test('a lease that is not renewed runs out by itself, the others stay', async () => {
  await leases.put('ada', [['short', false]], 50)
  await leases.put('ada', [['long', false]], 45_000)
  await leases.put('grace', [['short', false]], 50)
  await waitFor(async () => (await connectionsOf('grace')) === undefined)
  expect(await connectionsOf('ada')).toEqual(['long'])
  expect(await leases.online()).toEqual(['ada'])
})

test('who ran out is answered to one process only', async () => {
  await leases.put('ada', [['tab', false]], 20)
  await leases.put('grace', [['tab', false]], 45_000)
  await waitFor(async () => (await leases.online()).length === 1)
  const answers = await Promise.all([leases.expire(), leases.expire(), leases.expire()])
  expect(answers.flat()).toEqual(['ada'])
})

test('somebody is away when every connection says so', async () => {
  await leases.put(
    'ada',
    [
      ['tab', true],
      ['phone', false],
    ],
    45_000,
  )
  expect((await leases.read(['ada'])).get('ada')?.away).toBe(false)
  await leases.put('ada', [['phone', true]], 45_000)
  expect((await leases.read(['ada'])).get('ada')?.away).toBe(true)
})
