import { createHmac, createSecretKey } from 'node:crypto'
import { decodeJwt, decodeProtectedHeader, type JWTPayload, SignJWT } from 'jose'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createKeyRing, onlyKey, type SessionTokenKeys } from '@/lib/auth/keyRing'
import { createSessionTokens } from '@/lib/auth/sessionToken'

const ring = onlyKey('a secret of at least thirty-two characters')
const tokens = createSessionTokens(ring)
const claims = { userId: 'ada', sessionId: 'session-of-ada' }
const issue = async (audience: Parameters<typeof tokens.issue>[1] = '/chat', keys: SessionTokenKeys = ring) =>
  createSessionTokens(keys).issue(claims, audience).token

const now = () => Math.floor(Date.now() / 1_000)
/** What a ticket for /chat says. */
const payload = (): JWTPayload => ({
  ...{ iss: 'tandem', sub: 'ada', sid: 'session-of-ada', jti: 'one', aud: '/chat' },
  ...{ iat: now(), exp: now() + 60 },
})
/** The right key for /chat, however an attacker has come by it. */
const rightKey = () => createKeyRing(ring).keyFor('default', '/chat') ?? createSecretKey(Buffer.alloc(32))
const sign = (said: JWTPayload, header = {}, key = rightKey()) =>
  new SignJWT(said).setProtectedHeader({ alg: 'HS256', typ: 'ticket+jwt', kid: 'default', ...header }).sign(key)
const encode = (part: unknown) => Buffer.from(JSON.stringify(part)).toString('base64url')

const refused = (token: unknown) =>
  expect(() => tokens.verify(token, '/chat')).toThrow(expect.objectContaining({ code: 'UNAUTHENTICATED' }))

afterEach(() => {
  vi.useRealTimers()
})

test('a ticket says who, which session, for what, and is good for a minute', async () => {
  const { token, expiresAt } = tokens.issue(claims, '/chat')
  const said = decodeJwt(token)
  expect(decodeProtectedHeader(token)).toEqual({ alg: 'HS256', typ: 'ticket+jwt', kid: 'default' })
  expect(said).toEqual({
    ...{ iss: 'tandem', aud: '/chat', sub: 'ada', sid: 'session-of-ada', jti: expect.stringMatching(/^[\w-]{36}$/) },
    ...{ iat: expect.any(Number), exp: expiresAt.getTime() / 1_000 },
  })
  expect((said.exp ?? 0) - (said.iat ?? 0)).toBe(60)
  expect(tokens.verify(token, '/chat')).toMatchObject({ ...claims, id: said.jti })
})

test('a bearer is of another type and good for five minutes', async () => {
  for (const audience of ['/admin-api', '/graphql'] as const) {
    const token = await issue(audience)
    const { iat = 0, exp = 0 } = decodeJwt(token)
    expect(decodeProtectedHeader(token).typ).toBe('bearer+jwt')
    expect(exp - iat).toBe(300)
    expect(tokens.verify(token, audience)).toMatchObject(claims)
  }
})

test('no two tokens have the same id', async () => {
  const ids = await Promise.all(Array.from({ length: 100 }, async () => decodeJwt(await issue()).jti))
  expect(new Set(ids).size).toBe(100)
})

describe('a token is refused', () => {
  test.each([[undefined], [''], [7], [{ $ne: null }], ['a.b.c'], ['x'.repeat(10_000)]])('that is %j', (token) =>
    refused(token),
  )

  test('without signature (alg none), in any spelling', async () => {
    for (const alg of ['none', 'None', 'NONE', '']) {
      refused(`${encode({ alg, typ: 'ticket+jwt', kid: 'default' })}.${encode(payload())}.`)
    }
  })

  test('that names another algorithm, though its signature is right for that', async () => {
    const head = encode({ alg: 'HS512', typ: 'ticket+jwt', kid: 'default' })
    const body = encode(payload())
    const signature = createHmac('sha512', rightKey()).update(`${head}.${body}`).digest('base64url')
    refused(`${head}.${body}.${signature}`)
    refused(`${encode({ alg: 'RS256', typ: 'ticket+jwt', kid: 'default' })}.${body}.${signature}`)
  })

  test('that was signed with the secret itself, or with another audience’s key', async () => {
    refused(await sign(payload(), {}, createSecretKey(Buffer.from(ring[0].secret))))
    refused(await sign(payload(), {}, createKeyRing(ring).keyFor('default', '/admin')))
  })

  test('that was made for another audience, for several, or for none', async () => {
    refused(await issue('/notifications'))
    refused(await issue('/admin-api'))
    refused(await sign({ ...payload(), aud: ['/chat'] }))
    refused(await sign({ ...payload(), aud: ['/chat', '/admin'] }))
    const { aud: _, ...nobody } = payload()
    refused(await sign(nobody))
  })

  test('of another type', async () => {
    for (const typ of ['bearer+jwt', 'JWT', 'at+jwt', undefined]) refused(await sign(payload(), { typ }))
  })

  test('of another issuer', async () => refused(await sign({ ...payload(), iss: 'somebody' })))

  test.each(['sub', 'sid', 'jti', 'iat', 'exp', 'iss'])('without %s', async (claim) => {
    const { [claim]: _, ...rest } = payload()
    refused(await sign(rest))
  })

  test('that names no key, one that is not on the ring, or something else', async () => {
    for (const kid of [undefined, 'other', '__proto__', 'constructor', '../../dev/null', "' OR 1=1 --", '']) {
      refused(await sign(payload(), { kid }))
    }
  })

  test('that expired, whatever lifetime it gave itself', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const [ticket, eternal] = [await issue(), await sign({ ...payload(), exp: now() + 86_400 })]
    tokens.verify(ticket, '/chat')
    vi.setSystemTime(Date.now() + 66_000)
    refused(ticket)
    refused(eternal)
  })

  test('from the future, beyond what clocks differ', async () => {
    refused(await sign({ ...payload(), iat: now() + 30, exp: now() + 90 }))
    refused(await sign({ ...payload(), nbf: now() + 30 }))
    tokens.verify(await sign({ ...payload(), iat: now() + 2 }), '/chat')
  })

  test('whose claims were changed', async () => {
    const [head, , signature] = (await issue()).split('.')
    refused(`${head}.${encode({ ...payload(), sub: 'grace' })}.${signature}`)
  })
})

test('keys change without a break: the new one signs, the old one still verifies, and then it goes', async () => {
  const before: SessionTokenKeys = [{ kid: '2026-10', secret: 'the secret of October, which is long enough' }]
  const next = { kid: '2026-11', secret: 'the secret of November, which is long enough' }
  const during: SessionTokenKeys = [next, ...before]
  const oldToken = await issue('/chat', before)
  const newToken = await issue('/chat', during)

  expect(decodeProtectedHeader(newToken).kid).toBe('2026-11')
  for (const token of [oldToken, newToken]) {
    expect(createSessionTokens(during).verify(token, '/chat')).toMatchObject(claims)
  }
  const after = createSessionTokens([next])
  expect(after.verify(newToken, '/chat')).toMatchObject(claims)
  const refusal = expect.objectContaining({ code: 'UNAUTHENTICATED' })
  expect(() => after.verify(oldToken, '/chat')).toThrow(refusal)
  // A process that has not heard of the new key yet: hence it is given to all of them before it signs.
  expect(() => createSessionTokens(before).verify(newToken, '/chat')).toThrow(refusal)
})
