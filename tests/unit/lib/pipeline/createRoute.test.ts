import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { SESSION_COOKIE } from '@/contracts/auth'
import { type CommandDeclaration, command, commandTable, httpForm } from '@/contracts/command'
import { AppError } from '@/contracts/errors'
import { limits } from '@/contracts/limits'
import type { BrowserSessions } from '@/lib/auth/lucia'
import { cookieSessions } from '@/lib/auth/requestSessions'
import { ServiceKeys } from '@/lib/auth/serviceKey'
import { createRoute, type HttpContext, type RouteApp } from '@/lib/pipeline/createRoute'
import type { AnyHandler, CallContext } from '@/lib/pipeline/handlers'
import { Timeout } from '@/lib/pipeline/timeout'
import { rateLimitState } from '@/lib/rate-limit/state'
import { silentLogger } from '@/services/shared/Logger'
import { partOf } from '../../support/partOf'
import { ada } from '../../support/sessionUsers'

const page = 'https://chat.example.com'
const sessions = partOf<BrowserSessions>({
  read: async (secretId) =>
    secretId === 'good' ? { sessionUser: ada, currentUser: { ...ada, email: 'ada@example.com' } } : null,
})
const cookie = `${SESSION_COOKIE}=good`

const rename = command({
  input: z.object({ id: z.string().max(8), name: z.string('Give a name.') }),
  data: z.object({ id: z.string(), name: z.string() }),
  http: 'POST /api/things/:id',
  permission: 'session',
  limit: 'chat-rooms',
})

/** Calls the route of one command; `app` and `request` say what is not as usual. */
async function call(
  declaration: CommandDeclaration,
  handle: (context: CallContext<never> & HttpContext, input: never) => Promise<unknown>,
  {
    app = {},
    params,
    query = '',
    ...init
  }: RequestInit & { app?: Partial<RouteApp>; params?: Record<string, string>; query?: string } = {},
) {
  const { thing } = commandTable(null, { thing: declaration })
  const method = String(declaration.http).split(' ')[0] ?? ''
  const route = createRoute(
    async () => ({
      pipeline: { logger: silentLogger, rateLimit: async () => undefined, timeout: new Timeout(1_000) },
      requestSessions: cookieSessions(sessions, false),
      isSecure: false,
      allowedOrigins: [page],
      serviceKeys: new ServiceKeys({ serviceKey: 'the-key', serviceKeys: [] }),
      handlers: { thing: handle as AnyHandler }, // its types are the declaration's
      trustedProxyHops: 0,
      ...app,
    }),
    thing,
  )
  const request = new Request(`http://localhost:3000/api/things${query}`, { method, ...init })
  const response = await route(request, { params: Promise.resolve(params) })
  const text = await response.text()
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) }
}

const echo = async (_: unknown, input: unknown) => input
const json = (body: unknown, headers: Record<string, string> = {}) => ({
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json', cookie, ...headers },
})
const post = (body: unknown, headers?: Record<string, string>) => ({ params: { id: 'a' }, ...json(body, headers) })

test('a POST answers 200 with what its handler gave; its address has the last word over its body', async () => {
  const { status, body, headers } = await call(rename, echo, post({ id: 'b', name: 'Lounge' }))
  expect({ status, body }).toEqual({ status: 200, body: { id: 'a', name: 'Lounge' } })
  expect(headers.get('cache-control')).toBe('no-store')
})

test.each([
  ['no cookie', { cookie: '' }, 'UNAUTHENTICATED'],
  ['the cookie of a session that ended', { cookie: `${SESSION_COOKIE}=old` }, 'SESSION_EXPIRED'],
])('%s is 401', async (_, headers, code) => {
  expect(await call(rename, echo, post({ name: 'Lounge' }, headers))).toMatchObject({
    status: 401,
    body: { error: { code } },
  })
})

