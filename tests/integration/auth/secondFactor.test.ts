import { randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { beforeAll, describe, expect, test } from 'vitest'
import { createSecretBox } from '@/lib/auth/secretBox'
import { startServers, type TestServers } from '../../support/servers/servers'
import { http, type TestUser } from '../../support/servers/testUser'

let servers: TestServers

beforeAll(async () => {
  // One proxy before us: what it would add to X-Forwarded-For is what some of these tests send.
  servers = await startServers({ webEnv: { SECOND_FACTOR_ADMINS: 'required', TRUSTED_PROXY_HOPS: '1' } })
})

const cookieOf = ({ headers }: { headers: Headers }) => headers.get('set-cookie')?.split(';')[0] ?? ''
const login = ({ email, password }: TestUser) => http(servers.webUrl, 'POST', '/api/auth/login', { email, password })
const pass = (challenge: string, code: string, from?: string) =>
  http(servers.webUrl, 'POST', '/api/auth/second-factor', { challenge, code }, from ? { 'x-forwarded-for': from } : {})
const remove = (user: Pick<TestUser, 'http' | 'password'>, code: string) =>
  user.http('DELETE', '/api/auth/totp', { password: user.password, code })
let addresses = 0
/** One that no other test uses. */
const newAddress = () => `198.51.${100 + Math.floor(addresses / 200)}.${1 + (addresses++ % 200)}`
const browser = (cookie: string) => ({
  http: (method: string, path: string, body?: unknown) => http(servers.webUrl, method, path, body, { cookie }),
})
/** The code of the step that is `steps` from now. */
const codeOf = (secret: string, steps = 0) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * 30_000 })

/** Sets the factor up, and forgets that a code was used for it: the tests need not wait for the next. */
async function withFactor(user: TestUser): Promise<{ secret: string; recoveryCodes: string[] }> {
  const started = await user.http('POST', '/api/auth/totp', { password: user.password })
  expect(started).toMatchObject({ status: 200 })
  const { secret } = started.body as { secret: string } // the contract's answer
  const confirmed = await user.http('POST', '/api/auth/totp/confirm', { code: codeOf(secret) })
  expect(confirmed).toMatchObject({ status: 200 })
  await servers.db.query('UPDATE second_factors SET last_step = 0 WHERE user_id = $1', [user.id])
  return { secret, recoveryCodes: (confirmed.body as { recoveryCodes: string[] }).recoveryCodes }
}

async function challenged(user: TestUser): Promise<string> {
  const { status, body, headers } = await login(user)
  expect({ status, body }).toMatchObject({ status: 200, body: { secondFactor: true } })
  expect(headers.get('set-cookie')).toBeNull()
  return (body as { challenge: string }).challenge
}

const refused = { status: 401, body: { error: { code: 'UNAUTHENTICATED' } } }

test('password and code together open the door, each code once', async () => {
  const user = await servers.user()
  const { secret } = await withFactor(user)

  const code = codeOf(secret)
  const first = await pass(await challenged(user), code)
  expect(first).toMatchObject({ status: 200, body: { user: { id: user.id } } })
  expect((await browser(cookieOf(first)).http('GET', '/api/auth/session')).status).toBe(200)

  expect(await pass(await challenged(user), code)).toMatchObject(refused)
  expect(await pass(await challenged(user), codeOf(secret, -1))).toMatchObject(refused)
  expect((await pass(await challenged(user), ` ${codeOf(secret, 1).replace(/(...)/, '$1 ')} `)).status).toBe(200)
})

test('a copy of the cookie from before it was set up is worth nothing afterwards', async () => {
  const user = await servers.user()
  const copy = browser(user.cookie)
  const socket = await user.connect()
  await withFactor(user)
  expect((await copy.http('GET', '/api/auth/session')).status).toBe(401)
  expect((await user.http('GET', '/api/auth/session')).status).toBe(200)
  expect(socket.connected).toBe(true)
})

test('the code that it was set up with is used up', async () => {
  const user = await servers.user()
  const { body } = await user.http('POST', '/api/auth/totp', { password: user.password })
  const code = codeOf((body as { secret: string }).secret) // the contract's answer
  expect((await user.http('POST', '/api/auth/totp/confirm', { code })).status).toBe(200)
  expect(await pass(await challenged(user), code)).toMatchObject(refused)
})

