import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import type { OwnSession } from '@/contracts/account'
import { createDatabase } from '@/lib/db/database'
import { deleteExpired } from '@/lib/db/expiry'
import { silentLogger } from '@/services/shared/Logger'
import { startTestRedis } from '../../support/redis/startTestRedis'
import { startServers, type TestServers } from '../../support/servers/servers'
import { http, type TestUser } from '../../support/servers/testUser'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
let servers: TestServers

beforeAll(async () => {
  servers = await startServers({ sockets: 2 })
})

/** The same person in another browser. */
async function signInAgain(user: TestUser, userAgent = firefox) {
  const { email, password } = user
  const { headers } = await http(
    servers.webUrl,
    'POST',
    '/api/auth/login',
    { email, password },
    { 'user-agent': userAgent },
  )
  const cookie = headers.get('set-cookie')?.split(';')[0] ?? ''
  return {
    cookie,
    http: (method: string, path: string, body?: unknown) => http(servers.webUrl, method, path, body, { cookie }),
  }
}

const list = async (browser: Pick<TestUser, 'http'>): Promise<OwnSession[]> =>
  ((await browser.http('GET', '/api/auth/sessions')).body as { sessions: OwnSession[] }).sessions // the contract's answer
const secretOf = ({ cookie }: { cookie: string }) => cookie.split('=')[1] ?? ''

test('what the database holds of a session does not open it', async () => {
  const user = await servers.user()
  const { rows } = await servers.db.query('SELECT * FROM sessions WHERE user_id = $1', [user.id])
  expect(rows).toHaveLength(1)
  expect(rows[0].id).toBe(sha256(secretOf(user)))
  expect(JSON.stringify(rows)).not.toContain(secretOf(user))
  const stolen = { cookie: `${user.cookie.split('=')[0]}=${rows[0].id}` }
  expect((await http(servers.webUrl, 'GET', '/api/auth/session', undefined, stolen)).status).toBe(401)
})

test('the migration keeps everybody signed in', async () => {
  const user = await servers.user()
  const before = secretOf(user)
  await servers.db.query('UPDATE sessions SET id = $1 WHERE user_id = $2', [before, user.id])
  expect((await user.http('GET', '/api/auth/session')).status).toBe(401)
  const migration = await readFile('prisma/migrations/20261121070000_accounts/migration.sql', 'utf8')
  const hashing = migration.match(/UPDATE "sessions" SET "id" = [^;]+/)?.[0] ?? ''
  await servers.db.query(`${hashing} WHERE user_id = '${user.id}'`)
  expect((await user.http('GET', '/api/auth/session')).status).toBe(200)
})

describe('one’s own sessions', () => {
  test('are listed with device, address and last visit, and never with a secret', async () => {
    const user = await servers.user()
    const other = await signInAgain(user)
    const seen = await list(other)

    expect(seen).toHaveLength(2)
    expect(seen.find(({ current }) => current)).toMatchObject({ device: 'Firefox on Linux', address: '127.0.0.1' })
    expect((await list(user)).filter(({ current }) => current)).toHaveLength(1)
    expect(JSON.stringify(seen)).not.toContain(secretOf(other))
    expect(JSON.stringify(seen)).not.toContain(sha256(secretOf(other)))
  })

  test('a description of a browser that nobody would believe is kept short', async () => {
    const user = await servers.user()
    const other = await signInAgain(user, `${'x'.repeat(3_000)}/1.0 Firefox/${'9'.repeat(3_000)}`)
    for (const { device } of await list(other)) expect(device.length).toBeLessThanOrEqual(80)
  })

  test('the last visit is written at most once a minute', async () => {
    const user = await servers.user()
    const lastSeen = async () => Date.parse((await list(user))[0]?.lastSeen ?? '')
    const first = await lastSeen()
    await user.http('GET', '/api/auth/session')
    expect(await lastSeen()).toBe(first)

    await servers.db.query(`UPDATE sessions SET last_seen = now() - interval '61 s' WHERE user_id = $1`, [user.id])
    await user.http('GET', '/api/auth/session')
    await waitFor(async () => (await lastSeen()) >= first)
  })

  test('an open socket counts as a visit', async () => {
    const user = await servers.user()
    await user.connect()
    await servers.db.query(`UPDATE sessions SET last_seen = now() - interval '1 hour' WHERE user_id = $1`, [user.id])
    const age = "SELECT now() - last_seen < interval '1 minute' AS recent FROM sessions WHERE user_id = $1"
    await waitFor(async () => (await servers.db.query(age, [user.id])).rows[0]?.recent === true, { timeoutMs: 8_000 })
  })

  test('one of them ends with its sockets, and nobody else’s can be ended', async () => {
    const [user, stranger] = await Promise.all([servers.user(), servers.user()])
    const other = await signInAgain(user)
    const sockets = await Promise.all(servers.sockets.map(({ url }) => user.connect({ url })))
    const ended = (await list(user)).find(({ current }) => current)?.id

    expect(await stranger.http('DELETE', `/api/auth/sessions/${ended}`)).toMatchObject({ status: 404 })
    expect(sockets.every(({ connected }) => connected)).toBe(true)
    expect((await other.http('DELETE', `/api/auth/sessions/${ended}`)).status).toBe(204)
    await waitFor(() => sockets.every(({ disconnected }) => disconnected), { timeoutMs: 5_000 })
    expect((await user.http('GET', '/api/auth/session')).status).toBe(401)
    expect((await other.http('GET', '/api/auth/session')).status).toBe(200)
    expect((await other.http('DELETE', `/api/auth/sessions/${ended}`)).status).toBe(404)
  })

  test('all others end at once', async () => {
    const user = await servers.user()
    const others = [await signInAgain(user), await signInAgain(user)]
    expect((await user.http('DELETE', '/api/auth/sessions')).status).toBe(204)
    expect(await list(user)).toMatchObject([{ current: true }])
    for (const other of others) expect((await other.http('GET', '/api/auth/session')).status).toBe(401)
  })

  test('another site’s page cannot end any', async () => {
    const user = await servers.user()
    const origin = 'https://evil.example'
    expect((await user.http('DELETE', '/api/auth/sessions', undefined, { origin })).status).toBe(403)
  })
})