test.each([
  ['another site’s page', { origin: 'https://evil.example.com' }, 403],
  ['our own page', { origin: page }, 200],
  ['no page at all', {}, 200],
])('%s that writes is answered as it deserves', async (_, headers, status) => {
  expect((await call(rename, echo, post({ name: 'Lounge' }, headers))).status).toBe(status)
})

test.each([
  ['no JSON', { ...post({}), body: 'name=Lounge' }, 400, 'BAD_REQUEST'],
  ['a form', post({ name: 'Lounge' }, { 'content-type': 'text/plain' }), 400, 'BAD_REQUEST'],
  ['what the schema refuses', post({ name: 7 }), 400, 'BAD_REQUEST'],
  ['a bad id in the address', { ...post({ name: 'Lounge' }), params: { id: 'x'.repeat(9) } }, 400, 'BAD_REQUEST'],
  ['more than 64 KB', post({ name: 'x'.repeat(limits.payloadBytes) }), 413, 'PAYLOAD_TOO_LARGE'],
])('%s is refused before the handler is asked', async (_, request, status, code) => {
  const handle = vi.fn(echo)
  expect(await call(rename, handle, request)).toMatchObject({ status, body: { error: { code } } })
  expect(handle).not.toHaveBeenCalled()
})

test('a GET takes its query, blank values left out, and needs no origin', async () => {
  const list = {
    ...rename,
    http: 'GET /api/things' as const,
    input: z.object({ a: z.string(), b: z.string().optional() }),
  }
  const { body } = await call(list, echo, {
    query: '?a=1&b=',
    headers: { cookie, origin: 'https://evil.example.com' },
  })
  expect(body).toEqual({ a: '1' })
})

test('a command with a form of its own for HTTP gets its input in the command’s form', async () => {
  const input = z.object({ ids: z.array(z.string()) })
  const form = httpForm(
    z.object({ ids: z.string() }),
    ({ ids }) => ({ ids: ids.split(',') }),
    ({ ids }) => ({ ids: ids.join() }),
  )
  const list = command({ ...rename, http: 'GET /api/things', input, data: input, httpForm: form })
  expect((await call(list, echo, { query: '?ids=a,b', headers: { cookie } })).body).toEqual({ ids: ['a', 'b'] })
})

test('a command that takes nothing reads no body; one that gives nothing is 204', async () => {
  const clear = command({
    input: z.void(),
    data: z.void(),
    http: 'POST /api/things/clear',
    permission: 'session',
    limit: null,
  })
  const notJson = json('')
  expect(await call(clear, async () => undefined, { ...notJson, body: 'not JSON' })).toMatchObject({
    status: 204,
    body: undefined,
  })
})

test.each([
  ['always', false, 201],
  ['when made', true, 201],
  ['when made', false, 200],
  [undefined, true, 200],
] as const)('declared as created %s, with something made: %s, it answers %i', async (created, makes, status) => {
  const make = { ...rename, ...(created && { created }) }
  const answer = await call(
    make,
    async (context, input) => {
      if (makes) context.created()
      return input
    },
    post({ name: 'Lounge' }),
  )
  expect(answer.status).toBe(status)
})

test('what anyone may do is counted by the caller’s address, what a person does by their id', async () => {
  const rateLimit = vi.fn(async () => rateLimitState(5, 1, 7_500))
  const app = { pipeline: { logger: silentLogger, rateLimit, timeout: new Timeout(1_000) } }
  const { headers } = await call(rename, echo, { app, ...post({ name: 'x' }) })
  await call({ ...rename, permission: 'anyone' }, echo, {
    app,
    ...post({ name: 'x' }, { 'x-forwarded-for': '192.0.2.7' }),
  })
  // No connection is behind this request, and no proxy of ours is trusted: where it comes from is not known.
  expect(rateLimit.mock.calls).toEqual([
    ['chat-rooms', 'ada'],
    ['chat-rooms', 'unknown'],
  ])
  expect(['Limit', 'Remaining', 'Reset'].map((what) => headers.get(`RateLimit-${what}`))).toEqual(['5', '4', '8'])
})

