import 'fake-indexeddb/auto'
import { rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Socket } from 'socket.io-client'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { allCommands, namespaceContracts } from '@/contracts/all'
import { auditActions } from '@/contracts/audit'
import type { Command } from '@/contracts/command'
import { toHttpRequest } from '@/contracts/httpRequest'
import type { NextRoute } from '@/lib/pipeline/createRoute'
import { apiDocuments } from '../../../scripts/api-documents/documents'
import { recordingLogger } from '../../support/recordingLogger'
import { setPermissions } from '../../support/servers/permissions'
import { twoPeopleInARoom } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { type ChatClient, heard, type TestUser } from '../../support/servers/testUser'
import { tearDownFile } from '../../support/teardown'
import { holdToThese } from '../../support/traffic/hold'
import { waitFor } from '../../support/waitFor'
import { freshStorage, openPage, Surroundings } from '../client/pages'
import { seriesValue } from '../metrics/support'
import { rowOf } from '../permissions/matrix/rows'
import { createWorld } from '../permissions/matrix/world'
import { applied, appliedFolder, changedLines, guideFiles } from './guide'

// The set-up of every test file has loaded the contract before.
vi.hoisted(() => vi.resetModules())
// As if somebody had followed the guide in the files themselves; nothing else is touched.
vi.mock('@/contracts/chat', async () => (await import('./guide')).applied('src/contracts/chat.ts'))
vi.mock('@/services/chat/ChatMessageService', async () =>
  (await import('./guide')).applied('src/services/chat/ChatMessageService.ts'),
)
vi.mock('@/lib/sockets/namespaces/chat/handlers', async () =>
  (await import('./guide')).applied('src/lib/sockets/namespaces/chat/handlers.ts'),
)
vi.mock('../permissions/matrix/samples', async () =>
  (await import('./guide')).applied('tests/integration/permissions/matrix/samples.ts'),
)
const routeFile = 'src/app/api/chat/rooms/[roomId]/wave/route.ts'

// Other files share this process: what was loaded here is undone here, and nobody finds it.
afterAll(async () => {
  await tearDownFile()
  for (const file of guideFiles) vi.doUnmock(resolve(file))
  vi.resetModules()
  rmSync(appliedFolder(), { recursive: true })
})

const name = 'wave'
const declared = (): Command => {
  const found = allCommands.find((command) => command.name === name)
  if (!found) throw new Error(`${name} is in no list of commands.`)
  return found
}
const documents = apiDocuments(join(appliedFolder(), 'src/contracts'))

let servers: TestServers
let socketUrl: string
const { logger } = recordingLogger()
let ada: TestUser
let grace: TestUser
let barred: TestUser
let roomId: string

beforeAll(async () => {
  holdToThese(documents)
  const { POST } = await applied(routeFile)
  servers = await startServers({
    limits: { 'chat-messages': { points: 4, seconds: 60 } },
    routes: [POST as NextRoute], // its one line
    webEnv: { APP_ENV: 'test' },
  })
  socketUrl = (await servers.startSocket({}, { logger })).url
  ;({ ada, grace, roomId } = await twoPeopleInARoom(servers))
  barred = await servers.user('Barred')
  await setPermissions(servers, barred, { removed: ['chat:write'] })
})

/** Ways to ask, with what came back in one form. */
const overSocket = async (user: TestUser, input: object) => {
  const client: ChatClient = await user.connect({ url: socketUrl })
  // The command is in no type of the contract.
  return (client as unknown as Socket).timeout(20_000).emitWithAck(name, input)
}
const overHttp = async (user: TestUser, input: { roomId: string; clientId: string }) => {
  const { method, path, body: sent } = toHttpRequest(declared(), input)
  const { status, body } = await user.http(method, path, sent)
  return status === 200 ? { ok: true, data: body } : { ok: false, ...(body as object) } // an error's body, by the contract
}

test('it takes fewer than thirty changed lines', () => {
  expect(guideFiles).toContain(routeFile)
  expect(changedLines).toBeGreaterThan(10)
  expect(changedLines).toBeLessThan(30)
})

