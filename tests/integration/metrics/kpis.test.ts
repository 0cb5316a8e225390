import { randomUUID } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { Metrics } from '@/contracts/admin'
import { twoPeopleInARoom } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { ask, asked, heard } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'
import { seriesValue } from './support'

let servers: TestServers

beforeAll(async () => {
  servers = await startServers()
})

const metricsOf = async (url: string): Promise<Metrics> => Metrics.parse(await (await fetch(`${url}/metrics`)).json())

const textOf = async (url: string): Promise<string> =>
  (await fetch(`${url}/metrics`, { headers: { accept: 'text/plain' } })).text()

test('every figure is what was done', async () => {
  const { url } = await servers.startSocket()
  const { ada, grace, roomId } = await twoPeopleInARoom(servers)
  const adaChat = await ada.connect({ url, auth: { client: { connectMs: 40, reconnects: 3 } } })
  const graceChat = await grace.connect({ url })
  const graceAgain = await grace.connect({ url, transports: ['polling'] })
  await grace.connectNotifications({ url })
  await expect(ada.connectAdmin({ url })).rejects.toMatchObject({ data: { code: expect.any(String) } })

  const received = heard(graceChat, 'receiveMessage')
  for (const message of ['one', 'two', 'three']) {
    await asked(adaChat, 'sendMessage', { roomId, message, clientId: randomUUID() })
  }
  await waitFor(() => received.length === 3)
  expect(await ask(graceChat, 'joinRoom', { roomId: 'nowhere' })).toMatchObject({ error: { code: 'NOT_FOUND' } })
  await asked(graceChat, 'ping', { away: true })
  await asked(graceAgain, 'ping', { away: true })
  graceAgain.disconnect()

  const metrics = await waitFor(async () => {
    const now = await metricsOf(url)
    return now.connections.total === 3 ? now : undefined
  })
  expect(metrics.connections).toEqual({ total: 3, chat: 2, notifications: 1, admin: 0, rate: { '1m': 4 } })
  expect(metrics.disconnections).toEqual({ rate: { '1m': 1 } })
  expect(metrics.events.inbound.count).toBe(6)
  // Three messages to the three sockets that were in the room; presence is told to /notifications.
  expect(metrics.events.by_type).toMatchObject({ sendMessage: 3, receiveMessage: 9, ping: 2 })
  const outbound = Object.entries(metrics.events.by_type).filter(
    ([event]) => !['sendMessage', 'joinRoom', 'ping'].includes(event),
  )
  expect(metrics.events.outbound.count).toBe(outbound.reduce((sum, [, count]) => sum + count, 0))
  expect(metrics.events.throughput['1m']).toBeCloseTo((6 + metrics.events.outbound.count) / 60, 1)
  expect(metrics.events.latency.avg).toBeGreaterThan(0)
  const took = expect.any(Number)
  expect(metrics.events.latency.by_type).toEqual({
    sendMessage: { count: 3, avg: took },
    joinRoom: { count: 1, avg: took },
    ping: { count: 2, avg: took },
  })
  for (const { avg } of Object.values(metrics.events.latency.by_type)) expect(avg).toBeGreaterThan(0)
  // Ann gets no token for /admin, and nobody may join a room that is not theirs.
  expect(metrics.events.errors).toEqual({ count: 2, by_code: { UNAUTHENTICATED: 1, NOT_FOUND: 1 } })
  // Each namespace has a room a person and one a session: two people on /chat, one on /notifications.
  expect(metrics.rooms).toMatchObject({ total: 7, by_prefix: { room: 1, user: 3, session: 3, topic: 0 } })
  expect(metrics.rooms.largest).toMatchObject({ size: 2, name: `room:${roomId}` })
  expect(metrics.rooms.avg_size).toBeCloseTo(8 / 7, 2)
  // Grace's tab on /notifications has not said that he is away.
  expect(metrics.presence).toEqual({ online: 2, away: 0, stale_clients: 0 })
  expect(metrics.redis).toEqual({ configured: false, connected: false, latency: null })
  expect(metrics.server.memory.rss).toBeGreaterThan(metrics.server.memory.heap)

  const text = await textOf(url)
  const series = (name: string, labels: Record<string, string> = {}) => seriesValue(text, name, labels)
  expect(series('socket_active_connections', { namespace: '/chat' })).toBe(2)
  expect(series('socket_connections_total', { namespace: '/chat', status: 'accepted' })).toBe(3)
  expect(series('socket_connections_total', { namespace: '/admin', status: 'refused' })).toBe(1)
  expect(series('socket_disconnects_total', { namespace: '/chat', reason: 'client_namespace_disconnect' })).toBe(1)
  const chat = { namespace: '/chat' }
  expect(series('socket_messages_total', { ...chat, event: 'sendMessage', direction: 'inbound' })).toBe(3)
  expect(series('socket_messages_total', { ...chat, event: 'receiveMessage', direction: 'outbound' })).toBe(9)
  expect(series('socket_message_duration_seconds_count', { ...chat, event: 'sendMessage' })).toBe(3)
  expect(series('socket_message_size_bytes_count', { ...chat, direction: 'inbound' })).toBe(6)
  expect(series('socket_active_rooms', chat)).toBe(5)
  expect(series('socket_active_users', chat)).toBe(2)
  expect(series('socket_auth_events_total', { status: 'success' })).toBe(4)
  expect(series('socket_server_uptime_seconds')).toBeGreaterThan(0)
  expect(series('tandem_acknowledgement_seconds_count')).toBe(3)
  expect(series('tandem_commit_batch_size_sum')).toBe(3)
  expect(series('tandem_client_connect_seconds_count', chat)).toBe(1)
  expect(series('tandem_client_reconnects_total', chat)).toBe(1)
  expect(series('tandem_database_listening')).toBe(1)
  expect(series('tandem_redis_up')).toBeUndefined()
})

test('the queue of jobs is counted, and what was done is timed', async () => {
  const { url } = await servers.startSocket()
  const { jobs } = await waitFor(async () => {
    const now = await metricsOf(url)
    return now.jobs === null ? undefined : now
  })
  expect(jobs).toEqual({ waiting: expect.any(Number), running: expect.any(Number), failed: 0 })
  const text = await textOf(url)
  expect(seriesValue(text, 'tandem_jobs', { state: 'failed' })).toBe(0)
  // Whichever process did it.
  await waitFor(async () => {
    const texts = await Promise.all([url, servers.sockets[0].url].map(textOf))
    return texts.some((one) => /tandem_job_duration_seconds_count\{[^}]*task="expire"[^}]*\} [1-9]/.test(one))
  })
})
