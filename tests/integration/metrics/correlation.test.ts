import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { createLogger } from '@/lib/logger/createLogger'
import { startServers } from '../../support/servers/servers'
import { ask } from '../../support/servers/testUser'
import { onTeardown } from '../../support/teardown'
import { muteStdout } from './support'

test('one id leads from a refused command through every line it left in the log to the answer', async () => {
  muteStdout()
  const dir = await mkdtemp(path.join(tmpdir(), 'tandem-logs-'))
  onTeardown(() => rm(dir, { recursive: true, force: true }))
  const servers = await startServers()
  const logger = createLogger({ service: 'socket', level: 'debug', dir, pretty: false })
  const { url, app } = await servers.startSocket({}, { logger })
  const user = await servers.user()
  const chat = await user.connect({ url })

  const reply = await ask(chat, 'joinRoom', { roomId: 'none' })
  const id = reply.ok ? undefined : reply.error.correlationId
  expect(id).toBeDefined()
  const { headers, body } = await user.http('GET', '/api/chat/messages?roomId=none', undefined, {
    'X-Correlation-Id': 'from-the-client',
  })
  expect(headers.get('x-correlation-id')).toBe('from-the-client')
  expect(body).toMatchObject({ error: { code: 'NOT_FOUND', correlationId: 'from-the-client' } })

  await app.close()
  await logger.close()
  const file = path.join(dir, `application-${new Date().toISOString().slice(0, 10)}.log`)
  const lines = (await readFile(file, 'utf8')).trim().split('\n')
  const about = lines.filter((line) => line.includes(String(id))).map((line) => JSON.parse(line))
  expect(about.length).toBeGreaterThanOrEqual(2)
  for (const line of about)
    expect(line).toMatchObject({ correlationId: id, message: expect.stringContaining('joinRoom') })
})
