import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { startIdentityProvider, type TestIdentityProvider } from '../../support/servers/identityProvider'
import { startServers, type TestServers } from '../../support/servers/servers'
import { http, type TestUser } from '../../support/servers/testUser'

let servers: TestServers
let provider: TestIdentityProvider

beforeAll(async () => {
  provider = await startIdentityProvider()
  servers = await startServers({
    webEnv: {
      GOOGLE_CLIENT_ID: 'tandem',
      GOOGLE_CLIENT_SECRET: 'a secret between the two',
      GOOGLE_ISSUER: provider.issuer,
      PUBLIC_URL: 'http://chat.test:3000',
    },
  })
})

/** Somebody new at the provider. */
const person = (more: { email?: string; picture?: string } = {}) => {
  const sub = randomUUID()
  return { sub, email: `${sub}@example.com`, email_verified: true, name: 'Zoe', ...more }
}

/** A browser that keeps cookies, follows nothing, and reaches our web server under its public name. */
function browser(initial: string[] = []) {
  const cookies = new Map(initial.map((cookie) => cookie.split('=') as [string, string])) // name=value
  const get = async (url: string) => {
    const target = url.replace('http://chat.test:3000', servers.webUrl)
    const own = target.startsWith(servers.webUrl)
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(target, { redirect: 'manual', headers: own && cookie ? { cookie } : {} })
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? []
      if (value === '' || /Max-Age=0/i.test(set)) cookies.delete(name)
      else cookies.set(name, value)
    }
    return { status: response.status, location: response.headers.get('location') ?? '' }
  }
  return {
    cookies,
    get,
    /** To the provider, and to where it sends the browser back; that address is not opened. */
    async visit(query = ''): Promise<string> {
      const { location } = await get(`${servers.webUrl}/api/auth/google${query}`)
      return (await get(location)).location
    },
    /** All the way; resolves to the page at the end. */
    async enter(query = ''): Promise<string> {
      return (await get(await this.visit(query))).location
    },
    /** As its page does, signed in. */
    async http(method: string, path: string, body?: unknown) {
      const cookie = `auth_session=${cookies.get('auth_session')}`
      const answer = await http(servers.webUrl, method, path, body, { cookie })
      const renewed = /auth_session=([^;]+)/.exec(answer.headers.get('set-cookie') ?? '')?.[1]
      if (renewed) cookies.set('auth_session', renewed)
      return answer
    },
    session() {
      return this.http('GET', '/api/auth/session')
    },
  }
}

const page = (path: string) => `http://chat.test:3000${path}`
const problem = (name: string) => page(`/login?problem=${name}`)
const accountsOf = async (email: string) =>
  (await servers.db.query('SELECT u.id FROM users u JOIN accounts a ON a.user_id = u.id WHERE u.email = $1', [email]))
    .rows.length

test('the first time makes an account, the next times open the same one, whatever its address is by then', async () => {
  const zoe = person({ picture: 'https://example.com/zoe.png' })
  provider.is(zoe)
  const first = browser()
  expect(await first.enter('?next=/notifications')).toBe(page('/notifications'))
  const made = await first.session()
  expect(made).toMatchObject({
    status: 200,
    body: { user: { name: 'Zoe', email: zoe.email, role: 'user', avatarImage: zoe.picture } },
  })

  provider.is({ ...zoe, email: 'another@example.com' })
  const second = browser()
  await second.enter()
  expect((await second.session()).body).toEqual(made.body)
})

test('what goes to the provider carries state, nonce and a PKCE challenge, and no secret', async () => {
  const { location } = await browser().get(`${servers.webUrl}/api/auth/google`)
  const { searchParams } = new URL(location)
  expect(Object.fromEntries(searchParams)).toMatchObject({
    response_type: 'code',
    client_id: 'tandem',
    redirect_uri: page('/api/auth/google/callback'),
    scope: 'openid email profile',
    code_challenge_method: 'S256',
  })
  for (const name of ['state', 'nonce', 'code_challenge']) expect(searchParams.get(name)).toMatch(/^[\w-]{40,}$/)
  expect(location).not.toContain('secret')
})

test.each(['//evil.example', 'https://evil.example/', '/\\evil.example', '/.//evil.example'])(
  'nobody is sent on to another site: %s',
  async (next) => {
    provider.is(person())
    expect(await browser().enter(`?next=${encodeURIComponent(next)}`)).toBe(page('/chat'))
  },
)