describe('with Redis', () => {
  test.each([true, false])('up: %s, the sockets of an ended session close within 5 s on every instance', async (up) => {
    const redis = await startTestRedis()
    const linked = await Promise.all([1, 2].map(() => servers.startSocket({ redisUrls: [redis.url] })))
    const user = await servers.user()
    const clients = await Promise.all(linked.map(({ url }) => user.connect({ url })))
    if (!up) await redis.kill()
    const other = await signInAgain(user)
    expect((await other.http('DELETE', '/api/auth/sessions')).status).toBe(204)
    await waitFor(() => clients.every(({ disconnected }) => disconnected), { timeoutMs: 5_000 })
  })
})

describe('the end of a session', () => {
  test('comes 90 days after it began, however often its owner visits', async () => {
    const user = await servers.user()
    const age = (created: string, expires: string) =>
      servers.db.query(
        `UPDATE sessions SET created_at = now() - $2::interval, expires_at = now() + $3::interval WHERE user_id = $1`,
        [user.id, created, expires],
      )
    const left = async () =>
      (
        await servers.db.query(
          'SELECT extract(epoch FROM expires_at - now()) / 86400 AS days FROM sessions WHERE user_id = $1',
          [user.id],
        )
      ).rows[0].days

    await age('10 days', '3 days')
    expect((await user.http('GET', '/api/auth/session')).status).toBe(200)
    expect(Number(await left())).toBeCloseTo(30, 1)

    await age('80 days', '3 days')
    expect((await user.http('GET', '/api/auth/session')).status).toBe(200)
    expect(Number(await left())).toBeCloseTo(10, 1)
    await user.http('GET', '/api/auth/session')
    expect(Number(await left())).toBeCloseTo(10, 1)
  })

  test('what has expired is deleted, and nothing else is', async () => {
    const [user, gone] = await Promise.all([servers.user(), servers.user()])
    await servers.db.query(`UPDATE sessions SET expires_at = now() - interval '1 s' WHERE user_id = $1`, [gone.id])
    await servers.db.query(`INSERT INTO sign_in_steps (id, kind, expires_at) VALUES ('old', 'google', now())`)
    await servers.db.query(
      `INSERT INTO idempotency_keys (key, fingerprint, response, created_at)
       VALUES ('old', '', '{}', now() - interval '2 days'), ('new', '', '{}', now())`,
    )
    await servers.db.query(`INSERT INTO second_factors (user_id, secret) VALUES ($1, 'sealed')`, [user.id])
    await servers.db.query(
      `INSERT INTO code_attempts (user_id, address, kind, since, right_at) VALUES
         ($1, 'old', 'app', now() - interval '31 days', NULL),
         ($1, 'known', 'app', now() - interval '31 days', now() - interval '29 days'),
         ($1, 'new', 'app', now(), NULL)`,
      [user.id],
    )
    const db = createDatabase({ url: servers.databaseUrl, poolSize: 4, logger: silentLogger, applicationName: 'test' })
    onTeardown(() => db.close())

    expect(await deleteExpired(db, { auditRetentionDays: 90 })).toBe(4)
    const { rows } = await servers.db.query('SELECT user_id FROM sessions WHERE user_id = ANY ($1)', [
      [user.id, gone.id],
    ])
    expect(rows).toEqual([{ user_id: user.id }])
    expect((await servers.db.query('SELECT key FROM idempotency_keys')).rows).toEqual([{ key: 'new' }])
    const { rows: attempts } = await servers.db.query('SELECT address FROM code_attempts ORDER BY address')
    expect(attempts).toEqual([{ address: 'known' }, { address: 'new' }])
  })
})
