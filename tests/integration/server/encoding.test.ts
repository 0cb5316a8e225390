import 'fake-indexeddb/auto'
import { io, Manager } from 'socket.io-client'
import * as msgpack from 'socket.io-msgpack-parser'
import { beforeAll, expect, test } from 'vitest'
import { directRoom } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { asked, type TestUser } from '../../support/servers/testUser'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'
import { openPage, textsOf } from '../client/pages'

let servers: TestServers
let ada: TestUser
let bob: TestUser

beforeAll(async () => {
  servers = await startServers({ encoding: { compressFromBytes: null, parser: 'msgpack' } })
  ada = await servers.user('Ada')
  bob = await servers.user('Bob')
})

test('two pages talk in MessagePack, as the token tells them, and what they hear is counted by its event', async () => {
  const [adas, bobs] = [openPage(servers, ada), openPage(servers, bob)]
  await waitFor(() => [adas, bobs].every(({ connection }) => connection.getSnapshot().state === 'connected'))
  const roomId = await adas.chat.startConversation(bob.id)
  for (const page of [adas, bobs]) page.chat.openConversation(roomId)
  const texts = ['one', 'zwei', 'три', '😀'.repeat(1_000)]
  for (const text of texts) adas.chat.sendMessage(roomId, text)
  await waitFor(() => [adas, bobs].every((page) => textsOf(page, roomId).length === texts.length))
  expect(textsOf(adas, roomId)).toEqual(texts)
  expect(textsOf(bobs, roomId)).toEqual(texts)
  expect(adas.connection.getSnapshot()).toMatchObject({ metrics: { transport: 'websocket' } })

  const answer = await fetch(`${servers.sockets[0].url}/metrics`, {
    headers: { Authorization: `Bearer ${servers.serviceKey}`, Accept: 'application/json' },
  })
  expect(await answer.json()).toMatchObject({ events: { by_type: { receiveMessage: 2 * texts.length } } })
})

test('who speaks JSON is closed without harm to others', async () => {
  const { url } = servers.sockets[0]
  const stranger = io(`${url}/chat`, { transports: ['websocket'], reconnection: false, auth: { token: 'x' } })
  onTeardown(() => {
    stranger.disconnect()
  })
  const closed = await new Promise((resolve) => {
    stranger.io.engine.on('close', resolve)
  })
  expect(closed).toBe('transport close')
  expect((await fetch(`${url}/health/ready`)).status).toBe(200)
})

test.each(['disconnect', 'connect', 'newListener'])(
  'a client that says “%s” for the server is closed',
  async (event) => {
    const manager = new Manager(servers.sockets[0].url, {
      transports: ['websocket'],
      parser: msgpack,
      reconnection: false,
    })
    const socket = manager.socket('/chat', { auth: { token: await ada.token() } })
    onTeardown(() => {
      socket.disconnect()
    })
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('connect_error', reject)
    })
    const closed = new Promise((resolve) => socket.once('disconnect', resolve))
    // The client itself refuses to send such an event.
    const packets: unknown = new msgpack.Encoder().encode({ type: 2, nsp: '/chat', data: [event, 'x'] })
    const [packet] = packets as [Buffer] // its type says otherwise
    manager.engine.write(packet)
    expect(await closed).toBe('transport close')
  },
)

test('what is long is compressed where that is asked for, for one and for many, and what is short is not', async () => {
  const { url } = await servers.startSocket({ socketEncoding: { compressFromBytes: 1_024, parser: 'json' } })
  const adas = await ada.connect({ url })
  const bobs = await bob.connect({ url })
  const roomId = (await directRoom(ada, bob)).id
  /** How many bytes Bob's connection brings until he has heard this. */
  const bytesOf = async (message: string): Promise<number> => {
    const before = bytesRead(bobs.io)
    const heard = new Promise((resolve) => bobs.once('receiveMessage', resolve))
    await asked(adas, 'sendMessage', { roomId, message, clientId: crypto.randomUUID() })
    await heard
    return bytesRead(bobs.io) - before
  }
  const short = await bytesOf('a'.repeat(500))
  expect(short).toBeGreaterThan(500)
  expect(await bytesOf('a'.repeat(4_000))).toBeLessThan(short)
})

/** Of the TCP connection: what the client's WebSocket, and `ws` in it, keep to themselves. */
function bytesRead({ engine }: Manager): number {
  const { ws } = engine.transport as unknown as { ws: { _socket: { bytesRead: number } } }
  return ws._socket.bytesRead
}
