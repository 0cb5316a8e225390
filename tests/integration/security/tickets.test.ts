import { beforeAll, expect, test } from 'vitest'
import { Audience } from '@/contracts/audiences'
import { onlyKey, type SessionTokenKeys } from '@/lib/auth/keyRing'
import { createSessionTokens } from '@/lib/auth/sessionToken'
import { createDatabase } from '@/lib/db/database'
import { deleteExpired } from '@/lib/db/expiry'
import { silentLogger } from '@/services/shared/Logger'
import { RawWebSocket } from '../../support/clients/RawWebSocket'
import type { RedisServer } from '../../support/redis/RedisServer'
import { startTestRedis } from '../../support/redis/startTestRedis'
import { startServers, type TestServers } from '../../support/servers/servers'
import type { TestUser } from '../../support/servers/testUser'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

let redis: RedisServer
let servers: TestServers
let urls: [string, string]
let ada: TestUser

beforeAll(async () => {
  redis = await startTestRedis()
  servers = await startServers({ redisUrl: redis.url, sockets: 2 })
  urls = [servers.sockets[0].url, servers.sockets[1]?.url ?? '']
  ada = await servers.user('Ada')
})

/** What a handshake with this ticket is answered. */
async function knock(url: string, token: string, namespace = '/chat'): Promise<string> {
  const socket = await RawWebSocket.open(url)
  onTeardown(() => socket.close())
  const { ok, code = '' } = await socket.join(namespace, token)
  return ok ? 'let in' : code
}

test('a token is for one audience, which must be named', async () => {
  for (const query of ['', '?namespace=', '?namespace=/nowhere', '?namespace=chat', '?namespace=/chat,/admin']) {
    expect(await ada.http('GET', `/api/auth/session-token${query}`)).toMatchObject({
      status: 400,
      body: { error: { code: 'BAD_REQUEST', issues: [{ path: 'namespace' }] } },
    })
  }
  const secret = process.env.SESSION_TOKEN_SECRET ?? ''
  for (const audience of ['/chat', '/notifications', '/graphql'] as const) {
    const token = await ada.token(audience)
    createSessionTokens(onlyKey(secret)).verify(token, audience)
    for (const other of Audience.options.filter((name) => name !== audience)) {
      expect(() => createSessionTokens(onlyKey(secret)).verify(token, other)).toThrow()
    }
  }
  for (const audience of ['/admin', '/admin-api']) {
    expect(await ada.http('GET', `/api/auth/session-token?namespace=${audience}`)).toMatchObject({ status: 403 })
  }
})

test('a ticket opens one handshake, whichever instance it is shown to', async () => {
  const ticket = await ada.token()
  expect(await knock(urls[0], ticket)).toBe('let in')
  expect(await knock(urls[0], ticket)).toBe('UNAUTHENTICATED')
  expect(await knock(urls[1], ticket)).toBe('UNAUTHENTICATED')
  expect(await knock(urls[1], await ada.token())).toBe('let in')
})

test('of twenty who show the same ticket at once, to two instances, one is let in', async () => {
  const ticket = await ada.token()
  const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => knock(urls[i % 2 ? 1 : 0], ticket)))
  expect(answers.filter((answer) => answer === 'let in')).toHaveLength(1)
  expect(answers.filter((answer) => answer === 'UNAUTHENTICATED')).toHaveLength(19)
})

test('a ticket stays used while Redis goes, is away, and comes back', async () => {
  const before = await ada.token()
  expect(await knock(urls[0], before)).toBe('let in')
  await redis.kill()
  expect(await knock(urls[1], before)).toBe('UNAUTHENTICATED')
  expect(await knock(urls[0], before)).toBe('UNAUTHENTICATED')
  const meanwhile = await ada.token()
  expect(await knock(urls[1], meanwhile)).toBe('let in')
  await redis.start()
  for (const url of urls) {
    await waitFor(async () => (await (await fetch(`${url}/health/ready`)).text()).includes('"ok"'))
    expect(await knock(url, before)).toBe('UNAUTHENTICATED')
    expect(await knock(url, meanwhile)).toBe('UNAUTHENTICATED')
  }
})

test('a used ticket is forgotten once nobody would accept it any more', async () => {
  await servers.db.query(`INSERT INTO used_tickets VALUES
    ('long dead', now() - interval '11 minutes'), ('dead by one clock', now() - interval '9 minutes')`)
  const living = await ada.token()
  expect(await knock(urls[0], living)).toBe('let in')
  const options = { url: servers.databaseUrl, poolSize: 1, logger: silentLogger, applicationName: 'test' }
  const db = createDatabase(options)
  onTeardown(() => db.close())
  const used = async () =>
    (await servers.db.query<{ id: string }>('SELECT id FROM used_tickets')).rows.map(({ id }) => id)
  // It may be another process's turn.
  await waitFor(async () => {
    await deleteExpired(db, { auditRetentionDays: 90 })
    return !(await used()).includes('long dead')
  })
  expect(await used()).toContain('dead by one clock')
  expect(await knock(urls[0], living)).toBe('UNAUTHENTICATED')
})

test('a ticket of a session that ended meanwhile opens nothing', async () => {
  const former = await servers.user('Former')
  const ticket = await former.token()
  await former.http('POST', '/api/auth/logout')
  expect(await knock(urls[0], ticket)).toBe('SESSION_EXPIRED')
})

test('a bearer is no ticket, and a ticket no bearer', async () => {
  await servers.db.query(`UPDATE users SET role = 'admin' WHERE id = $1`, [ada.id])
  const rest = (token: string) =>
    fetch(`${urls[0]}/admin/rooms`, { headers: { authorization: `Bearer ${token}` } }).then(({ status }) => status)
  const bearer = await ada.token('/admin-api')
  expect([await rest(bearer), await rest(bearer)]).toEqual([200, 200])
  expect(await knock(urls[0], bearer, '/admin')).toBe('UNAUTHENTICATED')
  expect(await rest(await ada.token('/admin'))).toBe(401)
  expect(await rest(await ada.token('/graphql'))).toBe(401)
})

test('a key is changed while people come and go: both are accepted, then the old one is not', async () => {
  const [oldKey] = onlyKey(process.env.SESSION_TOKEN_SECRET ?? '')
  const newKey = { kid: 'new', secret: 'a new secret that nobody has seen before' }
  const during = await servers.startSocket({ sessionTokenKeys: [newKey, oldKey] })
  const after = await servers.startSocket({ sessionTokenKeys: [newKey] })
  const { rows } = await servers.db.query<{ public_id: string }>('SELECT public_id FROM sessions WHERE user_id = $1', [
    ada.id,
  ])
  const claims = { userId: ada.id, sessionId: rows[0]?.public_id ?? '' }
  const signedWith = (keys: SessionTokenKeys) => createSessionTokens(keys).issue(claims, '/chat').token

  expect(await knock(during.url, await ada.token())).toBe('let in')
  expect(await knock(during.url, await signedWith([newKey]))).toBe('let in')
  expect(await knock(after.url, await signedWith([newKey]))).toBe('let in')
  expect(await knock(after.url, await ada.token())).toBe('UNAUTHENTICATED')
})
