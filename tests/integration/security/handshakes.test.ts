import { expect, test } from 'vitest'
import { createSessionTokens } from '@/lib/auth/sessionToken'
import type { SocketAppConfig } from '@/server/socket/SocketApp'
import { RawWebSocket, UpgradeRefused } from '../../support/clients/RawWebSocket'
import { recordingLogger } from '../../support/recordingLogger'
import { onlyLimits } from '../../support/servers/rateLimits'
import { startServers } from '../../support/servers/servers'
import { insertVisitors } from '../../support/servers/tickets'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'

const servers = await startServers()
const secret = process.env.SESSION_TOKEN_SECRET ?? ''
/** As it is unless configured. */
const handshake = { points: 60, seconds: 60 }

/** The server may hear later than we do that a connection is closed. */
const unlimited = { process: null, perUser: null, perAddress: null }

/** A process whose limits are those of the contract, behind one proxy that says who calls. */
async function start(config: Partial<SocketAppConfig> = {}) {
  const { logger, entries } = recordingLogger()
  const limited = { rateLimits: onlyLimits({ handshake }), trustedProxyHops: 1, ...config }
  const { url } = await servers.startSocket(limited, { logger })
  const open = async (address: string) => {
    const socket = await RawWebSocket.open(url, { headers: { 'X-Forwarded-For': address } })
    onTeardown(() => socket.close())
    return socket
  }
  return { url, open, entries }
}

/** Shows bad tickets until it is not even let through the door; resolves with how often it was answered, and at last how. */
async function flood(open: () => Promise<RawWebSocket>, most = 1_000) {
  let answered = 0
  for (let i = 0; i < most; i += 1) {
    try {
      const socket = await open()
      while (!socket.isClosed) {
        const answer = await socket.join('/chat', 'a.forged.ticket').catch(() => undefined)
        if (answer) answered += 1
      }
    } catch (error) {
      return { answered, error }
    }
  }
  return { answered, error: undefined }
}

test('a connection is closed with its third refusal', async () => {
  const { open } = await start({ socketNamespaces: ['/chat'] })
  const socket = await open('203.0.113.1')
  const codes: (string | undefined)[] = []
  for (const namespace of ['/chat', '/admin', '/chat']) codes.push((await socket.join(namespace, 'forged')).code)
  expect(codes).toEqual(['UNAUTHENTICATED', 'NOT_FOUND', 'UNAUTHENTICATED'])
  await socket.closed()
  expect(socket.isClosed).toBe(true)
})

test('a connection somebody is signed in on stays when another namespace refuses it, or a neighbour floods', async () => {
  const { open } = await start()
  const [visitor] = await insertVisitors(servers.db, secret, 1)
  const page = await open('203.0.113.1')
  expect(await page.join('/chat', await visitor?.ticket())).toMatchObject({ ok: true })
  for (let i = 0; i < 5; i += 1) {
    expect(await page.join('/admin', await visitor?.ticket('/admin'))).toMatchObject({ code: 'FORBIDDEN' })
  }
  await flood(() => open('203.0.113.1'))
  expect(await page.join('/admin', await visitor?.ticket('/admin'))).toMatchObject({ code: 'FORBIDDEN' })
  expect(await page.ask('/chat', 'ping', { away: false })).toBeGreaterThan(0)
})

test('nor may it be refused without end: as often as an address, then it is closed', async () => {
  const { open } = await start()
  const [visitor] = await insertVisitors(servers.db, secret, 1)
  const socket = await open('203.0.113.1')
  await socket.join('/chat', await visitor?.ticket())
  for (let i = 0; i < 60; i += 1) {
    expect(await socket.join('/notifications', 'a.forged.ticket')).toMatchObject({ code: 'UNAUTHENTICATED' })
  }
  await socket.closed()
  expect(socket.isClosed).toBe(true)
})

test('an address that floods is shut out soon; everybody else comes in, also through the same proxy', async () => {
  const { open, entries } = await start()
  const [visitor] = await insertVisitors(servers.db, secret, 1)
  const { answered, error } = await flood(() => open('203.0.113.1'))
  expect(error).toBeInstanceOf(UpgradeRefused)
  expect(error).toMatchObject({ status: 429, head: expect.stringMatching(/\r\nRetry-After: ([1-9]|[1-5]\d|60)\r\n/) })
  expect(answered).toBe(60)

  const other = await open('203.0.113.2')
  expect(await other.join('/chat', await visitor?.ticket())).toMatchObject({ ok: true })
  // What stands to the left of our proxy's is the attacker's own invention.
  await expect(open('203.0.113.9, 203.0.113.1')).rejects.toMatchObject({ status: 429 })
  // IPv6: what one customer gets.
  await flood(() => open('2001:db8::1'))
  await expect(open('2001:db8::2')).rejects.toMatchObject({ status: 429 })

  await waitFor(() => entries.some(({ message }) => message === 'connections were refused'), { timeoutMs: 20_000 })
  const loud = entries.filter(({ level, message }) => level !== 'debug' && !/listening|connected/.test(message))
  expect(loud).toEqual([
    expect.objectContaining({
      level: 'warn',
      fields: expect.objectContaining({ reasons: { UNAUTHENTICATED: 120, BLOCKED: 4 }, addresses: 2 }),
    }),
  ])
})