test('of two sign-ins with one code at once, one succeeds', async () => {
  const user = await servers.user()
  const { secret } = await withFactor(user)
  const challenges = await Promise.all([challenged(user), challenged(user)])
  const code = codeOf(secret)
  const answers = await Promise.all(challenges.map((challenge) => pass(challenge, code)))
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 401])
})

test('what the database holds of it is of no use to who reads it', async () => {
  const user = await servers.user()
  const { secret, recoveryCodes } = await withFactor(user)
  const { rows } = await servers.db.query(
    `SELECT f.*, (SELECT string_agg(hash, ',') FROM recovery_codes r WHERE r.user_id = f.user_id) AS codes
     FROM second_factors f WHERE user_id = $1`,
    [user.id],
  )
  for (const clear of [secret, ...recoveryCodes]) expect(JSON.stringify(rows)).not.toContain(clear)
  expect(recoveryCodes).toHaveLength(10)
  expect(new Set(recoveryCodes).size).toBe(10)
  expect(recoveryCodes[0]).toMatch(/^\w{4}(-\w{4}){5}$/)
})

test('a recovery code stands in for the app, once', async () => {
  const user = await servers.user()
  const { recoveryCodes } = await withFactor(user)
  const code = recoveryCodes[3] ?? ''
  expect((await pass(await challenged(user), code.toUpperCase())).status).toBe(200)
  expect(await pass(await challenged(user), code)).toMatchObject(refused)
  expect((await user.http('GET', '/api/auth/account')).body).toMatchObject({ secondFactor: { on: true, codesLeft: 9 } })
  // However it was copied.
  const [another = '', third = ''] = recoveryCodes
  expect((await pass(await challenged(user), another.replaceAll('-', ''))).status).toBe(200)
  expect((await pass(await challenged(user), third.replaceAll('-', ' '))).status).toBe(200)
})

test('of two sign-ins with one recovery code at once, one succeeds', async () => {
  const user = await servers.user()
  const { recoveryCodes } = await withFactor(user)
  const challenges = await Promise.all([challenged(user), challenged(user)])
  const answers = await Promise.all(challenges.map((challenge) => pass(challenge, recoveryCodes[0] ?? '')))
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 401])
})

describe('a challenge', () => {
  test('is good for five codes, one sign-in, five minutes and one account', async () => {
    const [user, other] = await Promise.all([servers.user(), servers.user()])
    const [{ secret }, { secret: others }] = await Promise.all([withFactor(user), withFactor(other)])
    const challenge = await challenged(user)
    expect(await pass(challenge, codeOf(others))).toMatchObject(refused)
    for (let guess = 2; guess <= 5; guess++) expect(await pass(challenge, '000000')).toMatchObject(refused)
    expect(await pass(challenge, codeOf(secret))).toMatchObject(refused)

    const late = await challenged(user)
    await servers.db.query(`UPDATE sign_in_steps SET expires_at = now() WHERE user_id = $1`, [user.id])
    expect(await pass(late, codeOf(secret))).toMatchObject(refused)

    const used = await challenged(user)
    expect((await pass(used, codeOf(secret))).status).toBe(200)
    expect(await pass(used, codeOf(secret, 1))).toMatchObject(refused)
    expect(await pass(randomBytes(32).toString('base64url'), codeOf(secret, 1))).toMatchObject(refused)
  })

  test('who knows the password tries ten codes in a quarter of an hour, whatever they begin anew', async () => {
    const user = await servers.user()
    const { secret } = await withFactor(user)
    for (let round = 0; round < 2; round++) {
      const challenge = await challenged(user)
      for (let guess = 0; guess < 5; guess++) expect(await pass(challenge, '000000')).toMatchObject(refused)
    }
    const answer = await pass(await challenged(user), codeOf(secret))
    expect(answer).toMatchObject({ status: 429, body: { error: { code: 'RATE_LIMITED' } } })
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(600)

    await servers.db.query(`UPDATE code_attempts SET since = now() - interval '16 min' WHERE user_id = $1`, [user.id])
    expect((await pass(await challenged(user), codeOf(secret))).status).toBe(200)
  })
})

