import { beforeAll, describe, expect, test } from 'vitest'
import { startServers, type TestServers } from '../../support/servers/servers'
import { http, type TestUser } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'

let servers: TestServers

beforeAll(async () => {
  servers = await startServers()
})

const login = (user: Pick<TestUser, 'email'>, password: string) =>
  http(servers.webUrl, 'POST', '/api/auth/login', { email: user.email, password })

test('a name and a picture are changed, alone or together, and seen by others', async () => {
  const [user, other] = await Promise.all([servers.user('Ada'), servers.user('Grace')])
  const avatarImage = 'https://example.com/ada.png'
  expect(await user.http('PATCH', '/api/auth/account', { name: '  Ada Lovelace ' })).toMatchObject({
    status: 200,
    body: { user: { name: 'Ada Lovelace' } },
  })
  expect(await user.http('PATCH', '/api/auth/account', { avatarImage })).toMatchObject({
    body: { user: { name: 'Ada Lovelace', avatarImage } },
  })
  expect((await other.http('GET', `/api/users?query=${user.email}`)).body).toEqual({
    users: [{ id: user.id, name: 'Ada Lovelace', avatarImage }],
  })
  const { body } = await user.http('PATCH', '/api/auth/account', { avatarImage: null })
  expect(body).not.toHaveProperty('user.avatarImage')
})

test.each([
  ['name', ''],
  ['name', 'two\nlines'],
  ['avatarImage', 'javascript:alert(1)'],
  ['avatarImage', 'data:image/svg+xml,<svg/>'],
  ['avatarImage', '/here.png'],
  ['avatarImage', `https://example.com/${'x'.repeat(2_100)}`],
])('%s cannot be %j', async (field, value) => {
  const user = await servers.user()
  const answer = await user.http('PATCH', '/api/auth/account', { [field]: value })
  expect(answer).toMatchObject({ status: 400, body: { error: { issues: [{ path: field }] } } })
})

describe('an account that its owner disables', () => {
  test('ends every session with its sockets, and says so only to who knows the password', async () => {
    const user = await servers.user()
    const other = await login(user, user.password)
    const cookie = other.headers.get('set-cookie')?.split(';')[0] ?? ''
    const socket = await user.connect()

    expect(await user.http('POST', '/api/auth/disable', { password: 'not mine' })).toMatchObject({ status: 400 })
    expect(socket.connected).toBe(true)
    expect((await user.http('POST', '/api/auth/disable', { password: user.password })).status).toBe(204)

    await waitFor(() => socket.disconnected, { timeoutMs: 5_000 })
    expect((await user.http('GET', '/api/auth/session')).status).toBe(401)
    expect((await http(servers.webUrl, 'GET', '/api/auth/session', undefined, { cookie })).status).toBe(401)
    expect(await login(user, 'not mine')).toMatchObject({
      status: 401,
      body: { error: { message: 'E-mail address or password is not right.' } },
    })
    expect(await login(user, user.password)).toMatchObject({
      status: 403,
      body: { error: { message: expect.stringContaining('disabled') } },
    })
    const { rows } = await servers.db.query(`SELECT action, actor_id FROM audit_log WHERE target = $1`, [user.id])
    expect(rows).toEqual([{ action: 'account.disable', actor_id: user.id }])
  })
})

test('ending sessions and changing the password is in the audit log, with address and session', async () => {
  const user = await servers.user()
  await login(user, user.password)
  await user.http('DELETE', '/api/auth/sessions')
  await user.http('POST', '/api/auth/password', { current: user.password, next: 'nine purple herons' })
  const { rows } = await servers.db.query(
    `SELECT action, address, session_id IS NOT NULL AS has_session FROM audit_log
     WHERE actor_id = $1 AND action IN ('session.end', 'password.change') ORDER BY id`,
    [user.id],
  )
  const from = { address: '127.0.0.1', has_session: true }
  expect(rows).toEqual([
    { action: 'session.end', ...from },
    { action: 'password.change', ...from },
  ])
})

test('without the variables there is no sign-in with Google', async () => {
  const user = await servers.user()
  expect((await user.http('GET', '/api/auth/account')).body).toEqual({
    hasPassword: true,
    secondFactor: { on: false, codesLeft: 0, required: false },
    google: null,
  })
  expect((await fetch(`${servers.webUrl}/api/auth/google`, { redirect: 'manual' })).status).toBe(404)
  expect((await fetch(`${servers.webUrl}/api/auth/google/callback`, { redirect: 'manual' })).status).toBe(404)
  expect(await user.http('POST', '/api/auth/google/link', { password: user.password })).toMatchObject({ status: 404 })
})