test('who is beyond the limit is 429 with Retry-After', async () => {
  const pipeline = {
    logger: silentLogger,
    rateLimit: async () => rateLimitState(5, 6, 7_500),
    timeout: new Timeout(1_000),
  }
  const { status, headers } = await call(rename, echo, { app: { pipeline }, ...post({ name: 'x' }) })
  expect([status, headers.get('Retry-After')]).toEqual([429, '8'])
})

test('a command for services takes the service key and nothing else, and its handler sees no person', async () => {
  const forServices = { ...rename, permission: 'service:notify' as const }
  const handle = vi.fn(async ({ user, actor }: CallContext<never>) => ({ user, by: actor.name }))
  const withKey = post({ name: 'x' }, { authorization: 'Bearer the-key' })
  expect((await call(forServices, handle, withKey)).body).toEqual({ user: null, by: 'service' })
  expect((await call(forServices, handle, post({ name: 'x' }))).status).toBe(401)
  expect((await call(forServices, handle, post({ name: 'x' }, { authorization: 'Bearer another' }))).status).toBe(401)
  expect(handle).toHaveBeenCalledOnce()
})

test('a handler may set headers of the answer', async () => {
  const { headers } = await call(
    rename,
    async (context, input) => {
      context.headers.append('Set-Cookie', 'a=b')
      return input
    },
    post({ name: 'x' }),
  )
  expect(headers.get('set-cookie')).toBe('a=b')
})

test('a caller’s correlation id is taken over, in the answer’s header and in its error', async () => {
  const { body, headers } = await call(rename, echo, post({}, { 'x-correlation-id': 'mine-1' }))
  expect(body.error.correlationId).toBe('mine-1')
  expect(headers.get('x-correlation-id')).toBe('mine-1')
})

test('every answer is observed with its command, status and how long it took', async () => {
  const observeRequest = vi.fn()
  await call(rename, echo, { app: { observeRequest }, ...post({ name: 'x' }) })
  await call(rename, async () => Promise.reject(new AppError('NOT_FOUND')), {
    app: { observeRequest },
    ...post({ name: 'x' }),
  })
  expect(observeRequest.mock.calls).toEqual([
    ['thing', 200, expect.any(Number)],
    ['thing', 404, expect.any(Number)],
  ])
})

test('a command that nobody wrote a handler for is a fault of ours', async () => {
  expect((await call(rename, echo, { app: { handlers: {} }, ...post({ name: 'x' }) })).status).toBe(500)
})

test('a process that cannot be set up answers 503 in our form', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
  const { thing } = commandTable(null, { thing: rename })
  const route = createRoute(async () => Promise.reject(new Error('no database')), thing)
  const response = await route(new Request('http://localhost:3000/api/things', { method: 'POST' }), {
    params: Promise.resolve(undefined),
  })
  expect(response.status).toBe(503)
  expect(await response.json()).toMatchObject({ error: { code: 'UNAVAILABLE', retryable: true } })
})

test('HEAD is answered as GET is: Next calls the same handler', async () => {
  const list = command({
    input: z.object({ query: z.string() }),
    data: z.object({ found: z.string() }),
    http: 'GET /api/things',
    permission: 'session',
    limit: null,
  })
  const handle = async (_: unknown, { query }: { query: string }) => ({ found: query })
  expect(await call(list, handle, { method: 'HEAD', query: '?query=ada', headers: { cookie } })).toMatchObject({
    status: 200,
  })
})

test.each([['"prototype"'], ['[1]'], ['null'], ['7']])(
  'a body that is no object is refused where the address names all that there must be: %s',
  async (body) => {
    const pin = { ...rename, input: z.object({ id: z.string(), name: z.optional(z.string()) }) }
    const { status } = await call(pin, echo, { ...post(null), body })
    expect(status).toBe(400)
  },
)
