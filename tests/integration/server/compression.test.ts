import { once } from 'node:events'
import type { Manager } from 'socket.io-client'
import { beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { limits } from '@/contracts/limits'
import { directRoom } from '../../support/servers/rooms'
import { startServers, type TestServers } from '../../support/servers/servers'
import { ask, asked, type TestUser } from '../../support/servers/testUser'

let servers: TestServers
let ada: TestUser
let bob: TestUser
/** Of a process that compresses. */
let url: string

beforeAll(async () => {
  servers = await startServers()
  url = (await servers.startSocket({ socketCompressionBytes: 1_024 })).url
  ada = await servers.user('Ada')
  bob = await servers.user('Bob')
})

test('what is long is compressed, and what is short is not', async () => {
  const [adas, bobs] = [await ada.connect({ url }), await bob.connect({ url })]
  const { id: roomId } = await directRoom(ada, bob)
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

test('what comes compressed counts as what it is inflated to: before anybody has signed in …', async () => {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`)
  await once(socket, 'message')
  expect(socket.extensions).toContain('permessage-deflate')
  const closed = once(socket, 'close')
  socket.send(`40/chat,{"token":"${'a'.repeat(limits.unsignedTransportBytes + 1_000)}"}`)
  await closed
})

test('… and for what one person may send in a second', async () => {
  const adas = await ada.connect({ url })
  const message = 'a'.repeat(100_000)
  const begun = performance.now()
  await Promise.all(
    Array.from({ length: 30 }, (_, n) => ask(adas, 'sendMessage', { roomId: 'x', message, clientId: String(n) })),
  )
  // 3 MB, of which the first is free: two seconds from the beginning until the next is read.
  for (const clientId of ['b', 'c']) await ask(adas, 'sendMessage', { roomId: 'x', message: 'short', clientId })
  expect(performance.now() - begun).toBeGreaterThan(1_500)
})

/** Of the TCP connection, which the client's WebSocket, and `ws` in it, keep to themselves. */
function bytesRead({ engine }: Manager): number {
  const { ws } = engine.transport as unknown as { ws: { _socket: { bytesRead: number } } }
  return ws._socket.bytesRead
}
