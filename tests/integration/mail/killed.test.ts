import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { onlyKey } from '@/lib/auth/keyRing'
import { announceOnly } from '@/lib/bus/announceOnly'
import { createDatabases, createMailStorage } from '@/server/createStorage'
import { silentLogger } from '@/services/shared/Logger'
import { freeLocalPort } from '../../../scripts/support/ports'
import { MailServer } from '../../support/mail/MailServer'
import { createTestDatabase } from '../../support/postgres/createTestDatabase'
import { SocketProcess } from '../../support/processes/SocketProcess'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

test('a process that is killed while it sends a mail loses none', async () => {
  const smtp = await MailServer.start()
  const databaseUrl = await createTestDatabase()
  const databases = createDatabases({ databaseUrl, databasePoolSize: 1 }, 'test', silentLogger)
  onTeardown(() => databases.stop())
  const { db } = databases
  await db.prisma.$executeRaw`INSERT INTO users (id, email, name) VALUES ('ada', 'ada@example.com', 'Ada')`
  const dir = await mkdtemp(join(tmpdir(), 'tandem-killed-'))
  onTeardown(() => rm(dir, { recursive: true, force: true }))
  const secret = randomBytes(32).toString('hex')
  const victim = await SocketProcess.start(await freeLocalPort(undefined), {
    PATH: process.env.PATH ?? '',
    ...{ APP_ENV: 'test', DATA_DIR: dir, LOG_DIR: join(dir, 'logs'), HOST: '127.0.0.1' },
    ...{ DATABASE_URL: databaseUrl, SESSION_TOKEN_SECRET: secret, SERVICE_KEY: randomBytes(32).toString('hex') },
    ...{ SMTP_URL: smtp.url, MAIL_FROM: 'tandem@example.com' },
  })
  onTeardown(() => victim.stop())

  const goesOn = smtp.hold()
  await createMailStorage(databases, announceOnly('test'), { sessionTokenKeys: onlyKey(secret) }).mails.add({
    ...{ kind: 'reset', email: 'ada@example.com', secret: 'of the link' },
    askedAt: new Date().toISOString(),
  })
  await waitFor(() => smtp.attempts > 0, { timeoutMs: 20_000 })
  await victim.end('SIGKILL')
  goesOn()
  expect(smtp.arrived).toEqual([])
  // It was taken a while ago, as far as the next process can tell.
  await db.prisma.$executeRaw`UPDATE graphile_worker._private_jobs SET locked_at = locked_at - interval '1 minute'`
  await db.prisma
    .$executeRaw`UPDATE graphile_worker._private_job_queues SET locked_at = locked_at - interval '1 minute'`
  await victim.start()

  const mails = await smtp.waitForMails('ada@example.com')
  expect(mails.map(({ subject }) => subject)).toEqual(['Choose another password'])
}, 60_000)