describe('what comes back wrong is refused, and makes nobody', () => {
  const refusedWith = async (change: (callback: URL) => void, claims: Record<string, unknown> = {}) => {
    const zoe = person()
    provider.is({ ...zoe, ...claims })
    const guest = browser()
    const callback = new URL(await guest.visit())
    change(callback)
    const { location } = await guest.get(callback.href)
    expect(guest.cookies.has('auth_session')).toBe(false)
    expect(await accountsOf(zoe.email)).toBe(0)
    return location
  }
  const nothing = () => {}

  test.each([
    ['a forged state', (url: URL) => url.searchParams.set('state', 'x'.repeat(43))],
    ['no state', (url: URL) => url.searchParams.delete('state')],
    ['a forged code', (url: URL) => url.searchParams.set('code', randomUUID())],
  ])('%s', async (_, change) => {
    expect(await refusedWith(change)).toBe(problem('google-failed'))
  })

  test('an error of the provider', async () => {
    expect(await refusedWith((url) => url.searchParams.set('error', 'access_denied'))).toBe(problem('google-refused'))
  })

  test.each([
    ['another nonce', { nonce: 'x'.repeat(43) }],
    ['another issuer', { iss: 'https://evil.example' }],
    ['another audience', { aud: 'somebody else' }],
    ['an ID token that has expired', { exp: Math.floor(Date.now() / 1000) - 3_600 }],
    ['no address', { email: undefined }],
  ])('%s', async (_, claims) => {
    expect(await refusedWith(nothing, claims)).toBe(problem('google-failed'))
  })

  test.each([false, undefined, 'false', 1])('an address that was not verified: %s', async (email_verified) => {
    expect(await refusedWith(nothing, { email_verified })).toBe(problem('google-unverified'))
  })
})

test('the way back can be gone once, and by the browser that set out', async () => {
  const zoe = person()
  provider.is(zoe)
  const guest = browser()
  const callback = await guest.visit()
  const flow = guest.cookies.get('auth_flow') ?? ''

  const attacker = browser()
  expect((await attacker.get(callback)).location).toBe(problem('google-late'))
  expect((await guest.get(callback)).location).toBe(page('/chat'))
  expect((await browser([`auth_flow=${flow}`]).get(callback)).location).toBe(problem('google-late'))
})

describe('an address that somebody has here already', () => {
  test('opens nothing: it is linked by who is signed in, and then opens the account', async () => {
    const user = await servers.user()
    const zoe = person({ email: user.email })
    provider.is(zoe)
    const guest = browser()
    expect(await guest.enter()).toBe(problem('google-existing'))
    expect(guest.cookies.has('auth_session')).toBe(false)

    await link(user)
    expect((await user.http('GET', '/api/auth/account')).body).toMatchObject({ google: { email: user.email } })
    const again = browser()
    expect(await again.enter()).toBe(page('/chat'))
    expect((await again.session()).body).toMatchObject({ user: { id: user.id } })
  })

  async function link(user: TestUser, browserCookie = user.cookie): Promise<string> {
    const answer = await user.http('POST', '/api/auth/google/link', { password: user.password })
    expect(answer).toMatchObject({ status: 200 })
    const flow = /auth_flow=([^;]+)/.exec(answer.headers.get('set-cookie') ?? '')?.[1]
    const owner = browser([browserCookie, `auth_flow=${flow}`])
    const { location } = await owner.get((answer.body as { url: string }).url) // the contract's answer
    return (await owner.get(location)).location
  }

  test('linking takes the password, and stays with who began it', async () => {
    const [user, other] = await Promise.all([servers.user(), servers.user()])
    provider.is(person())
    expect(await user.http('POST', '/api/auth/google/link', { password: 'not mine' })).toMatchObject({ status: 400 })
    expect(await user.http('POST', '/api/auth/google/link', {})).toMatchObject({ status: 400 })
    expect(await link(user, other.cookie)).toBe(page('/account?problem=google-somebody'))
    expect((await other.http('GET', '/api/auth/account')).body).toMatchObject({ google: { email: null } })
  })

  test('one account there is linked to one here, until it is unlinked', async () => {
    const [user, other] = await Promise.all([servers.user(), servers.user()])
    provider.is(person())
    expect(await link(user)).toBe(page('/account?google=linked'))
    expect(await link(other)).toBe(page('/account?problem=google-linked'))
    const unlink = (password?: string) => user.http('DELETE', '/api/auth/google', { password })
    for (const password of [undefined, 'not mine']) {
      expect(await unlink(password)).toMatchObject({ status: 400, body: { error: { issues: [{ path: 'password' }] } } })
    }
    expect((await unlink(user.password)).status).toBe(204)
    expect(await link(other)).toBe(page('/account?google=linked'))

    const { rows } = await servers.db.query(
      `SELECT action, actor_id, address, session_id IS NOT NULL AS has_session FROM audit_log
       WHERE target = $1 AND action LIKE 'google.%' ORDER BY id`,
      [user.id],
    )
    const from = { actor_id: user.id, address: '127.0.0.1', has_session: true }
    expect(rows).toEqual([
      { action: 'google.link', ...from },
      { action: 'google.unlink', ...from },
    ])
  })

  test('what the audit log cannot keep does not happen', async () => {
    const user = await servers.user()
    provider.is(person())
    await servers.db.query(
      `ALTER TABLE audit_log ADD CONSTRAINT full_disk CHECK (action NOT LIKE 'google.%link') NOT VALID`,
    )
    try {
      expect(await link(user)).toBe(page('/account?problem=google-failed'))
    } finally {
      await servers.db.query('ALTER TABLE audit_log DROP CONSTRAINT full_disk')
    }
    expect((await user.http('GET', '/api/auth/account')).body).toMatchObject({ google: { email: null } })
  })
})