test('tickets of a key that this process does not know yet close no address', async () => {
  const { open } = await start()
  const [visitor] = await insertVisitors(servers.db, secret, 1)
  const claims = { userId: visitor?.id ?? '', sessionId: visitor?.sessionId ?? '' }
  const newer = createSessionTokens([{ kid: 'newer', secret: 'a secret that only the pages know so far' }])
  for (let i = 0; i < 30; i += 1) {
    const socket = await open('203.0.113.1')
    for (let refusal = 0; refusal < 3; refusal += 1) {
      const { token } = newer.issue(claims, '/chat')
      expect(await socket.join('/chat', token)).toMatchObject({ code: 'UNAUTHENTICATED' })
    }
    await socket.closed()
  }
  expect(await (await open('203.0.113.1')).join('/chat', await visitor?.ticket())).toMatchObject({ ok: true })
})

test('long polling is shut out as well', async () => {
  const { open, url } = await start()
  await flood(() => open('203.0.113.1'))
  const poll = (address: string) =>
    fetch(`${url}/socket.io/?EIO=4&transport=polling`, { headers: { 'x-forwarded-for': address } })
  expect((await poll('203.0.113.1')).status).toBe(403)
  expect((await poll('203.0.113.2')).status).toBe(200)
})

test('who is let in counts for nobody: an office of 200 behind one address comes back at once, twice', async () => {
  const { open } = await start({ databasePoolSize: 10 })
  const office = await insertVisitors(servers.db, secret, 200)
  for (let restart = 0; restart < 2; restart += 1) {
    const answers = await Promise.all(
      office.map(async (visitor) => {
        const socket = await open('203.0.113.1')
        return [
          await socket.join('/chat', await visitor.ticket('/chat')),
          await socket.join('/notifications', await visitor.ticket('/notifications')),
        ]
      }),
    )
    expect(answers.flat().filter(({ ok }) => ok)).toHaveLength(400)
  }
})

test('twenty tabs of one person, with two namespaces each, come back from a restart, and from two more', async () => {
  const { open } = await start({ connectionLimits: unlimited })
  const [visitor] = await insertVisitors(servers.db, secret, 1)
  for (let restart = 0; restart < 3; restart += 1) {
    const tabs = await Promise.all(Array.from({ length: 20 }, () => open('203.0.113.1')))
    const answers = await Promise.all(
      tabs.flatMap((tab) =>
        (['/chat', '/notifications'] as const).map(async (name) => tab.join(name, await visitor?.ticket(name))),
      ),
    )
    expect(answers.filter(({ ok }) => ok)).toHaveLength(40)
    for (const tab of tabs) tab.close()
  }
})

test('a session that shakes hands all the time is told when to come back, and nobody else is', async () => {
  const { open } = await start({ connectionLimits: unlimited })
  const [one, other] = await insertVisitors(servers.db, secret, 2)
  const codes: (string | undefined)[] = []
  for (let i = 0; i < 61; i += 1) {
    const socket = await open('203.0.113.1')
    const { code, data } = await socket.join('/chat', await one?.ticket())
    codes.push(code)
    if (code) expect(data).toMatchObject({ retryable: true, retryAfterMs: expect.any(Number) })
    socket.close()
  }
  expect(codes.slice(0, 60).every((code) => code === undefined)).toBe(true)
  expect(codes[60]).toBe('RATE_LIMITED')
  expect(await (await open('203.0.113.1')).join('/chat', await other?.ticket())).toMatchObject({ ok: true })
})

test('one ticket shown again and again is soon not even looked up', async () => {
  const { open } = await start({ connectionLimits: unlimited })
  const [visitor] = await insertVisitors(servers.db, secret, 1)
  const ticket = await visitor?.ticket()
  const codes: (string | undefined)[] = []
  for (let i = 0; i < 62; i += 1) {
    const socket = await open('203.0.113.1')
    codes.push((await socket.join('/chat', ticket)).code)
    socket.close()
  }
  expect(codes[0]).toBeUndefined()
  expect(new Set(codes.slice(1, 60))).toEqual(new Set(['UNAUTHENTICATED']))
  expect(codes.slice(60)).toEqual(['RATE_LIMITED', 'RATE_LIMITED'])
})

test('a strict process says once that it is behind a proxy that it was not told of', async () => {
  for (const [appEnv, trustedProxyHops, times] of [
    ['production', 0, 1],
    ['production', 1, 0],
    ['test', 0, 0],
  ] as const) {
    const { open, entries } = await start({ appEnv, trustedProxyHops })
    for (let i = 0; i < 3; i += 1) await open('203.0.113.1')
    const warnings = entries.filter(({ level, message }) => level === 'warn' && message.includes('TRUSTED_PROXY_HOPS'))
    expect(warnings).toHaveLength(times)
  }
})
