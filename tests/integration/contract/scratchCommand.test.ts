import 'fake-indexeddb/auto'
import type { Socket } from 'socket.io-client'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { allCommands, namespaceContracts } from '@/contracts/all'
import { toHttpRequest } from '@/contracts/httpRequest'
import { route } from '@/server/web/routes'
import { recordingLogger } from '../../support/recordingLogger'
import { directRoom } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import type { ChatClient, TestUser } from '../../support/servers/testUser'
import { tearDownFile } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'
import { freshStorage, openPage, Surroundings } from '../client/pages'
import { adminUser, seriesValue } from '../metrics/support'
import { scratchCommand } from './scratch'

// The set-up of every test file has loaded the contract before.
vi.hoisted(() => vi.resetModules())
// As if somebody had written these three pieces into the files themselves; nothing else is touched.
vi.mock('@/contracts/chat', async (load) => (await import('./scratch')).withDeclaration(await load()))
vi.mock('@/services/chat/ChatRoomService', async (load) => (await import('./scratch')).withServiceMethod(await load()))
vi.mock('@/lib/sockets/namespaces/chat/handlers', async (load) => (await import('./scratch')).withHandler(await load()))

// Other files share this process: what was loaded here is undone here, and nobody finds it.
afterAll(async () => {
  await tearDownFile()
  for (const piece of ['contracts/chat', 'services/chat/ChatRoomService', 'lib/sockets/namespaces/chat/handlers']) {
    vi.doUnmock(`@/${piece}`)
  }
  vi.resetModules()
})

let servers: TestServers
let socketUrl: string
const { logger } = recordingLogger()
let admin: TestUser
let somebody: TestUser

beforeAll(async () => {
  // A route's file under src/app/api has this one line.
  servers = await startServers({
    limits: { search: { points: 4, seconds: 60 } },
    routes: [route(scratchCommand)],
    webEnv: { APP_ENV: 'test' },
  })
  socketUrl = (await servers.startSocket({}, { logger })).url
  admin = await adminUser(servers)
  somebody = await servers.user('Somebody')
  await directRoom(admin, somebody)
  await directRoom(somebody, await servers.user('Another'))
})

/** Ways to ask, with what came back in one form. */
const overSocket = async (user: TestUser, input: object) => {
  const client: ChatClient = await user.connect({ url: socketUrl })
  // The command is in no type of the contract.
  return (client as unknown as Socket).timeout(20_000).emitWithAck(scratchCommand.name, input)
}
const overHttp = async (user: TestUser, input: { userId: string; times?: unknown }) => {
  const { method, path, query } = toHttpRequest(scratchCommand, input)
  const { status, body } = await user.http(method, `${path}?${new URLSearchParams(query)}`)
  return status === 200 ? { ok: true, data: body } : { ok: false, ...(body as object) } // an error's body, by the contract
}

test.each([
  ['the socket', overSocket],
  ['HTTP', overHttp],
])('over %s it answers, checks what it is given, is permitted and limited', async (_, ask) => {
  expect(await ask(admin, { userId: somebody.id, times: 3 })).toEqual({
    ok: true,
    data: { userId: somebody.id, rooms: 6 },
  })
  expect(await ask(admin, { userId: somebody.id })).toEqual({ ok: true, data: { userId: somebody.id, rooms: 2 } })
  expect(await ask(admin, { userId: 'x'.repeat(65) })).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } })
  expect(await ask(admin, { userId: somebody.id, times: 0 })).toMatchObject({ error: { code: 'BAD_REQUEST' } })
  expect(await ask(admin, { userId: somebody.id })).toMatchObject({ ok: false, error: { code: 'RATE_LIMITED' } })
  expect(await ask(somebody, { userId: somebody.id })).toMatchObject({ ok: false, error: { code: 'FORBIDDEN' } })
})

test('it is metered and audited under its name', async () => {
  const socketText = await (await fetch(`${socketUrl}/metrics`, { headers: { accept: 'text/plain' } })).text()
  const labels = { namespace: '/chat', event: scratchCommand.name }
  expect(seriesValue(socketText, 'socket_messages_total', { ...labels, direction: 'inbound' })).toBe(6)
  expect(seriesValue(socketText, 'socket_message_duration_seconds_count', labels)).toBe(6)

  const webText = await (await fetch(`${servers.webUrl}/api/metrics`)).text()
  const requests = (status_code: string) =>
    seriesValue(webText, 'tandem_http_request_duration_seconds_count', { route: scratchCommand.name, status_code })
  expect(['200', '400', '403', '429'].map(requests)).toEqual([2, 2, 1, 1])

  const outcomes = async () =>
    (await servers.db.query('SELECT outcome FROM audit_log WHERE action = $1', [scratchCommand.name])).rows.map(
      ({ outcome }) => outcome,
    )
  // What goes beyond a limit is one entry a minute, with the count.
  await waitFor(async () => (await outcomes()).length === 10)
  expect(new Set(await outcomes())).toEqual(new Set(['ok', 'BAD_REQUEST', 'FORBIDDEN']))
})

test('it is in every list of commands', () => {
  expect(allCommands.map(({ name }) => name)).toContain(scratchCommand.name)
  expect(namespaceContracts['/chat'].commands).toHaveProperty(scratchCommand.name, scratchCommand)
})

test.each([
  ['over the socket', undefined],
  ['over HTTP where no socket server listens', 'http://127.0.0.1:1'],
])('the browser’s engine calls it by its declaration, %s', async (_, url) => {
  freshStorage()
  const surroundings = new Surroundings()
  surroundings.socketUrl = url
  const page = openPage(servers, await adminUser(servers, 'Another admin'), surroundings)
  if (url === undefined) await waitFor(() => page.connection.getSnapshot().state === 'connected')
  expect(await page.transport.call(scratchCommand, { userId: somebody.id })).toEqual({ userId: somebody.id, rooms: 2 })
})
