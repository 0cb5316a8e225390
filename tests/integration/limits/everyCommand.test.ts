import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { adminCommands } from '@/contracts/admin'
import { allCommands } from '@/contracts/all'
import type { Command } from '@/contracts/command'
import { hasBody, splitAddress } from '@/contracts/httpRequest'
import { isForServices } from '@/contracts/permissions'
import { type RateLimitModule, rateLimitDefaults, rateLimitModules } from '@/contracts/rateLimits'
import { RawClient } from '../../support/clients/RawClient'
import { startServers, type TestServers } from '../../support/servers/servers'
import { type HttpAnswer, http } from '../../support/servers/testUser'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'
import { insertPeople, type Person } from '../../support/workload/people'

let servers: TestServers

/** Each module allows another number, so that a refusal says which module counted. */
const pointsOf = (module: RateLimitModule): number => 2 + rateLimitModules.indexOf(module)
const limits = Object.fromEntries(
  rateLimitModules.map((module) => [module, { points: pointsOf(module), seconds: 600 }]),
)

beforeAll(async () => {
  servers = await startServers({ limits, webEnv: { TRUSTED_PROXY_HOPS: '1' } })
})

async function somebody(): Promise<Person> {
  const [person] = await insertPeople(servers.db, ['Somebody'])
  if (!person) throw new Error('Somebody was asked for.')
  await servers.db.query(`UPDATE users SET role = 'admin' WHERE id = $1`, [person.id])
  return person
}

let addresses = 0
const newAddress = () => `10.1.${Math.floor(addresses / 250)}.${1 + (addresses++ % 250)}`

/** Calls it with nothing of use in it: what is wrong counts as well. No password is looked at, which would count for more. */
function call(url: string, { http: address }: Command, headers: Record<string, string>): Promise<HttpAnswer> {
  const { method, path } = splitAddress(address as `GET /${string}`) // asked for those that have one
  return http(url, method, path.replaceAll(/:\w+/g, 'x'), hasBody(method) ? { password: 0 } : undefined, headers)
}

/** Calls until it is refused; how many were not. Every answer says what is left. */
async function allowed(module: RateLimitModule, ask: () => Promise<HttpAnswer>): Promise<number> {
  for (let count = 0; ; count++) {
    const { status, headers, body } = await ask()
    // Where a password is asked for again the handler counts wrong ones besides, and has the last word.
    if (status !== 429 && module === 'account' && headers.get('ratelimit-limit') === String(pointsOf('auth'))) continue
    expect(headers.get('ratelimit-limit')).toBe(String(pointsOf(module)))
    if (status !== 429) {
      expect(headers.get('ratelimit-remaining')).toBe(String(pointsOf(module) - count - 1))
      continue
    }
    expect(body).toMatchObject({ error: { code: 'RATE_LIMITED', retryable: true, retryAfterMs: expect.any(Number) } })
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    return count
  }
}

const onWeb = allCommands.filter(({ http }) => typeof http === 'string' && http.includes(' /api/'))
/** Whoever disabled their account cannot do it again. */
const worksOnce = 'POST /api/auth/disable'
const ofPeople = onWeb.filter(
  ({ permission, limit, http }) => !isForServices(permission) && limit !== null && http !== worksOnce,
)
const titled = (commands: readonly Command[]) => commands.map((command) => [String(command.http), command] as const)

test.each(titled(ofPeople))(
  '%s is limited by its module, for a person or, without one, an address',
  async (_, command) => {
    const module = command.limit ?? 'auth'
    const { cookie } = await somebody()
    // Another address each time: whoever is signed in has one count, wherever they are.
    const isCounted = command.permission === 'anyone' ? newAddress() : undefined
    const count = await allowed(module, () =>
      call(servers.webUrl, command, { cookie, 'x-forwarded-for': isCounted ?? newAddress() }),
    )
    expect(count).toBe(pointsOf(module))
  },
)

test.each(titled(onWeb.filter(({ permission }) => permission !== 'anyone')))(
  '%s turns nobody away for ever: an address that is not signed in is limited',
  async (_, command) => {
    const module = command.limit ?? 'auth'
    const address = newAddress()
    const count = await allowed(module, () => call(servers.webUrl, command, { 'x-forwarded-for': address }))
    expect(count).toBe(pointsOf(module))
    // From elsewhere it is as it was.
    expect((await call(servers.webUrl, command, { 'x-forwarded-for': newAddress() })).status).toBe(401)
  },
)

test('whoever is signed in can leave, and go on, however often strangers at their address are turned away', async () => {
  const address = newAddress()
  const from = (headers: Record<string, string> = {}) => ({ 'x-forwarded-for': address, ...headers })
  const { cookie } = await somebody()
  const session = (headers?: Record<string, string>) =>
    http(servers.webUrl, 'GET', '/api/auth/session-token?namespace=/chat', undefined, from(headers))
  expect((await session({ cookie })).status).toBe(200)
  for (let i = 0; i < pointsOf('session-token'); i++) expect((await session()).status).toBe(401)
  expect((await session()).status).toBe(429)
  // Wrong keys use up what they use up, and not the registrations of the same address.
  const wrongKey = () => http(servers.webUrl, 'POST', '/api/notifications', {}, from({ authorization: 'Bearer wrong' }))
  for (let i = 0; i < pointsOf('auth'); i++) expect((await wrongKey()).status).toBe(401)
  expect((await wrongKey()).status).toBe(429)
  expect((await http(servers.webUrl, 'POST', '/api/auth/register', {}, from())).status).toBe(400)

  expect((await session({ cookie })).status).toBe(200)
  for (let i = 0; i < 2 * pointsOf('session-token'); i++)
    expect((await http(servers.webUrl, 'POST', '/api/auth/logout', undefined, from({ cookie }))).status).toBe(204)
})

