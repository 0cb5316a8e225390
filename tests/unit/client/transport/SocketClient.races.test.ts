import { expect, test } from 'vitest'
import { type Clock, systemClock } from '@/client/runtime/clock'
import type { HttpClient } from '@/client/transport/HttpClient'
import type { FetchToken } from '@/client/transport/TokenCache'
import { createTransport } from '@/client/transport/Transport'
import { chatCommands } from '@/contracts/chat'
import { pageContracts } from '@/contracts/events'
import { waitFor } from '../../../support/waitFor'
import { settled, TestClock } from '../support/TestClock'
import { countTokens, openClient, startServer, untilConnected } from './support/socketServer'

test('a wake during the handshake does not lose its token', async () => {
  const server = await startServer()
  await server.stop()
  const counting = countTokens(() => server.url)
  const late: (() => void)[] = []
  let slow = false
  const fetchToken: FetchToken = async (namespace) => {
    if (slow && namespace === '/chat') await new Promise<void>((resolve) => late.push(resolve))
    return counting(namespace)
  }
  let sleptMs = 0
  const clock: Clock = { ...systemClock, now: () => Date.now() + sleptMs }
  const { client, link, wake } = openClient(fetchToken, 20_000, clock)
  const notifications = client.open('/notifications', pageContracts['/notifications'].events)
  notifications.start()
  await waitFor(() => link.failures >= 5)

  // What was fetched at the fifth failure is too old by now: the handshake needs a token of its own.
  slow = true
  sleptMs = 61_000
  const back = await startServer({}, server.port)
  await waitFor(() => notifications.connected && late.length > 0)
  wake.emit()
  for (const answer of late) answer()

  await untilConnected(link)
  expect(back.handshakes).toHaveLength(1)
})

test('a handshake that nothing comes of is tried again', async () => {
  const server = await startServer()
  const counting = countTokens(() => server.url)
  const handshakeTimers = new Set<() => void>()
  const clock: Clock = {
    ...systemClock,
    after: (ms, run) => {
      if (ms !== 20_000) return systemClock.after(ms, run)
      handshakeTimers.add(run)
      return () => void handshakeTimers.delete(run)
    },
  }
  let hangs = false
  let asked = 0
  const { link } = openClient(
    (namespace) => {
      asked += 1
      return hangs ? new Promise(() => {}) : counting(namespace)
    },
    20_000,
    clock,
  )
  await untilConnected(link)
  expect(handshakeTimers.size).toBe(0)

  hangs = true
  server.io.of('/chat').disconnectSockets()
  await waitFor(() => asked === 2)
  hangs = false
  for (const run of handshakeTimers) run()

  await untilConnected(link)
  expect(server.handshakes).toHaveLength(2)
})

test('a namespace that leaves and returns during the connection’s back-off finds the same one loop', async () => {
  const server = await startServer()
  await server.stop()
  const counting = countTokens(() => server.url)
  let asked = 0
  const fetchToken: FetchToken = async (namespace) => {
    asked += 1
    if (asked === 2) throw new Error('no network')
    return counting(namespace)
  }
  const clock = new TestClock()
  const { link, wake } = openClient(fetchToken, 20_000, clock)
  // The fifth failure asks for the url; that fails, and the namespace leaves with a back-off of its own.
  for (let failures = 1; failures <= 5; failures += 1) {
    await waitFor(() => link.failures >= failures)
    if (failures < 5) await clock.pass(50 * 2 ** (failures - 1)) // the back-off, and no longer
  }
  await waitFor(() => link.failures === 6)

  const back = await startServer({}, server.port)
  await waitFor(async () => {
    if (!link.connected) await clock.pass(50)
    return link.connected
  })
  wake.emit() // as every connection does
  await clock.pass(30_000)

  expect(link).toMatchObject({ connected: true, transport: 'websocket', reconnects: 0 })
  expect(back.handshakes).toHaveLength(1)
})

test('a command that waits for the connection of a page that is left goes out at once', async () => {
  const { client, link, runtime } = openClient(() => new Promise(() => {}))
  const asked: string[] = []
  const http: HttpClient = {
    call: async ({ name }) => {
      asked.push(name)
      return { lastSeen: 'whatever HTTP answers' } as never // of the command's form, as far as this test reads it
    },
  }
  const transport = createTransport({ http, linkOf: () => link, clock: runtime.clock })
  const sent = transport.call(chatCommands.markMessagesRead, { roomId: 'r1' })

  // As the client stops: with its timers gone, nothing else would end the wait.
  runtime.stop()
  client.stop()

  await sent
  expect(asked).toEqual(['markMessagesRead'])
})

test('a token that comes after its connection broke is not for the next one', async () => {
  const server = await startServer()
  const counting = countTokens(() => server.url)
  const late: (() => void)[] = []
  let slow = false
  const { link } = openClient(async (namespace) => {
    const token = await counting(namespace)
    if (slow) await new Promise<void>((resolve) => late.push(resolve))
    return token
  })
  await untilConnected(link)
  slow = true
  server.io.of('/chat').disconnectSockets()
  await waitFor(() => late.length === 1)

  // The next connection is held up while it opens.
  const accepting = server.http.listeners('upgrade')
  const held: unknown[][] = []
  server.http.removeAllListeners('upgrade').on('upgrade', (...upgrade) => held.push(upgrade))
  link.abandon()
  await waitFor(() => held.length === 1)
  slow = false
  late[0]?.()
  await settled()
  for (const accept of accepting) accept.apply(server.http, held[0] ?? [])

  await waitFor(() => link.connected)
  expect(server.handshakes.map(({ token }) => token)).toEqual(['token 1', 'token 3'])
})
