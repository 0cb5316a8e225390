import { expect, it } from 'vitest'
import type { ErrorCode } from '@/contracts/errors'
import type { Exchange } from '../../support/traffic/DocumentedHttp'
import { takeFaults } from '../../support/traffic/faults'
import { documented, holdToDocuments } from '../../support/traffic/hold'

const send = { roomId: 'r', message: 'Hello', clientId: 'c' }
const stored = { id: 'm', seq: 1, rev: 1, senderId: 'u', createdAt: '2026-11-22T10:00:00.000Z', ...send }
const refusal = { error: { code: 'BAD_REQUEST', message: 'No.', retryable: false, correlationId: 'c' } }

const refused = (code: ErrorCode) => ({ error: { ...refusal.error, code } })

const posted = (body: unknown, status: number, answer: unknown, type = 'application/json'): Exchange => ({
  ...{ method: 'POST', url: new URL('http://localhost:3000/api/chat/messages') },
  ...{ sent: JSON.stringify(body), status, type, received: JSON.stringify(answer) },
})
const got = (path: string, status: number, answer: unknown, method = 'GET'): Exchange => ({
  ...posted(undefined, status, answer),
  ...{ method, url: new URL(path, 'http://localhost:3000') },
})

it.each([
  posted(send, 201, stored),
  posted({ ...send, ignored: 1 }, 200, stored),
  posted({ roomId: 'r' }, 400, refusal),
  posted(send, 409, refused('CONFLICT')),
  got('/api/users?query=ada', 200, { users: [] }),
  got('/elsewhere', 200, {}),
])('what is documented is no fault: $method $url.pathname $status', (exchange) => {
  expect(documented().http.faultOf(exchange)).toBeUndefined()
})

it.each([
  ['a field too many', posted(send, 201, { ...stored, secret: 1 }), /answer: .*additional/],
  ['a field too few', posted(send, 201, { ...stored, seq: undefined }), /answer: .*seq/],
  ['a body that should be refused', posted({ ...send, clientId: '' }, 201, stored), /request: .*clientId/],
  ['a status', posted(send, 202, stored), /no such status/],
  ['another type', posted(send, 201, stored, 'text/html'), /the answer is text\/html/],
  ['a refusal in another form', posted(send, 400, { message: 'No.' }), /answer: .*error/],
  ['a code', got('/api/users?query=ada', 404, refused('NOT_FOUND')), /no such status.*NOT_FOUND/],
  ['the status of a code', posted(send, 400, refused('CONFLICT')), /answer: .*allowed values.*CONFLICT/],
  ['a query', got('/api/notifications?limit=many', 200, { notifications: [] }), /answer|request/],
  ['a method', got('/api/chat/messages', 200, {}, 'PUT'), /no such method/],
])('a fault is %s that is not documented', (_, exchange, words) => {
  expect(documented().http.faultOf(exchange)).toMatch(words)
})

it('a command and its reply are held against the document', () => {
  const faultOf = (input: unknown, reply: unknown, name = 'sendMessage') =>
    documented().sockets.faultOfReply('/chat', name, input, reply)
  expect(faultOf(send, { ok: true, data: stored })).toBeUndefined()
  expect(faultOf({}, { ok: false, ...refusal })).toBeUndefined()
  expect(faultOf({}, { ok: false, ...refusal }, 'nonsense')).toBeUndefined()
  expect(faultOf(send, { ok: false, ...refused('CONFLICT') })).toBeUndefined()
  expect(faultOf({}, { ok: false, ...refused('CONFLICT') }, 'joinRoom')).toMatch(/allowed values.*CONFLICT/)
  expect(faultOf({}, { ok: true, data: {} }, 'nonsense')).toMatch(/in no document/)
  expect(faultOf({}, { ok: true, data: stored })).toMatch(/roomId/)
  expect(faultOf(send, { ok: true, data: { ...stored, secret: 1 } })).toMatch(/additional/)
  expect(documented().sockets.faultOfEvent('/chat', 'receiveMessage', { ...stored, seq: -1 })).toMatch(/seq/)
})

it('what is fetched is looked at, and comes to whoever asked', async () => {
  const answers = async () => Response.json({ users: [], secret: 1 })
  const response = await holdToDocuments(answers)('http://localhost:3000/api/users')
  expect(await response.json()).toEqual({ users: [], secret: 1 })
  expect(takeFaults()).toEqual([expect.stringContaining('GET /api/users, answered with 200')])
})
