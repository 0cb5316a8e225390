import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { expect, test } from 'vitest'
import { onlyKey } from '@/lib/auth/keyRing'
import { createWebhookBox } from '@/lib/auth/secretBox'
import { makeWebhookSecret } from '@/lib/webhooks/signature'
import { freeLocalPort } from '../../../scripts/support/ports'
import { createTestDatabase } from '../../support/postgres/createTestDatabase'
import { SocketProcess } from '../../support/processes/SocketProcess'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'
import type { Received } from '../../support/webhooks/Receiver'
import { startReceiver } from '../../support/webhooks/startReceiver'

const ROOMS = 10
const MESSAGES = 20

test("whoever delivers may be killed: every event arrives, in its room's order, and ids tell what came twice", async () => {
  const databaseUrl = await createTestDatabase()
  const db = new pg.Pool({ connectionString: databaseUrl, max: 2 })
  db.on('error', () => {})
  onTeardown(() => db.end())
  const dir = await mkdtemp(join(tmpdir(), 'tandem-killed-'))
  onTeardown(() => rm(dir, { recursive: true, force: true }))
  const tokenSecret = randomBytes(32).toString('hex')
  const [steady, moody] = [await startReceiver(), await startReceiver()]
  // Slow enough to be killed in the middle; one fails half of the time until the kills are over.
  steady.answer = (_, response) => void setTimeout(() => response.writeHead(204).end(), 20)
  let turn = 0
  let isMoody = true
  const taken: Received[] = []
  moody.answer = (request, response) => {
    turn += 1
    const isRefused = isMoody && turn % 2 === 1
    if (!isRefused) taken.push(request)
    response.writeHead(isRefused ? 500 : 204).end()
  }
  const box = createWebhookBox(onlyKey(tokenSecret))
  for (const [id, { url }] of Object.entries({ steady, moody })) {
    await db.query('INSERT INTO webhook_endpoints (id, url, events, secret) VALUES ($1, $2, $3, $4)', [
      ...[id, url, ['message.created'], box.seal(makeWebhookSecret())],
    ])
  }
  await db.query(`INSERT INTO users (id, email, name) VALUES ('ada', 'ada@example.com', 'Ada')`)
  await db.query(
    `INSERT INTO rooms (id, kind, name) SELECT 'r' || n, 'group', 'Room' FROM generate_series(1, ${ROOMS}) n`,
  )
  await db.query(`INSERT INTO participants (room_id, user_id) SELECT id, 'ada' FROM rooms`)

  const start = async () =>
    SocketProcess.start(await freeLocalPort(undefined), {
      PATH: process.env.PATH ?? '',
      ...{ APP_ENV: 'test', DATA_DIR: dir, LOG_DIR: join(dir, 'logs'), HOST: '127.0.0.1' },
      ...{ DATABASE_URL: databaseUrl, SESSION_TOKEN_SECRET: tokenSecret, WEBHOOKS_ALLOW_PRIVATE: 'true' },
      SERVICE_KEY: randomBytes(32).toString('hex'),
    })
  const victim = await start()
  onTeardown(() => victim.stop())
  const other = await start()
  onTeardown(() => other.stop())
  const servers = [victim, other]

  for (let n = 1; n <= MESSAGES; n += 1) {
    const rooms = Array.from({ length: ROOMS }, (_, i) => `r${i + 1}`)
    const ids = rooms.map(() => randomUUID())
    await db.query(
      `SELECT * FROM insert_messages_batch($1, $2, array_fill('ada'::text, ARRAY[$3::int]), $1, array_fill($4::text, ARRAY[$3::int]), NULL)`,
      [ids, rooms, ROOMS, String(n)],
    )
  }
  // Each of them once, whoever it is that delivers at that moment.
  for (const server of servers) {
    await waitFor(() => steady.received.length + moody.received.length > 20)
    await server.end('SIGKILL')
    await server.start()
  }

  isMoody = false

  const firstOf = (received: readonly Received[]) => {
    const ids = new Set<string>()
    return received.filter(({ id }) => !ids.has(id) && ids.add(id))
  }
  // A room that was refused waits for some seconds.
  for (const received of [steady.received, taken]) {
    await waitFor(() => firstOf(received).length === ROOMS * MESSAGES, { timeoutMs: 60_000 })
  }
  const inOrder = Array.from({ length: MESSAGES }, (_, i) => String(i + 1))
  for (let n = 1; n <= ROOMS; n += 1) {
    for (const received of [steady.received, taken]) {
      const ofRoom = firstOf(received).filter(({ data }) => data.roomId === `r${n}`)
      expect(ofRoom.map(({ data }) => data.message)).toEqual(inOrder)
    }
  }
  await waitFor(async () => {
    const { rows } = await db.query(`SELECT DISTINCT status FROM webhook_deliveries`)
    return rows.length === 1 && rows[0].status === 'succeeded'
  })
}, 120_000)