describe('wrong codes lock out whoever guesses', () => {
  /** Wrong codes from one address, until they are refused; how many were looked at. */
  async function guess(user: TestUser, from: string, most = Number.POSITIVE_INFINITY): Promise<number> {
    for (let guesses = 0; ; ) {
      const challenge = await challenged(user)
      for (let i = 0; i < 5; i++) {
        if (guesses === most) return guesses
        const { status } = await pass(challenge, '000000', from)
        if (status === 429) return guesses
        expect(status).toBe(401)
        guesses += 1
      }
    }
  }
  /** Signs in with the app, any number of times in a row: a used code is forgotten. */
  async function enter(user: TestUser, secret: string, from: string): Promise<number> {
    await servers.db.query('UPDATE second_factors SET last_step = 0 WHERE user_id = $1', [user.id])
    return (await pass(await challenged(user), codeOf(secret), from)).status
  }

  test('right codes use up nothing, and wipe out the mistakes before them', async () => {
    const user = await servers.user()
    const { secret } = await withFactor(user)
    const home = newAddress()
    for (let round = 0; round < 12; round++) {
      expect(await guess(user, home, 1)).toBe(1)
      expect(await enter(user, secret, home)).toBe(200)
    }
    const { rows } = await servers.db.query('SELECT failures FROM second_factors WHERE user_id = $1', [user.id])
    expect(rows).toEqual([{ failures: 0 }])
  })

  test('their address has to wait, and the owner’s does not', async () => {
    const user = await servers.user()
    const { secret } = await withFactor(user)
    const guesser = newAddress()
    expect(await guess(user, guesser)).toBe(10)
    expect(await enter(user, secret, guesser)).toBe(429)
    expect(await enter(user, secret, newAddress())).toBe(200)
  })

  test('from everywhere they have fifty a day; where the owner signed in before, and with a recovery code, it opens', async () => {
    const user = await servers.user()
    const { secret, recoveryCodes } = await withFactor(user)
    const home = newAddress()
    expect(await enter(user, secret, home)).toBe(200)
    for (let bot = 0; bot < 5; bot++) expect(await guess(user, newAddress())).toBe(10)
    expect(await guess(user, newAddress())).toBe(0)

    const abroad = newAddress()
    const refusal = await pass(await challenged(user), codeOf(secret), abroad)
    expect(refusal).toMatchObject({
      status: 429,
      body: { error: { message: 'Too many wrong codes. Use a recovery code, or try again in 24 hours.' } },
    })
    expect(await enter(user, secret, home)).toBe(200)
    expect((await pass(await challenged(user), recoveryCodes[0] ?? '', abroad)).status).toBe(200)
    // From now on that is an address of theirs as well.
    expect(await enter(user, secret, abroad)).toBe(200)
    expect(await guess(user, newAddress())).toBe(0)

    await servers.db.query(`UPDATE second_factors SET failing_since = now() - interval '25 h' WHERE user_id = $1`, [
      user.id,
    ])
    expect(await enter(user, secret, newAddress())).toBe(200)
  })

  test('an address is forgotten after thirty days', async () => {
    const user = await servers.user()
    const { secret } = await withFactor(user)
    const home = newAddress()
    expect(await enter(user, secret, home)).toBe(200)
    await servers.db.query(`UPDATE code_attempts SET right_at = now() - interval '31 days' WHERE user_id = $1`, [
      user.id,
    ])
    await servers.db.query(`UPDATE second_factors SET failures = 50, failing_since = now() WHERE user_id = $1`, [
      user.id,
    ])
    expect(await enter(user, secret, home)).toBe(429)
  })

  test('guesses at once do not slip through together', async () => {
    const user = await servers.user()
    await withFactor(user)
    const from = newAddress()
    const challenges = await Promise.all([1, 2, 3, 4].map(() => challenged(user)))
    const answers = await Promise.all(
      challenges.flatMap((challenge) => Array.from({ length: 5 }, () => pass(challenge, '000000', from))),
    )
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(10)
  })
})

