import { randomUUID } from 'node:crypto'
import { beforeAll, describe, expect, test } from 'vitest'
import { MetricsSnapshot } from '@/contracts/admin'
import { freeLocalPort } from '../../../scripts/support/ports'
import { promtoolComplaints } from '../../support/promtool'
import { twoPeopleInARoom } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { asked, http } from '../../support/servers/testUser'
import { waitFor } from '../../support/waitFor'
import { adminUser, seriesValue } from './support'

let servers: TestServers
let target: string
let deadTarget: string

beforeAll(async () => {
  deadTarget = `http://127.0.0.1:${await freeLocalPort(undefined)}`
  servers = await startServers()
  target = servers.sockets[0].url
  // Read when the web app is built, which is at the first request.
  process.env.SOCKET_INTERNAL_URL = `${deadTarget},${target}`
  process.env.APP_ENV = 'test'
})

const metrics = async (): Promise<string> => (await fetch(`${servers.webUrl}/api/metrics`)).text()

describe('GET /api/metrics', () => {
  test("has the web process's own series and those of each socket server", async () => {
    const { ada, grace, roomId } = await twoPeopleInARoom(servers)
    const send = { roomId, message: 'hello', clientId: randomUUID() }
    await ada.http('POST', '/api/chat/messages', send)
    await ada.http('POST', '/api/chat/messages', { ...send, roomId: 'none' })
    await grace.connect()

    const text = await metrics()
    const requests = (route: string, status_code: string) =>
      seriesValue(text, 'tandem_http_request_duration_seconds_count', { route, status_code })
    expect(requests('register', '201')).toBe(2)
    expect(requests('sendMessage', '201') ?? requests('sendMessage', '200')).toBe(1)
    expect(requests('sendMessage', '404') ?? requests('sendMessage', '409')).toBe(1)
    expect(seriesValue(text, 'socket_active_connections', { namespace: '/chat', target })).toBe(1)
    expect(seriesValue(text, 'process_resident_memory_bytes', {})).toBeGreaterThan(0)
    expect(seriesValue(text, 'process_resident_memory_bytes', { target })).toBeGreaterThan(0)
  })

  test('says which socket server does not answer, and answers all the same', async () => {
    const text = await metrics()
    expect(seriesValue(text, 'tandem_socket_server_up', { target })).toBe(1)
    expect(seriesValue(text, 'tandem_socket_server_up', { target: deadTarget })).toBe(0)
    expect(seriesValue(text, 'socket_server_uptime_seconds', { target: deadTarget })).toBeUndefined()
  })

  test("passes Prometheus's own check", async () => {
    expect(ours(await promtoolComplaints(await metrics()))).toEqual([])
  })
})

describe('GET /api/system/metrics', () => {
  test('answers an administrator with what the live page shows, past a socket server that is gone', async () => {
    const admin = await adminUser(servers)
    const live = await asked(await admin.connectAdmin(), 'metrics:request', undefined)
    const { status, body } = await admin.http('GET', '/api/system/metrics')
    expect(status).toBe(200)
    const { instance, instances, totals } = MetricsSnapshot.parse(body)
    expect(instance).toBe(live.instance)
    expect(instances.map(({ id }) => id)).toEqual([instance])
    expect(totals.connections.admin).toBe(1)
  })

  test('is for administrators, and on the socket server for the service key as well', async () => {
    const person = await servers.user()
    expect((await person.http('GET', '/api/system/metrics')).status).toBe(403)
    expect((await http(servers.webUrl, 'GET', '/api/system/metrics')).status).toBe(401)
    expect((await http(target, 'GET', '/admin/metrics')).status).toBe(401)
    const byService = await http(target, 'GET', '/admin/metrics', undefined, {
      authorization: `Bearer ${servers.serviceKey}`,
    })
    expect(MetricsSnapshot.parse(byService.body).instances).toHaveLength(1)
  })
})

describe("the socket server's text", () => {
  test("passes Prometheus's own check, also after somebody asked for OpenMetrics", async () => {
    const as = async (accept: string) => (await fetch(`${target}/metrics`, { headers: { accept } })).text()
    const before = await as('text/plain')
    const open = await as('application/openmetrics-text')
    const after = await as('text/plain')

    expect(ours(await promtoolComplaints(after))).toEqual([])
    const names = (text: string) => [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name)
    expect(names(after)).toEqual(names(before))
    expect(open).toMatch(/# EOF\n$/)
    expect(open).toMatch(/^# TYPE socket_messages counter$/m)
    expect(open).toMatch(/^socket_messages_total\{/m)
    expect(names(open)).toHaveLength(names(after).length)
  })

  test('has the eleven series of the requirements, with their types and labels', async () => {
    const chat = await (await servers.user()).connect()
    await asked(chat, 'ping', undefined)
    chat.disconnect()
    const read = async () => (await fetch(`${target}/metrics`, { headers: { accept: 'text/plain' } })).text()
    const text = await waitFor(async () => {
      const now = await read()
      return now.includes('socket_disconnects_total{') ? now : undefined
    })
    for (const [name, type, labels] of ELEVEN) {
      expect(text).toContain(`# TYPE ${name} ${type}\n`)
      const sample = text.split('\n').find((line) => new RegExp(`^${name}(_bucket)?\\{`).test(line)) ?? ''
      const found = [...sample.matchAll(/(\w+)="/g)].map(([, label]) => label).filter((label) => label !== 'le')
      expect([name, found.sort()]).toEqual([name, [...labels, 'environment'].sort()])
    }
  })
})

/** Requirements 000; each with `environment` as well. */
const ELEVEN: [name: string, type: string, labels: string[]][] = [
  ['socket_active_connections', 'gauge', ['namespace']],
  ['socket_connections_total', 'counter', ['namespace', 'status']],
  ['socket_disconnects_total', 'counter', ['namespace', 'reason']],
  ['socket_messages_total', 'counter', ['namespace', 'event', 'direction']],
  ['socket_message_duration_seconds', 'histogram', ['namespace', 'event']],
  ['socket_errors_total', 'counter', ['namespace', 'error_type']],
  ['socket_active_rooms', 'gauge', ['namespace']],
  ['socket_active_users', 'gauge', ['namespace']],
  ['socket_message_size_bytes', 'histogram', ['namespace', 'direction']],
  ['socket_auth_events_total', 'counter', ['status']],
  ['socket_server_uptime_seconds', 'gauge', []],
]

/** Complaints about series that are ours; prom-client's own names are its authors'. */
const ours = (complaints: string[]): string[] => complaints.filter((complaint) => !/^(nodejs|process)_/.test(complaint))
