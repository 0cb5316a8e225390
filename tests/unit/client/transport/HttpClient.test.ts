import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { createHttpClient } from '@/client/transport/HttpClient'
import { HttpReach } from '@/client/transport/HttpReach'
import { command, commandTable } from '@/contracts/command'
import { AppError } from '@/contracts/errors'
import { waitFor } from '../../../support/waitFor'

const Greeting = z.object({ hello: z.string() })
const rules = { permission: 'anyone', limit: null } as const
const { find, greet, part } = commandTable(null, {
  find: command({
    ...rules,
    input: z.object({ a: z.number(), b: z.string().optional(), c: z.string() }),
    data: Greeting,
    http: 'GET /api/x',
  }),
  greet: command({ ...rules, input: z.object({ name: z.string() }), data: Greeting, http: 'POST /api/x' }),
  part: command({ ...rules, input: z.object({ id: z.string() }), data: z.void(), http: 'DELETE /api/x/:id' }),
})

/** A client of a real server that answers as the test says. */
const clientOf = async (answer: (request: IncomingMessage, response: ServerResponse) => void, timeoutMs = 5_000) => {
  const server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo // a TCP server's address is always this
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const http = createHttpClient({ baseUrl: `http://127.0.0.1:${port}` })
  return {
    server,
    get: (signal?: AbortSignal) => http.call(find, { a: 1, b: undefined, c: 'ü' }, { timeoutMs, signal }),
    post: (name: string) => http.call(greet, { name }),
    remove: () => http.call(part, { id: 'a/b' }),
  }
}

const json = (response: ServerResponse, status: number, body: unknown) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

test('it asks with a query, sends JSON, and answers the data', async () => {
  const asked: string[] = []
  const { get, post } = await clientOf(async (request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers['content-type'] ?? '-'} ${await text(request)}`)
    json(response, 200, { hello: 'you' })
  })

  expect(await get()).toEqual({ hello: 'you' })
  expect(await post('Ada')).toEqual({ hello: 'you' })

  expect(asked).toEqual(['GET /api/x?a=1&c=%C3%BC - ', 'POST /api/x application/json {"name":"Ada"}'])
})

test('an answer without a body is one too', async () => {
  const asked: unknown[] = []
  const { remove } = await clientOf((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.writeHead(204).end()
  })

  expect(await remove()).toBeUndefined()
  expect(asked).toEqual(['DELETE /api/x/a%2Fb'])
})

test('a refusal of our API is an AppError that keeps what was said', async () => {
  const wire = new AppError('RATE_LIMITED', { retryAfterMs: 1_234 }).toWire('correlation')
  const { get } = await clientOf((_request, response) => json(response, 429, { error: wire }))

  await expect(get()).rejects.toMatchObject({
    name: 'AppError',
    code: 'RATE_LIMITED',
    retryAfterMs: 1_234,
    cause: wire,
  })
})

test.each([
  [401, { name: 'AppError', code: 'UNAUTHENTICATED' }],
  [413, { name: 'AppError', code: 'PAYLOAD_TOO_LARGE' }],
  [429, { name: 'AppError', code: 'RATE_LIMITED', retryAfterMs: 7_000 }],
  [418, { name: 'NetworkError' }],
  [502, { name: 'NetworkError' }],
  [503, { name: 'NetworkError' }],
])('a proxy’s own answer %i is taken for what its status says', async (status, error) => {
  const { get } = await clientOf((_request, response) =>
    response.writeHead(status, { 'retry-after': '7' }).end('<h1>Not Tandem</h1>'),
  )

  await expect(get()).rejects.toMatchObject(error)
})

test('a page of somebody else’s in place of the data counts as not reached', async () => {
  const { get } = await clientOf((_request, response) => response.writeHead(200).end('<h1>Hotel Wi-Fi</h1>'))

  await expect(get()).rejects.toMatchObject({ name: 'NetworkError' })
})

test('a server that does not answer in time, or is not there, is a NetworkError', async () => {
  const silent = await clientOf(() => {}, 30)
  await expect(silent.get()).rejects.toMatchObject({
    name: 'NetworkError',
    message: 'The server did not answer in time.',
  })

  const gone = await clientOf(() => {})
  await new Promise((resolve) => gone.server.close(resolve))
  await expect(gone.get()).rejects.toMatchObject({ name: 'NetworkError', message: 'The server was not reached.' })
})

test('what nobody waits for any more ends, and says nothing of the network', async () => {
  let ended = false
  const left = new AbortController()
  const { get } = await clientOf((request) => {
    request.socket.once('close', () => {
      ended = true
    })
    left.abort()
  })
  const reason = await get(left.signal).catch((error: unknown) => error)
  expect(reason).toBe(left.signal.reason)
  await waitFor(() => ended)
  await expect(get(left.signal)).rejects.toBe(left.signal.reason)

  const reach = new HttpReach({ call: () => Promise.reject(new Error('left')) })
  await expect(reach.call(find, { a: 1, c: '' }, { signal: left.signal })).rejects.toThrow('left')
  expect(reach.answers).toBeUndefined()
})
