import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { startTestRedis } from '../../support/redis/startTestRedis'
import { startServers } from '../../support/servers/servers'
import { asked } from '../../support/servers/testUser'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'
import { seriesValue } from './support'

test('a live event that Redis refuses is counted, and its change is stored all the same', async () => {
  const redis = await startTestRedis()
  const servers = await startServers({ redisUrl: redis.url })
  const { url } = servers.sockets[0]
  const failures = async () => {
    const text = await (await fetch(`${url}/metrics`, { headers: { accept: 'text/plain' } })).text()
    return seriesValue(text, 'tandem_publish_failures_total', { bus: 'redis' }) ?? 0
  }
  const [ada, grace] = await Promise.all([servers.user('Ada'), servers.user('Grace')])
  const chat = await ada.connect()
  const { room } = await asked(chat, 'getOrCreateRoom', { participantId: grace.id })
  expect(await failures()).toBe(0)

  // The pulse still passes, so Redis is not thought to be down; everything else is refused.
  const operator = new Redis(redis.url)
  onTeardown(() => operator.disconnect())
  await operator.call('ACL', 'SETUSER', 'default', '-publish', '(+publish &tandem:pulse:*)')
  const sent = await asked(chat, 'sendMessage', { roomId: room.id, message: 'hello', clientId: randomUUID() })

  await waitFor(async () => (await failures()) > 0)
  const page = await asked(chat, 'joinRoom', { roomId: room.id })
  expect(page).toMatchObject({ messages: [{ id: sent.id }] })
})