test.each([
  ['the socket', overSocket],
  ['HTTP', overHttp],
])('over %s it answers, checks what it is given, is permitted and limited', async (transport, ask) => {
  const waves = heard(await grace.connect(), 'receiveMessage')
  const input = { roomId, clientId: `${transport.replace(' ', '-')}-1` }
  const hand = { ...input, message: '👋', senderId: ada.id }
  expect(await ask(ada, input)).toMatchObject({ ok: true, data: hand })
  expect(await ask(ada, input)).toMatchObject({ ok: true, data: hand })
  await waitFor(() => waves.length > 0)
  expect(waves).toMatchObject([hand])
  expect(await ask(ada, { roomId: 'nowhere', clientId: `${input.clientId}-2` })).toMatchObject({
    ok: false,
    error: { code: 'NOT_FOUND' },
  })
  expect(await ask(ada, { ...input, clientId: '' })).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } })
  expect(await ask(ada, input)).toMatchObject({ ok: false, error: { code: 'RATE_LIMITED' } })
  expect(await ask(barred, input)).toMatchObject({ ok: false, error: { code: 'FORBIDDEN' } })
})

test('it is metered and audited under its name', async () => {
  const socketText = await (await fetch(`${socketUrl}/metrics`, { headers: { accept: 'text/plain' } })).text()
  const labels = { namespace: '/chat', event: name }
  expect(seriesValue(socketText, 'socket_messages_total', { ...labels, direction: 'inbound' })).toBe(6)
  expect(seriesValue(socketText, 'socket_message_duration_seconds_count', labels)).toBe(6)

  const webText = await (await fetch(`${servers.webUrl}/api/metrics`)).text()
  const requests = (status_code: string) =>
    seriesValue(webText, 'tandem_http_request_duration_seconds_count', { route: name, status_code })
  expect(['200', '400', '403', '404', '429'].map(requests)).toEqual([2, 1, 1, 1, 1])

  const outcomes = async () =>
    (await servers.db.query('SELECT outcome FROM audit_log WHERE action = $1', [name])).rows.map(
      ({ outcome }) => outcome,
    )
  // What goes beyond a limit is one entry a minute, with the count.
  await waitFor(async () => (await outcomes()).length === 10)
  expect(new Set(await outcomes())).toEqual(new Set(['ok', 'NOT_FOUND', 'BAD_REQUEST', 'FORBIDDEN']))
})

test.each(['http', 'socket'] as const)('over %s the table of who may do what has it', async (transport) => {
  const { is, shouldBe } = await rowOf(servers, await createWorld(servers), declared(), transport)
  expect(is).toMatchObject({ nobody: 'UNAUTHENTICATED', stranger: 'NOT_FOUND', member: 'done' })
  expect(is).toEqual(shouldBe)
})

test('the audit log has words for it, and for nothing that is not kept', async () => {
  const { actionWords } = await applied('src/components/audit/auditWords.ts')
  const audited = allCommands.filter(({ audit }) => audit).map((command) => command.name)
  expect(audited).toContain(name)
  expect(Object.keys(actionWords as object).sort()).toEqual([...new Set([...audited, ...auditActions])].sort())
})

test('it is in every list of commands, and in the documents', () => {
  expect(allCommands.map((command) => command.name)).toContain(name)
  expect(namespaceContracts['/chat'].commands).toHaveProperty(name, declared())
  const sentence = 'Waves at a room: one message that is a hand.'
  const files = ['openapi.json', 'asyncapi.json', 'http.md', 'socket-events.md']
  for (const file of files) expect(documents[`docs/api/${file}`]).toContain(sentence)
})

test.each([
  ['over the socket', undefined],
  ['over HTTP where no socket server listens', 'http://127.0.0.1:1'],
])('the browser’s engine calls it by its declaration, %s', async (way, url) => {
  freshStorage()
  const surroundings = new Surroundings()
  surroundings.socketUrl = url
  const people = await twoPeopleInARoom(servers)
  const page = openPage(servers, people.ada, surroundings)
  if (url === undefined) await waitFor(() => page.connection.getSnapshot().state === 'connected')
  const input = { roomId: people.roomId, clientId: way.replaceAll(' ', '-') }
  expect(await page.transport.call(declared(), input)).toMatchObject({ message: '👋', roomId: people.roomId })
})
