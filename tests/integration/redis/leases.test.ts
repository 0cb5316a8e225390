import { beforeEach, expect, test } from 'vitest'
import { connectRedis } from '@/lib/redis/connectRedis'
import { PresenceLeases } from '@/lib/sockets/presence/PresenceLeases'
import { startTestRedis } from '../../support/redis/startTestRedis'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

let leases: PresenceLeases

beforeEach(async () => {
  const redis = connectRedis({ urls: [(await startTestRedis()).url], name: 'test' })
  onTeardown(() => redis.disconnect())
  await waitFor(() => redis.status === 'ready')
  leases = new PresenceLeases(redis)
})

const connectionsOf = async (userId: string) => {
  const known = (await leases.read([userId])).get(userId)
  return known && 'connections' in known ? known.connections.toSorted() : undefined
}

test('a user is here until the last lease is dropped', async () => {
  await leases.put('ada', [['tab', false]], 45_000)
  await leases.put('ada', [['phone', false]], 45_000)
  expect(await connectionsOf('ada')).toEqual(['phone', 'tab'])
  expect(await leases.online()).toEqual(['ada'])
  expect(await leases.drop('ada', 'tab', 0)).toBe(true)
  expect(await leases.drop('ada', 'phone', 0)).toBe(false)
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
  expect((await leases.read(['ada'])).get('ada')).toMatchObject({ away: false })
  await leases.put('ada', [['phone', true]], 45_000)
  expect((await leases.read(['ada'])).get('ada')).toMatchObject({ away: true })
})

test('the last connection is kept for a moment; then it is known that they left, until they are back', async () => {
  await leases.put('ada', [['tab', false]], 45_000)
  expect(await leases.drop('ada', 'tab', 100)).toBe(false)
  expect(await connectionsOf('ada')).toEqual(['tab'])
  await waitFor(async () => (await connectionsOf('ada')) === undefined)
  expect((await leases.read(['ada'])).get('ada')).toEqual({ leftAt: expect.any(Date) })
  expect(await leases.expire()).toEqual(['ada'])
  await leases.put('ada', [['tab again', false]], 45_000)
  expect(await connectionsOf('ada')).toEqual(['tab again'])
})
