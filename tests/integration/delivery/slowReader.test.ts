import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { RawClient } from '../../support/clients/RawClient'
import { TcpProxy } from '../../support/proxy/TcpProxy'
import { recordingLogger } from '../../support/recordingLogger'
import { startServers } from '../../support/servers/servers'
import { onTeardown } from '../../support/teardown'
import { waitFor } from '../../support/waitFor'
import { insertGroup } from '../../support/workload/people'

test('a client that does not read is cut off, while others go on hearing everything', async () => {
  const servers = await startServers()
  const [ada, grace, slow] = [await servers.user('Ada'), await servers.user('Grace'), await servers.user('Slow')]
  const roomId = await insertGroup(servers.db, 'A group', [ada, grace, slow])
  const { logger, lines } = recordingLogger()
  const { url: socketUrl } = await servers.startSocket({}, { logger })
  const proxy = await TcpProxy.start(Number(new URL(socketUrl).port))
  onTeardown(() => proxy.stop())
  const options = { webUrl: servers.webUrl, socketUrl }
  const writer = await RawClient.connect(ada, options)
  const reader = await RawClient.connect(grace, options)
  const slowReader = await RawClient.connect(slow, { ...options, socketUrl: `http://127.0.0.1:${proxy.port}` })
  onTeardown(() => {
    for (const client of [writer, reader, slowReader]) client.stop()
  })
  const [link] = proxy.links
  link?.stall('server')

  // The kernel holds megabytes on both sides of the proxy before anything waits in the process.
  let sent = 0
  let heard = 0
  while (!lines.includes('warn a client reads too slowly and is cut off')) {
    expect(sent, 'sent, and nobody was cut off').toBeLessThan(2_500)
    const large = Array.from({ length: 50 }, () => ({ roomId, message: '€'.repeat(4_000), clientId: randomUUID() }))
    await Promise.all(large.map((message) => writer.asked('sendMessage', message)))
    heard += reader.takeHeard(roomId).length
    sent += large.length
  }
  await waitFor(() => {
    heard += reader.takeHeard(roomId).length
    return heard === sent
  })
  expect(reader.socket.connected).toBe(true)

  link?.resume()
  await waitFor(() => !slowReader.socket.connected, { what: 'the slow reader to notice that it was cut off' })
  expect(slowReader.takeHeard(roomId).length).toBeLessThan(sent)
  // It comes back and fetches what it missed, at its own pace.
  await slowReader.reconnect()
  const { rooms } = await slowReader.asked('syncRooms', { rooms: { [roomId]: sent - 10 } })
  expect(rooms[roomId]).toMatchObject({ lastRev: sent, hasMore: false })
})
