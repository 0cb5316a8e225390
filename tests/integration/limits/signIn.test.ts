import { randomUUID } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { beforeAll, describe, expect, test } from 'vitest'
import { startIdentityProvider, type TestIdentityProvider } from '../../support/servers/identityProvider'
import { startServers, type TestServers } from '../../support/servers/servers'
import { http, type TestUser } from '../../support/servers/testUser'

let servers: TestServers
let provider: TestIdentityProvider

beforeAll(async () => {
  provider = await startIdentityProvider()
  // One proxy before us: what it would add to X-Forwarded-For is what these tests send.
  servers = await startServers({
    limits: { auth: { points: 2, seconds: 60 } },
    webEnv: {
      TRUSTED_PROXY_HOPS: '1',
      GOOGLE_CLIENT_ID: 'tandem',
      GOOGLE_CLIENT_SECRET: 'a secret between the two',
      GOOGLE_ISSUER: provider.issuer,
      PUBLIC_URL: 'http://chat.test:3000',
    },
  })
})

let addresses = 0
/** One that no other test uses. */
const newAddress = () => `198.51.100.${++addresses}`

const account = () => ({ name: 'Somebody', email: `${randomUUID()}@example.com`, password: 'a long password' })
const post = (path: string, body: unknown, forwardedFor: string) =>
  http(servers.webUrl, 'POST', `/api/auth/${path}`, body, { 'x-forwarded-for': forwardedFor })
const signIn = ({ email, password }: Pick<TestUser, 'email' | 'password'>, from: string) =>
  post('login', { email, password }, from)
const guess = ({ email }: Pick<TestUser, 'email'>, from: string) => signIn({ email, password: 'a guess' }, from)

/** Somebody with an account, who has not signed in from anywhere yet. */
async function somebody() {
  const person = account()
  expect((await post('register', person, newAddress())).status).toBe(201)
  return person
}

test('after too many guesses the address has to wait, and the owner signs in from elsewhere', async () => {
  const victim = await somebody()
  const [attacker, home] = [newAddress(), newAddress()]
  expect((await guess(victim, attacker)).status).toBe(401)
  const last = await guess(victim, attacker)
  expect(last.status).toBe(401)
  expect(last.headers.get('RateLimit-Remaining')).toBe('0')

  const refused = await signIn(victim, attacker)
  expect(refused).toMatchObject({ status: 429, body: { error: { code: 'RATE_LIMITED', retryable: true } } })
  expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0)
  expect((await signIn(victim, home)).status).toBe(200)
})

test('what a client itself writes to the left in X-Forwarded-For changes nothing', async () => {
  const victim = await somebody()
  const attacker = newAddress()
  const answers = []
  for (const forged of ['1.1.1.1', '2.2.2.2', '3.3.3.3']) {
    answers.push((await guess(victim, `${forged}, ${attacker}`)).status)
  }
  expect(answers).toEqual([401, 401, 429])
})

test('addresses of one IPv6 network count as one', async () => {
  const victim = await somebody()
  const answers = []
  for (const host of ['1', '2', 'ffff:1']) answers.push((await guess(victim, `2001:db8:7:7::${host}`)).status)
  expect(answers).toEqual([401, 401, 429])
})

test('signing in wipes out the mistakes before it', async () => {
  const person = await somebody()
  const home = newAddress()
  const answers = []
  for (let round = 0; round < 4; round++) {
    answers.push((await guess(person, home)).status, (await signIn(person, home)).status)
  }
  expect(answers).toEqual([401, 200, 401, 200, 401, 200, 401, 200])
})

test('trying many accounts from one address is limited too, at three times the limit', async () => {
  const attacker = newAddress()
  const answers = []
  for (let tried = 0; tried < 7; tried++) answers.push((await guess(account(), attacker)).status)
  expect(answers).toEqual([401, 401, 401, 401, 401, 401, 429])
})

test('an office whose people know their passwords is not limited', async () => {
  const office = newAddress()
  const people = await Promise.all(Array.from({ length: 8 }, () => somebody()))
  const answers = []
  for (const person of people) answers.push((await signIn(person, office)).status)
  expect(answers).toEqual(Array(8).fill(200))
})

test('guesses from many addresses slow down strangers only: where the owner signed in before, it works', async () => {
  const victim = await somebody()
  const home = newAddress()
  expect((await signIn(victim, home)).status).toBe(200)

  for (let bot = 0; bot < 20; bot++) expect((await guess(victim, newAddress())).status).toBe(401)
  expect((await guess(victim, newAddress())).status).toBe(429)
  expect((await signIn(victim, newAddress())).status).toBe(429)

  expect((await signIn(victim, home)).status).toBe(200)
})

test('guesses at once do not slip through together', async () => {
  const victim = await somebody()
  const attacker = newAddress()
  const answers = await Promise.all(Array.from({ length: 10 }, () => guess(victim, attacker)))
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(2)
})

test('registering is limited for each address, whatever the account', async () => {
  const [one, other] = [newAddress(), newAddress()]
  const answers = []
  for (let made = 0; made < 3; made++) answers.push((await post('register', account(), one)).status)
  expect(answers).toEqual([201, 201, 429])
  expect((await post('register', account(), other)).status).toBe(201)
})

describe('the second step of signing in', () => {
  test('is limited for each address, whatever it is a step of', async () => {
    const attacker = newAddress()
    const answers = []
    for (let tried = 0; tried < 7; tried++) {
      answers.push((await post('second-factor', { challenge: `made up ${tried}`, code: '000000' }, attacker)).status)
    }
    expect(answers).toEqual([401, 401, 401, 401, 401, 401, 429])
  })

  test('counts right codes for nobody: an office signs in', async () => {
    const office = newAddress()
    const user = await servers.user()
    const { body } = await user.http('POST', '/api/auth/totp', { password: user.password })
    const secret = Secret.fromBase32((body as { secret: string }).secret) // the contract's answer
    const confirmed = await user.http('POST', '/api/auth/totp/confirm', { code: new TOTP({ secret }).generate() })
    const answers = []
    for (const code of (confirmed.body as { recoveryCodes: string[] }).recoveryCodes) {
      const { challenge } = (await signIn(user, office)).body as { challenge: string } // likewise
      answers.push((await post('second-factor', { challenge, code }, office)).status)
    }
    expect(answers).toEqual(Array(10).fill(200))
  })
})

test('whoever comes back from Google was counted when they set out', async () => {
  const office = newAddress()
  const visit = async (): Promise<string> => {
    const sub = randomUUID()
    provider.is({ sub, email: `${sub}@example.com`, email_verified: true, name: 'Zoe' })
    const get = (url: string, cookie = '') =>
      fetch(url, { redirect: 'manual', headers: { 'x-forwarded-for': office, cookie } })
    const out = await get(`${servers.webUrl}/api/auth/google`)
    const there = out.headers.get('location') ?? ''
    if (!there.startsWith(provider.issuer)) return there
    const back = (await get(there)).headers.get('location') ?? ''
    const cookie = out.headers.get('set-cookie')?.split(';')[0] ?? ''
    return (await get(back.replace('http://chat.test:3000', servers.webUrl), cookie)).headers.get('location') ?? ''
  }
  expect([await visit(), await visit(), await visit()]).toEqual([
    'http://chat.test:3000/chat',
    'http://chat.test:3000/chat',
    'http://chat.test:3000/login?problem=limited',
  ])
})
