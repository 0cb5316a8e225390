import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { expect, test } from 'vitest'
import { deleteExpired } from '@/lib/db/expiry'
import { freeLocalPort } from '../../../scripts/support/ports'
import { createTestDatabase } from '../../support/postgres/createTestDatabase'
import { SocketProcess } from '../../support/processes/SocketProcess'
import { PushServer } from '../../support/push/PushServer'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

async function emptyDatabase() {
  const databaseUrl = await createTestDatabase()
  const db = new pg.Pool({ connectionString: databaseUrl, max: 2 })
  db.on('error', () => {})
  onTeardown(() => db.end())
  return { databaseUrl, db }
}

test('a process that is killed between a message and its push leaves it to the next, which sends it once', async () => {
  const { databaseUrl, db } = await emptyDatabase()
  const dir = await mkdtemp(join(tmpdir(), 'tandem-killed-'))
  onTeardown(() => rm(dir, { recursive: true, force: true }))
  const { subscription, received } = (await PushServer.start()).newBrowser()
  await db.query(`INSERT INTO users (id, email, name, last_seen)
    SELECT lower(n), lower(n) || '@example.com', n, now() - interval '1 hour' FROM unnest(ARRAY['Ada', 'Grace']) n`)
  await db.query(
    `INSERT INTO sessions (id, public_id, user_id, expires_at) VALUES ('s', 'p', 'ada', now() + interval '1 day')`,
  )
  await db.query(`INSERT INTO rooms (id, kind, name) VALUES ('r', 'group', 'Plans')`)
  await db.query(`INSERT INTO participants (room_id, user_id) VALUES ('r', 'ada'), ('r', 'grace')`)
  await db.query(`SELECT add_push_subscription('one', 'ada', 'p', $1, $2, $3, 10)`, [
    ...[subscription.endpoint, subscription.keys.p256dh, subscription.keys.auth],
  ])
  const server = await SocketProcess.start(await freeLocalPort(undefined), {
    PATH: process.env.PATH ?? '',
    ...{ APP_ENV: 'test', DATA_DIR: dir, LOG_DIR: join(dir, 'logs'), HOST: '127.0.0.1' },
    ...{ DATABASE_URL: databaseUrl, WEBHOOKS_ALLOW_PRIVATE: 'true' },
    SERVICE_KEY: randomBytes(32).toString('hex'),
    SESSION_TOKEN_SECRET: randomBytes(32).toString('hex'),
  })
  onTeardown(() => server.stop())

  const send = (text: string) =>
    db.query(`SELECT * FROM insert_messages_batch(ARRAY[$1], ARRAY['r'], ARRAY['grace'], ARRAY[$1], ARRAY[$2], NULL)`, [
      randomUUID(),
      text,
    ])
  // What it does at its start is over: a job that it was killed in would be freed within half a minute only.
  await waitFor(async () => (await db.query('SELECT FROM graphile_worker.jobs')).rowCount === 0)
  await send('Nobody is left to push this')
  await server.end('SIGKILL')
  // The time that it would have waited is over.
  await db.query(`UPDATE push_news SET happened_at = now() - interval '1 minute'`)
  await server.start()
  await waitFor(() => received.length > 0, { timeoutMs: 30_000 })
  expect(received.map(({ payload }) => payload.body)).toEqual(['Grace: Nobody is left to push this'])
  await waitFor(async () => (await db.query('SELECT FROM push_waiting WHERE news > 0')).rowCount === 0)
  expect(received).toHaveLength(1)
}, 60_000)

test('where nobody sends any more what was noted is deleted after a day', async () => {
  const { db } = await emptyDatabase()
  await db.query(
    `INSERT INTO push_news (room_id, seq, happened_at) VALUES ('old', 1, now() - interval '25 hours'), ('new', 1, now())`,
  )
  await deleteExpired(
    { rows: async ({ text, values }) => (await db.query(text, values)).rows },
    { auditRetentionDays: 90 },
  )
  expect((await db.query('SELECT room_id FROM push_news')).rows).toEqual([{ room_id: 'new' }])
})