describe('who has no password', () => {
  const next = 'nine purple herons'
  const newcomer = async () => {
    const zoe = person()
    provider.is(zoe)
    const zoes = browser()
    await zoes.enter()
    return { ...zoe, browser: zoes }
  }
  /** Ten minutes later, and a little. */
  const later = (email: string) =>
    servers.db.query(
      `UPDATE sessions SET created_at = created_at - interval '11 min'
       WHERE user_id = (SELECT id FROM users WHERE email = $1)`,
      [email],
    )

  test('cannot unlink the only way in', async () => {
    const zoe = await newcomer()
    expect(await zoe.browser.http('DELETE', '/api/auth/google', {})).toMatchObject({ status: 409 })
    expect((await zoe.browser.http('GET', '/api/auth/account')).body).toMatchObject({ hasPassword: false })
  })

  test('sets the first one, and signs in with either from then on', async () => {
    const zoe = await newcomer()
    expect(await zoe.browser.http('POST', '/api/auth/password', { next: 'password1' })).toMatchObject({ status: 400 })
    expect((await zoe.browser.http('POST', '/api/auth/password', { next })).status).toBe(204)
    expect((await zoe.browser.http('GET', '/api/auth/account')).body).toMatchObject({ hasPassword: true })
    const login = { email: zoe.email, password: next }
    expect(await http(servers.webUrl, 'POST', '/api/auth/login', login)).toMatchObject({ status: 200 })
    // It is asked for now.
    expect(await zoe.browser.http('POST', '/api/auth/password', { next: 'seven yellow otters' })).toMatchObject({
      status: 400,
      body: { error: { issues: [{ path: 'current' }] } },
    })
    expect((await zoe.browser.http('DELETE', '/api/auth/google', { password: next })).status).toBe(204)
  })

  test.each([
    ['set one', '/api/auth/password', { next }],
    ['set up a second factor', '/api/auth/totp', {}],
    ['link another account', '/api/auth/google/link', {}],
    ['disable the account', '/api/auth/disable', {}],
  ])('must have signed in a moment ago to %s: an open session is not enough', async (_, path, input) => {
    const zoe = await newcomer()
    await later(zoe.email)
    expect(await zoe.browser.http('POST', path, input)).toMatchObject({
      status: 403,
      body: { error: { message: expect.stringContaining('sign in with Google again') } },
    })
    await zoe.browser.enter('?next=/account')
    expect((await zoe.browser.http('POST', path, input)).status).toBeLessThan(300)
  })
})

test('a disabled account stays closed, and a second factor is asked for', async () => {
  const zoe = person()
  provider.is(zoe)
  await browser().enter()
  const { rows } = await servers.db.query('SELECT id FROM users WHERE email = $1', [zoe.email])
  await servers.db.query(`INSERT INTO second_factors (user_id, secret, confirmed_at) VALUES ($1, 'sealed', now())`, [
    rows[0].id,
  ])
  const guest = browser()
  expect(await guest.enter()).toMatch(/^http:\/\/chat\.test:3000\/login\?step=code&next=%2Fchat#challenge=[\w-]{43}$/)
  expect(guest.cookies.has('auth_session')).toBe(false)

  await servers.db.query('UPDATE users SET disabled_at = now() WHERE id = $1', [rows[0].id])
  expect(await browser().enter()).toBe(problem('disabled'))
})

test('it is in the audit log, refusals too', async () => {
  const zoe = person()
  provider.is({ ...zoe, email_verified: false })
  await browser().enter()
  provider.is(zoe)
  await browser().enter()
  const { rows } = await servers.db.query('SELECT id FROM users WHERE email = $1', [zoe.email])
  await expect
    .poll(
      async () =>
        (
          await servers.db.query(
            `SELECT outcome FROM audit_log WHERE action = 'google.signIn' AND (actor_id = $1 OR details->>'problem' = 'google-unverified')`,
            [rows[0].id],
          )
        ).rows.map(({ outcome }) => outcome),
      { timeout: 10_000 },
    )
    .toEqual(expect.arrayContaining(['ok', 'FORBIDDEN']))
})

test('an address that Google has verified is proved to be theirs, with the account or later; another one is not', async () => {
  const zoe = person()
  const isProved = async () => {
    const { rows } = await servers.db.query('SELECT email_proved_at FROM users WHERE email = $1', [zoe.email])
    return rows[0].email_proved_at !== null
  }
  provider.is(zoe)
  await browser().enter()
  expect(await isProved()).toBe(true)

  await servers.db.query('UPDATE users SET email_proved_at = NULL WHERE email = $1', [zoe.email])
  provider.is({ ...zoe, email: `${randomUUID()}@example.com` })
  await browser().enter()
  provider.is({ ...zoe, email_verified: false })
  await browser().enter()
  expect(await isProved()).toBe(false)
  provider.is(zoe)
  await browser().enter()
  expect(await isProved()).toBe(true)
})
