import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { argon2Passwords } from '@/lib/auth/passwords'
import { startServers, type TestServers } from '../../support/servers/servers'
import { http, type TestUser } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'

let servers: TestServers

beforeAll(async () => {
  servers = await startServers({ limits: { auth: { points: 20, seconds: 600 } } })
})

const next = 'nine purple herons'
const refusal = (path: string) => ({ status: 400, body: { error: { code: 'BAD_REQUEST', issues: [{ path }] } } })
const login = (email: string, password: string) => http(servers.webUrl, 'POST', '/api/auth/login', { email, password })
const change = (user: Pick<TestUser, 'http'>, current: string, chosen: string) =>
  user.http('POST', '/api/auth/password', { current, next: chosen })

test('a new password works at once, the old one never again, and all other sessions end with their sockets', async () => {
  const user = await servers.user()
  const other = await login(user.email, user.password)
  const cookie = other.headers.get('set-cookie')?.split(';')[0] ?? ''
  const { body } = await http(servers.webUrl, 'GET', '/api/auth/session', undefined, { cookie })
  expect(body).toMatchObject({ user: { id: user.id } })
  const socket = await user.connect()

  const changed = await http(servers.webUrl, 'POST', '/api/auth/password', { current: user.password, next }, { cookie })

  expect(changed.status).toBe(204)
  await waitFor(() => socket.disconnected, { timeoutMs: 5_000 })
  expect((await user.http('GET', '/api/auth/session')).status).toBe(401)
  const renewed = { cookie: changed.headers.get('set-cookie')?.split(';')[0] ?? '' }
  expect((await http(servers.webUrl, 'GET', '/api/auth/session', undefined, renewed)).status).toBe(200)
  expect((await login(user.email, user.password)).status).toBe(401)
  expect((await login(user.email, next)).status).toBe(200)
})

describe('a password that is easily guessed', () => {
  test.each(['password1', 'qwertyuiop123', '12345678901', 'Password123!', 'tandem-demo', 'aaaaaaaaaaaa'])(
    'is refused with a sentence when registering: %s',
    async (password) => {
      const answer = await http(servers.webUrl, 'POST', '/api/auth/register', {
        name: 'Zoe',
        email: `${randomUUID()}@example.com`,
        password,
      })
      expect(answer).toMatchObject(refusal('password'))
      expect(JSON.stringify(answer.body)).toContain('easily guessed')
    },
  )

  test('also when it is made of one’s own name and address, and when changing', async () => {
    const user = await servers.user()
    expect(await change(user, 'a long password', `${user.email.split('@')[0]}1`)).toMatchObject(refusal('next'))
    expect(await change(user, 'a long password', 'letmein12345')).toMatchObject(refusal('next'))
  })

  test('still opens the door of who has it', async () => {
    const user = await servers.user()
    const passwordHash = await argon2Passwords.hash('password1')
    await servers.db.query('UPDATE users SET password_hash = $2 WHERE id = $1', [user.id, passwordHash])
    expect((await login(user.email, 'password1')).status).toBe(200)
  })

  test('is found out quickly, however it was written', async () => {
    const user = await servers.user()
    const started = performance.now()
    await change(user, 'a long password', 'p4$$w0rd'.repeat(32))
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})

test('whoever sits at an open page guesses the password no faster than at the door', async () => {
  const user = await servers.user()
  for (let attempt = 1; attempt <= 20; attempt++) {
    expect(await change(user, `wrong ${attempt}`, next)).toMatchObject(refusal('current'))
  }
  expect(await change(user, 'a long password', next)).toMatchObject({
    status: 429,
    body: { error: { code: 'RATE_LIMITED' } },
  })
})
