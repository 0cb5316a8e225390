import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Logger } from '@/services/shared/Logger'
import { silentLogger } from '@/services/shared/Logger'
import { announcements } from '../../support/postgres/announcements'
import { startTestRedis } from '../../support/redis/startTestRedis'
import { startServers } from '../../support/servers/servers'
import { asked, heard } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'

test('a process without Redis beside one that has it hears its messages, and says what is wrong', async () => {
  const redis = await startTestRedis()
  const servers = await startServers({ redisUrl: redis.url })
  const warnings: string[] = []
  const logger: Logger = { ...silentLogger, warn: (message) => warnings.push(message), scope: () => logger }
  const { url } = await servers.startSocket({ redisUrls: [] }, { logger })

  const [ada, grace] = await Promise.all([servers.user('Ada'), servers.user('Grace')])
  const [withRedis, without] = await Promise.all([ada.connect(), grace.connect({ url })])
  const messages = heard(without, 'receiveMessage')
  const { room } = await asked(withRedis, 'getOrCreateRoom', { participantId: grace.id })
  await waitFor(() => warnings.some((warning) => warning.includes('Give all the same REDIS_URL')))

  const send = (message: string) =>
    asked(withRedis, 'sendMessage', { roomId: room.id, message, clientId: randomUUID() })
  await send('first')
  await waitFor(() => messages.some(({ message }) => message === 'first'))
  // For as long as both are there, not for the seconds that one doubt counts.
  const announced = await announcements(servers.databaseUrl)
  await waitFor(() => announced.filter(({ type }) => type === 'redisDoubted').length >= 4)
  await send('second')
  await waitFor(() => messages.some(({ message }) => message === 'second'), { timeoutMs: 3_000 })
  expect(warnings.filter((warning) => warning.includes('REDIS_URL'))).toHaveLength(1)
})
