import { randomUUID } from 'node:crypto'
import { decodeJwt } from 'jose'
import { beforeAll, expect, test } from 'vitest'
import type { SessionTokenData } from '@/contracts/auth'
import { startServers, type TestServers } from '../../support/servers/servers'
import { http, type TestUser } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'

let servers: TestServers

beforeAll(async () => {
  servers = await startServers({ sockets: 2 })
})

const cookieOf = (headers: Headers) => headers.get('set-cookie') ?? ''
const login = (user: { email: string; password: string }, cookie?: string) =>
  http(
    servers.webUrl,
    'POST',
    '/api/auth/login',
    { email: user.email, password: user.password },
    cookie ? { cookie } : {},
  )

test('register, session, logout and login work, and the cookie is out of scripts’ reach', async () => {
  const account = { email: `New.Person-${randomUUID()}@Example.com`, password: 'a long password', name: ' New Person ' }
  const registered = await http(servers.webUrl, 'POST', '/api/auth/register', account)
  expect(registered).toMatchObject({
    status: 201,
    body: { user: { name: 'New Person', email: account.email.toLowerCase(), role: 'user' } },
  })
  expect(cookieOf(registered.headers)).toMatch(/^auth_session=[^;]+;.*HttpOnly;.*SameSite=Lax/)
  expect(cookieOf(registered.headers)).not.toContain('Secure') // PUBLIC_URL is http here
  const cookie = cookieOf(registered.headers).split(';')[0] ?? ''

  expect(await http(servers.webUrl, 'GET', '/api/auth/session', undefined, { cookie })).toMatchObject({ status: 200 })
  expect((await http(servers.webUrl, 'POST', '/api/auth/logout', undefined, { cookie })).status).toBe(204)
  expect(await http(servers.webUrl, 'GET', '/api/auth/session', undefined, { cookie })).toMatchObject({ status: 401 })
  expect(await login(account)).toMatchObject({ status: 200, body: { user: { name: 'New Person' } } })
})

test('signing in makes a new session and ends the one the browser held', async () => {
  const user = await servers.user()
  const again = await login(user, user.cookie)
  const renewed = cookieOf(again.headers).split(';')[0] ?? ''

  expect(renewed).not.toBe(user.cookie)
  expect((await user.http('GET', '/api/auth/session')).status).toBe(401)
  expect((await http(servers.webUrl, 'GET', '/api/auth/session', undefined, { cookie: renewed })).status).toBe(200)
})

test('an unknown address and a wrong password get the same answer after the same work', async () => {
  const user = await servers.user()
  const wrong = await login({ ...user, password: 'not the password' })
  const unknown = await login({ email: `${randomUUID()}@example.com`, password: 'not the password' })

  const answer = {
    status: 401,
    body: { error: { code: 'UNAUTHENTICATED', message: 'E-mail address or password is not right.' } },
  }
  expect(wrong).toMatchObject(answer)
  expect(unknown).toMatchObject(answer)
})

test('an address is taken once, whatever its case', async () => {
  const user = await servers.user()
  const again = await http(servers.webUrl, 'POST', '/api/auth/register', { ...user, email: user.email.toUpperCase() })
  expect(again).toMatchObject({ status: 409, body: { error: { code: 'CONFLICT', issues: [{ path: 'email' }] } } })
})

test('bad registrations name every bad field', async () => {
  const answer = await http(servers.webUrl, 'POST', '/api/auth/register', {
    email: 'nobody',
    password: 'short',
    name: '',
  })
  expect(answer).toMatchObject({ status: 400, body: { error: { code: 'BAD_REQUEST' } } })
  const { issues } = (answer.body as { error: { issues: { path: string }[] } }).error
  expect(issues.map((issue) => issue.path).sort()).toEqual(['email', 'name', 'password'])
})

test('the session token is short-lived, for one namespace, and does not hold the cookie’s secret', async () => {
  const user = await servers.user()
  const { body, headers } = await user.http('GET', '/api/auth/session-token?namespace=/chat')
  const { token, expiresAt, url } = body as SessionTokenData // the contract's answer
  const claims = decodeJwt(token)

  expect(claims).toMatchObject({ sub: user.id, aud: '/chat' })
  expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(60)
  expect(Date.parse(expiresAt)).toBe((claims.exp ?? 0) * 1000)
  expect(url).toBe(servers.sockets[0].url)
  expect(headers.get('cache-control')).toBe('no-store')
  expect(user.cookie).not.toContain(String(claims.sid))
})

test('/admin’s token is for admins', async () => {
  const user = await servers.user()
  expect(await user.http('GET', '/api/auth/session-token?namespace=/admin')).toMatchObject({ status: 403 })
  expect(await user.http('GET', '/api/auth/session-token?namespace=/nowhere')).toMatchObject({ status: 400 })
  await servers.db.query(`UPDATE users SET role = 'admin' WHERE id = $1`, [user.id])
  expect(await user.http('GET', '/api/auth/session-token?namespace=/admin')).toMatchObject({ status: 200 })
})

const ends: [how: string, end: (user: TestUser) => Promise<unknown>][] = [
  ['logging out', (user) => user.http('POST', '/api/auth/logout')],
  [
    'a session that is deleted behind our back',
    (user) => servers.db.query('DELETE FROM sessions WHERE user_id = $1', [user.id]),
  ],
  [
    'a session that expires',
    (user) => servers.db.query('UPDATE sessions SET expires_at = now() WHERE user_id = $1', [user.id]),
  ],
]

test.each(ends)('%s closes the session’s sockets on every instance within 5 s, and no others', async (_, end) => {
  const [user, bystander] = await Promise.all([servers.user(), servers.user()])
  const clients = await Promise.all(servers.sockets.map(({ url }) => user.connect({ url })))
  const other = await bystander.connect()

  await end(user)

  await waitFor(() => clients.every((client) => client.disconnected), { timeoutMs: 6_500 })
  expect(other.connected).toBe(true)
})

test('people are found by a part of their name or their whole address, never oneself', async () => {
  const name = `Zoë ${randomUUID()}`
  const [user, found] = await Promise.all([servers.user(name), servers.user(name)])
  const search = async (query: string) => (await user.http('GET', `/api/users?query=${encodeURIComponent(query)}`)).body

  expect(await search(name.toUpperCase())).toEqual({ users: [{ id: found.id, name }] })
  expect(await search(found.email)).toEqual({ users: [{ id: found.id, name }] })
  expect(await search('%')).toEqual({ users: [] })
})