test('made-up cookies from one address cost no look-ups any more once it was turned away too often', async () => {
  const address = newAddress()
  const ask = (cookie: string) =>
    http(servers.webUrl, 'GET', '/api/auth/session', undefined, { 'x-forwarded-for': address, cookie })
  const { cookie } = await somebody()
  expect((await ask(cookie)).status).toBe(200)
  const madeUp = () => ask(`auth_session=${randomUUID()}`)
  for (let i = 0; i < pointsOf('notifications'); i++) expect((await madeUp()).status).toBe(401)
  // Whoever waits for this table is not answered: nobody waits.
  const client = await servers.db.connect()
  onTeardown(() => client.release())
  await client.query('BEGIN; LOCK TABLE sessions IN ACCESS EXCLUSIVE MODE')
  try {
    for (let i = 0; i < 20; i++) expect((await madeUp()).status).toBe(429)
  } finally {
    await client.query('ROLLBACK')
  }
  // Who was here before is served.
  expect((await ask(cookie)).status).toBe(200)
})

test('signing in, whose handler counts, is limited too', async () => {
  const address = newAddress()
  const attempt = () =>
    http(
      servers.webUrl,
      'POST',
      '/api/auth/login',
      { email: 'a@example.com', password: 'x' },
      { 'x-forwarded-for': address },
    )
  const login = allCommands.filter(({ limit, permission }) => limit === null && !isForServices(permission))
  expect(login.map(({ name }) => name)).toEqual(['login', 'secondFactor', 'logout'])
  expect(await allowed('auth', attempt)).toBe(pointsOf('auth'))
})

const onSocket = allCommands.filter(({ namespace }) => namespace !== null)
const named = onSocket.map((command) => [`${command.namespace} ${command.name}`, command] as const)

test.each(named)('%s is limited by its module, with the same events', async (_, { name, namespace, limit }) => {
  if (namespace === null || limit === null) throw new Error('It has both.')
  const client = await RawClient.connect(await somebody(), { webUrl: servers.webUrl, namespace })
  onTeardown(() => client.stop())
  const events: [string, Record<string, unknown>][] = []
  for (const event of ['rateLimitWarning', 'rateLimitExceeded'])
    client.socket.on(event, (payload) => events.push([event, payload]))
  const points = pointsOf(limit)
  for (let count = 0; count < points; count++) {
    const reply = await client.socket.timeout(10_000).emitWithAck(name, { nothing: 'of use' })
    expect(reply.error?.code).not.toBe('RATE_LIMITED')
  }
  const { ok, error } = await client.socket.timeout(10_000).emitWithAck(name, {})
  expect({ ok, error }).toMatchObject({ ok: false, error: { code: 'RATE_LIMITED', retryable: true } })
  const warnings = Array.from({ length: Math.max(1, Math.floor(points / 5)) + 1 }, (_, i) => i).reverse()
  await waitFor(() => events.length > warnings.length)
  expect(events).toEqual([
    ...warnings.map((remaining) => ['rateLimitWarning', { remaining }]),
    [
      'rateLimitExceeded',
      { remaining: 0, blockedUntilMs: expect.any(Number), retryAfterSec: Math.ceil(error.retryAfterMs / 1_000) },
    ],
  ])
})

const onRest = allCommands.filter(({ http }) => typeof http === 'string' && !http.includes(' /api/'))

test.each(titled(onRest))('%s on the socket server turns nobody away for ever either', async (_, command) => {
  const { url } = await servers.startSocket({ rateLimits: { ...noLimits(), admin: few, auth: few } })
  for (let count = 0; count < few.points; count++) {
    const { status, headers } = await call(url, command, { authorization: 'Bearer nonsense' })
    expect([status, headers.get('ratelimit-remaining')]).toEqual([401, String(few.points - count - 1)])
  }
  const { status, headers, body } = await call(url, command, { authorization: 'Bearer nonsense' })
  expect({ status, body }).toMatchObject({ status: 429, body: { error: { code: 'RATE_LIMITED' } } })
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  // Whoever has the key does not notice.
  const { serviceKey } = servers
  expect((await call(url, command, { authorization: `Bearer ${serviceKey}` })).status).not.toBe(429)
})

test('the defaults are those that the contract names', () => {
  expect(rateLimitDefaults).toEqual({
    'chat-messages': '30/60',
    'chat-rooms': '20/60',
    'chat-preferences': '60/60',
    'chat-read': '120/60',
    'chat-sync': '120/60',
    'chat-history': '120/60',
    'chat-edits': '60/60',
    'chat-ping': '120/60', // measured: a page sends five a minute, ten tabs fifty, each of 500 rooms' heads one more
    'chat-typing': '60/60', // a page says so every three seconds, and when it ended
    handshake: '60/60',
    'session-token': '240/60', // measured: 20 tabs ask for 40 whenever they come back
    search: '60/60',
    presence: '60/60',
    notifications: '240/60',
    account: '60/60',
    graphql: '240/60',
    admin: '240/60',
    auth: '10/60',
    service: '6000/60',
  })
  expect(Object.values(adminCommands).every(({ limit }) => limit === 'admin')).toBe(true)
})

const few = { points: 3, seconds: 600 }
const noLimits = () =>
  Object.fromEntries(rateLimitModules.map((module) => [module, null])) as Record<RateLimitModule, null>
