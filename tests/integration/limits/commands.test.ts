import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import type { WireError } from '@/contracts/errors'
import { onlyLimits } from '../../support/servers/rateLimits'
import { twoPeopleInARoom } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { ask, asked, heard, type TestUser } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'

let servers: TestServers

beforeAll(async () => {
  servers = await startServers({ limits: { 'chat-messages': { points: 5, seconds: 60 } } })
})

const errorOf = (body: unknown): WireError => (body as { error: WireError }).error // a refusal's body, by the contract

const message = (roomId: string) => ({ roomId, message: 'Hello', clientId: randomUUID() })
const post = (user: TestUser, roomId: string) => user.http('POST', '/api/chat/messages', message(roomId))

test('over the socket: the last fifth warns, the command above the limit is refused, and both say so to who asked only', async () => {
  const { ada, grace, roomId } = await twoPeopleInARoom(servers)
  const [client, otherTab, partner] = [await ada.connect(), await ada.connect(), await grace.connect()]
  const warnings = heard(client, 'rateLimitWarning')
  const exceeded = heard(client, 'rateLimitExceeded')
  const elsewhere = [otherTab, partner].flatMap((other) => [
    heard(other, 'rateLimitWarning'),
    heard(other, 'rateLimitExceeded'),
  ])

  for (let sent = 0; sent < 5; sent++) await asked(client, 'sendMessage', { senderId: ada.id, ...message(roomId) })
  expect(warnings).toEqual([{ remaining: 1 }, { remaining: 0 }])
  expect(exceeded).toEqual([])

  const refused = await ask(client, 'sendMessage', message(roomId))
  if (refused.ok) throw new Error('It was not refused.')
  const { retryAfterMs = Number.NaN } = refused.error
  expect(refused.error).toMatchObject({ code: 'RATE_LIMITED', retryable: true })
  expect(retryAfterMs).toBeGreaterThan(0)
  expect(retryAfterMs).toBeLessThanOrEqual(60_000)
  expect(exceeded).toEqual([
    { remaining: 0, retryAfterSec: Math.ceil(retryAfterMs / 1000), blockedUntilMs: expect.any(Number) },
  ])

  // What others would have heard has come before the answer to a later command.
  await asked(otherTab, 'joinRoom', { roomId })
  await asked(partner, 'joinRoom', { roomId })
  expect(elsewhere.flat()).toEqual([])
  // The other person's count is their own.
  await asked(partner, 'sendMessage', message(roomId))
  // A user's sockets share one count.
  expect((await ask(otherTab, 'sendMessage', message(roomId))).ok).toBe(false)
})

test('over HTTP: every answer says what is left, and a refusal when to come back', async () => {
  const { ada, roomId } = await twoPeopleInARoom(servers)
  const left: (string | null)[] = []
  for (let sent = 0; sent < 5; sent++) {
    const { status, headers } = await post(ada, roomId)
    expect(status).toBe(201)
    expect(headers.get('RateLimit-Limit')).toBe('5')
    left.push(headers.get('RateLimit-Remaining'))
  }
  expect(left).toEqual(['4', '3', '2', '1', '0'])

  const refused = await post(ada, roomId)
  expect(refused.status).toBe(429)
  const { code, retryAfterMs = Number.NaN } = errorOf(refused.body)
  expect(code).toBe('RATE_LIMITED')
  const seconds = String(Math.ceil(retryAfterMs / 1000))
  expect(refused.headers.get('Retry-After')).toBe(seconds)
  expect(refused.headers.get('RateLimit-Reset')).toBe(seconds)
  expect(refused.headers.get('RateLimit-Remaining')).toBe('0')

  // Refused means not stored.
  const { rows } = await servers.db.query('SELECT count(*)::int FROM messages WHERE room_id = $1', [roomId])
  expect(rows).toEqual([{ count: 5 }])
})

test('a command that is not limited says nothing of limits', async () => {
  const { ada } = await twoPeopleInARoom(servers)
  const { headers } = await ada.http('GET', '/api/chat/rooms')
  expect([...headers.keys()].filter((name) => /rate/i.test(name))).toEqual([])
})

test('input that is not right counts as well, so a limit cannot be passed by by garbage', async () => {
  const { ada, roomId } = await twoPeopleInARoom(servers)
  for (let sent = 0; sent < 5; sent++) expect((await ada.http('POST', '/api/chat/messages', {})).status).toBe(400)
  expect((await post(ada, roomId)).status).toBe(429)
})

test('commands at once do not slip through together', async () => {
  const { ada, roomId } = await twoPeopleInARoom(servers)
  const client = await ada.connect()
  const replies = await Promise.all(Array.from({ length: 20 }, () => ask(client, 'sendMessage', message(roomId))))
  expect(replies.filter(({ ok }) => ok)).toHaveLength(5)
})

test('the modules that are off by default can be limited each', async () => {
  const { ada, grace, roomId } = await twoPeopleInARoom(servers)
  const one = { points: 1, seconds: 60 }
  const { url } = await servers.startSocket({
    rateLimits: onlyLimits({ 'chat-rooms': one, 'chat-read': one, 'chat-ping': one }),
  })
  const client = await ada.connect({ url })
  const commands = [
    () => ask(client, 'getOrCreateRoom', { participantId: grace.id }),
    () => ask(client, 'markMessagesRead', { roomId }),
    () => ask(client, 'ping', undefined),
  ]
  for (const command of commands) {
    expect((await command()).ok).toBe(true)
    expect(await command()).toMatchObject({ ok: false, error: { code: 'RATE_LIMITED' } })
  }
  for (let sent = 0; sent < 10; sent++) await asked(client, 'sendMessage', message(roomId))
})

test('without an acknowledgement the refusal arrives as commandError too', async () => {
  const { ada, roomId } = await twoPeopleInARoom(servers)
  const client = await ada.connect()
  const errors = heard(client, 'commandError')
  for (let sent = 0; sent < 5; sent++) await asked(client, 'sendMessage', message(roomId))
  client.emit('sendMessage', message(roomId), undefined as never) // as a client without an acknowledgement does
  await waitFor(() => errors.length > 0)
  expect(errors).toMatchObject([{ code: 'RATE_LIMITED' }])
})
