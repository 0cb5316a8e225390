import { randomUUID } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { beforeAll, describe, expect, test } from 'vitest'
import { newAdmin } from '../../support/servers/permissions'
import { startServers, type TestServers } from '../../support/servers/servers'
import { type HttpAnswer, http, type TestUser } from '../../support/servers/testUser'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

let servers: TestServers

beforeAll(async () => {
  servers = await startServers()
})

const login = ({ email }: Pick<TestUser, 'email'>, password = 'a long password') =>
  http(servers.webUrl, 'POST', '/api/auth/login', { email, password })
const cookieOf = ({ headers }: HttpAnswer) => headers.get('set-cookie')?.split(';')[0] ?? ''
const sessionOf = (cookie: string) => http(servers.webUrl, 'GET', '/api/auth/session', undefined, { cookie })
const change = (cookie: string, next: string, current = 'a long password') =>
  http(servers.webUrl, 'POST', '/api/auth/password', { current, next }, { cookie })

describe('a sign-in that is under way', () => {
  /** Somebody signs in while a transaction has done `change` to their row and not yet committed it. */
  async function loginDuring(user: TestUser, change: string): Promise<HttpAnswer> {
    const other = await servers.db.connect()
    onTeardown(() => other.release())
    await other.query('BEGIN')
    await other.query(`UPDATE users SET ${change} WHERE id = $1`, [user.id])
    await other.query('DELETE FROM sessions WHERE user_id = $1', [user.id])
    let answered = false
    const answer = login(user).finally(() => {
      answered = true
    })
    const waiting = `SELECT 1 FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%INTO sessions%'`
    await waitFor(async () => answered || (await servers.db.query(waiting)).rows.length > 0)
    await other.query('COMMIT')
    return answer
  }
  const sessionsOf = async ({ id }: TestUser) =>
    (await servers.db.query('SELECT 1 FROM sessions WHERE user_id = $1', [id])).rows.length

  test('with a password that is changed at this moment is refused', async () => {
    const user = await servers.user()
    expect(await loginDuring(user, `password_hash = 'another'`)).toMatchObject({ status: 401 })
    expect(await sessionsOf(user)).toBe(0)
  })

  test('to an account that is disabled at this moment is refused, also for when it is opened again', async () => {
    const user = await servers.user()
    expect(await loginDuring(user, 'disabled_at = now()')).toMatchObject({ status: 401 })
    expect(await sessionsOf(user)).toBe(0)
  })

  test('is not kept up by what else happens to the account', async () => {
    const user = await servers.user()
    expect(await loginDuring(user, 'last_seen = now()')).toMatchObject({ status: 200 })
  })

  test('with a code ends with the password that began it', async () => {
    const user = await servers.user()
    const { body } = await user.http('POST', '/api/auth/totp', { password: user.password })
    const secret = Secret.fromBase32((body as { secret: string }).secret) // the contract's answer
    const { body: set } = await user.http('POST', '/api/auth/totp/confirm', { code: new TOTP({ secret }).generate() })
    const [code] = (set as { recoveryCodes: string[] }).recoveryCodes // likewise
    const { challenge } = (await login(user)).body as { challenge: string } // likewise
    expect((await change(user.cookie, 'nine purple herons')).status).toBe(204)
    expect(await http(servers.webUrl, 'POST', '/api/auth/second-factor', { challenge, code })).toMatchObject({
      status: 401,
    })
  })
})

describe('a changed password', () => {
  test('makes a copy of the cookie worthless, and keeps the sockets of this browser', async () => {
    const user = await servers.user()
    const socket = await user.connect()
    const changed = await change(user.cookie, 'nine purple herons')
    expect(changed.status).toBe(204)
    expect((await sessionOf(user.cookie)).status).toBe(401)
    expect((await sessionOf(cookieOf(changed))).body).toMatchObject({ user: { id: user.id } })
    const { body } = await http(servers.webUrl, 'GET', '/api/auth/sessions', undefined, { cookie: cookieOf(changed) })
    expect(body).toMatchObject({ sessions: [{ current: true }] })
    expect(socket.connected).toBe(true)
  })

  test('is one of two that were changed at once, and whoever was slower is signed out', async () => {
    const user = await servers.user()
    const cookies = [user.cookie, cookieOf(await login(user))]
    const chosen = ['nine purple herons', 'seven yellow otters']
    const answers = await Promise.all(cookies.map((cookie, i) => change(cookie, chosen[i] ?? '')))
    const won = answers.findIndex(({ status }) => status === 204)
    expect(answers.filter(({ status }) => status === 204)).toHaveLength(1)
    expect((await login(user, chosen[won])).status).toBe(200)
    expect((await login(user, chosen[1 - won])).status).toBe(401)
    const after = await Promise.all(answers.map((answer, i) => sessionOf(cookieOf(answer) || (cookies[i] ?? ''))))
    expect(after.map(({ status }) => status)).toEqual(won === 0 ? [200, 401] : [401, 200])
  })
})

test('a browser that signs in again gives up the session it held', async () => {
  const user = await servers.user()
  const socket = await user.connect()
  const { email, password } = user
  const again = await http(servers.webUrl, 'POST', '/api/auth/login', { email, password }, { cookie: user.cookie })
  expect((await sessionOf(user.cookie)).status).toBe(401)
  expect((await sessionOf(cookieOf(again))).status).toBe(200)
  await waitFor(() => socket.disconnected, { timeoutMs: 5_000 })
})

describe('the last administrator', () => {
  const disable = (user: TestUser) => user.http('POST', '/api/auth/disable', { password: user.password })

  test('cannot disable their own account, since nobody could open it again', async () => {
    await servers.db.query(`UPDATE users SET role = 'user'`)
    const admin = await newAdmin(servers)
    expect(await disable(admin)).toMatchObject({
      status: 403,
      body: { error: { message: 'This is the last administrator. Make somebody else one first.' } },
    })
    expect((await sessionOf(admin.cookie)).status).toBe(200)
    await newAdmin(servers)
    expect((await disable(admin)).status).toBe(204)
    expect((await sessionOf(admin.cookie)).status).toBe(401)
  })

  test('is left when the last two disable theirs at once', async () => {
    await servers.db.query(`UPDATE users SET role = 'user'`)
    const admins = [await newAdmin(servers, randomUUID()), await newAdmin(servers, randomUUID())]
    const answers = await Promise.all(admins.map(disable))
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 403])
  })
})
