import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { createSecretBox } from '@/lib/auth/secretBox'
import { createDatabase } from '@/lib/db/database'
import { resealSecondFactors, resealWebhooks } from '@/lib/db/reseal'
import { silentLogger } from '@/services/shared/Logger'
import { createTestDatabase } from '../../support/postgres/createTestDatabase'
import { onTeardown } from '../../support/teardown'

test('what an older key sealed is sealed with the newest, and what no key opens stays as it is', async () => {
  const url = await createTestDatabase()
  const db = createDatabase({ url, poolSize: 2, logger: silentLogger, applicationName: 'test' })
  onTeardown(() => db.close())
  const [old, fresh, lost] = [key(), key(), key()]
  const older = createSecretBox([old])
  const newest = createSecretBox([fresh])
  const both = createSecretBox([fresh, old])
  const unknown = createSecretBox([lost]).seal('three')
  const kept = newest.seal('two')
  const users = [
    ['ada', older.seal('one')],
    ['grace', kept],
    ['edsger', unknown],
  ] as const
  for (const [id, secret] of users) {
    await db.prisma.user.create({ data: { id, email: `${id}@example.com`, name: id } })
    await db.prisma.secondFactor.create({ data: { userId: id, secret } })
  }
  const endpoint = { url: 'https://example.com/', events: ['message.created'] }
  await db.prisma.webhookEndpoint.createMany({
    data: [
      { ...endpoint, id: 'rotated', secret: kept, oldSecret: older.seal('before') },
      { ...endpoint, id: 'lost', secret: unknown },
    ],
  })

  await resealSecondFactors(db, both)
  await resealWebhooks(db, both)

  const factors = await db.prisma.secondFactor.findMany()
  const secretOf = (id: string) => factors.find(({ userId }) => userId === id)?.secret ?? ''
  expect(newest.open(secretOf('ada'))).toBe('one')
  expect([secretOf('grace'), secretOf('edsger')]).toEqual([kept, unknown])
  const webhooks = await db.prisma.webhookEndpoint.findMany()
  const rotated = webhooks.find(({ id }) => id === 'rotated')
  expect([rotated?.secret, newest.open(rotated?.oldSecret ?? '')]).toEqual([kept, 'before'])
  expect(webhooks.find(({ id }) => id === 'lost')).toMatchObject({ secret: unknown, oldSecret: null })
})

const key = () => randomBytes(32).toString('hex')