describe('setting it up', () => {
  test('takes the password and a code of the app, and changes nothing before', async () => {
    const user = await servers.user()
    expect(await user.http('POST', '/api/auth/totp', { password: 'not mine' })).toMatchObject({
      status: 400,
      body: { error: { issues: [{ path: 'password' }] } },
    })
    expect(await user.http('POST', '/api/auth/totp', {})).toMatchObject({ status: 400 })
    expect(await user.http('POST', '/api/auth/totp', { password: user.password })).toMatchObject({ status: 200 })
    expect(await user.http('POST', '/api/auth/totp/confirm', { code: '000000' })).toMatchObject({ status: 400 })
    expect((await login(user)).body).toHaveProperty('user')
  })

  test('twice is refused, and removing it takes the password and a code', async () => {
    const user = await servers.user()
    const { secret } = await withFactor(user)
    expect(await user.http('POST', '/api/auth/totp', { password: user.password })).toMatchObject({ status: 409 })
    const wrong = (path: string) => ({ status: 400, body: { error: { issues: [{ path }] } } })
    expect(await remove(user, '000000')).toMatchObject(wrong('code'))
    expect(await remove({ ...user, password: 'not mine' }, codeOf(secret))).toMatchObject(wrong('password'))
    expect(await user.http('DELETE', '/api/auth/totp', { code: codeOf(secret) })).toMatchObject(wrong('password'))
    // None of these used the code up.
    expect((await remove(user, codeOf(secret))).status).toBe(204)
    expect((await login(user)).body).toHaveProperty('user')
  })
})

describe('where admins need one', () => {
  test('a session without it is like anybody’s, over both transports, until it is set up', async () => {
    const admin = await servers.user()
    await servers.db.query(`UPDATE users SET role = 'admin' WHERE id = $1`, [admin.id])
    const socket = await servers.startSocket({ secondFactorForAdmins: true })

    expect(await admin.http('GET', '/api/auth/session')).toMatchObject({
      status: 200,
      body: { user: { needsSecondFactor: true } },
    })
    expect(await admin.http('GET', '/api/auth/session-token?namespace=/admin')).toMatchObject({ status: 403 })
    expect(await admin.http('POST', '/api/admin/invites', {})).toMatchObject({ status: 403 })
    expect(await admin.http('GET', '/api/chat/rooms')).toMatchObject({ status: 200 })

    const { secret } = await withFactor(admin)
    expect((await admin.http('GET', '/api/auth/session')).body).not.toHaveProperty('user.needsSecondFactor')
    expect(await admin.http('POST', '/api/admin/invites', {})).toMatchObject({ status: 201 })
    await admin.connectAdmin({ url: socket.url })

    const again = browser(cookieOf(await pass(await challenged(admin), codeOf(secret))))
    expect(await again.http('GET', '/api/auth/session-token?namespace=/admin')).toMatchObject({ status: 200 })

    expect((await remove({ ...again, password: admin.password }, codeOf(secret, 1))).status).toBe(204)
    expect(await again.http('GET', '/api/auth/session-token?namespace=/admin')).toMatchObject({ status: 403 })
  })
})

test('setting and removing it is in the audit log', async () => {
  const user = await servers.user()
  const { secret } = await withFactor(user)
  await remove(user, codeOf(secret))
  const { rows } = await servers.db.query('SELECT action FROM audit_log WHERE target = $1 ORDER BY id', [user.id])
  expect(rows.map(({ action }) => action)).toEqual(['second-factor.set', 'second-factor.remove'])
})

test('when the key it was sealed with is gone, the app’s codes say so and a recovery code helps', async () => {
  const user = await servers.user()
  const { secret, recoveryCodes } = await withFactor(user)
  const sealed = createSecretBox([randomBytes(32).toString('hex')]).seal(secret)
  await servers.db.query('UPDATE second_factors SET secret = $2 WHERE user_id = $1', [user.id, sealed])
  expect(await pass(await challenged(user), codeOf(secret))).toMatchObject({
    status: 403,
    body: { error: { message: expect.stringContaining('Use a recovery code') } },
  })
  expect((await pass(await challenged(user), recoveryCodes[0] ?? '')).status).toBe(200)
})

test('sealed secrets open while their key is among those configured', () => {
  const [old, fresh] = [randomBytes(32).toString('hex'), randomBytes(32).toString('hex')]
  const sealed = createSecretBox([old]).seal('a secret')
  expect(sealed).not.toContain('a secret')
  const both = createSecretBox([fresh, old])
  expect(both.open(sealed)).toBe('a secret')
  expect(both.isOld(sealed)).toBe(true)
  expect(both.isOld(both.seal('a secret'))).toBe(false)
  expect(createSecretBox([fresh]).open(sealed)).toBeUndefined()
  const [id, nonce, text = ''] = sealed.split(':')
  const forged = [id, nonce, `${text.startsWith('A') ? 'B' : 'A'}${text.slice(1)}`].join(':')
  expect(() => both.open(forged)).toThrow()
})
