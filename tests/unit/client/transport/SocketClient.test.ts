import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server, type ServerOptions } from 'socket.io'
import { expect, onTestFinished, test } from 'vitest'
import { type Clock, systemClock } from '@/client/runtime/clock'
import { AccountChanged } from '@/client/runtime/errors'
import type { HttpClient } from '@/client/transport/HttpClient'
import { createManager } from '@/client/transport/ManagerLink'
import { type ChatLink, SocketClient } from '@/client/transport/SocketClient'
import type { FetchToken } from '@/client/transport/TokenCache'
import { createTransport } from '@/client/transport/Transport'
import type { SessionTokenData } from '@/contracts/auth'
import { chatCommands } from '@/contracts/chat'
import { AppError } from '@/contracts/errors'
import { pageContracts } from '@/contracts/events'
import { waitFor } from '../../../support/waitFor'
import { settled, TestClock } from '../support/TestClock'
import { testRuntime } from '../support/testRuntime'

interface Handshake {
  token: unknown
  answer: 'let in' | AppError
}

/** A real socket server that lets in whom the test lets in, and keeps every handshake. */
const startServer = async (options: Partial<ServerOptions> = {}, port = 0) => {
  const http = createServer()
  const io = new Server(http, { serveClient: false, ...options })
  const handshakes: Handshake[] = []
  const door: { refuse: AppError | undefined } = { refuse: undefined }
  io.of('/chat').use((socket, next) => {
    const { refuse } = door
    handshakes.push({ token: socket.handshake.auth.token, answer: refuse ?? 'let in' })
    next(refuse && Object.assign(new Error(refuse.message), { data: refuse.toWire('correlation') }))
  })
  io.of('/notifications')
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve))
  const { port: actual } = http.address() as AddressInfo // a TCP server's address is always this
  const stop = () => io.close()
  onTestFinished(() => stop())
  return { http, io, door, handshakes, port: actual, url: `http://127.0.0.1:${actual}`, stop }
}

/** Tokens count up: every handshake needs its own. */
const countTokens = (url: () => string) => {
  let count = 0
  const fetchToken: FetchToken = async (): Promise<SessionTokenData> => {
    count += 1
    return { token: `token ${count}`, expiresAt: '2026-01-01T00:00:00.000Z', url: url() }
  }
  return fetchToken
}

const openClient = (fetchToken: FetchToken, attemptMs = 20_000, clock: Clock = systemClock) => {
  const runtime = testRuntime({ clock, random: () => 0.05 }) // short waits
  const client = new SocketClient(runtime, {
    fetchToken,
    createManager: (url, options) => createManager(url, { ...options, timeout: attemptMs }),
  })
  const link = client.open('/chat', pageContracts['/chat'].events)
  link.start()
  onTestFinished(() => client.stop())
  return { client, link, wake: runtime.wake, runtime }
}

const untilConnected = (link: ChatLink) => waitFor(() => link.connected)

test('it connects over WebSocket with the token it fetched, once', async () => {
  const server = await startServer()
  const { link } = openClient(countTokens(() => server.url))

  await untilConnected(link)

  expect(server.handshakes).toEqual([{ token: 'token 1', answer: 'let in' }])
  expect(link).toMatchObject({ transport: 'websocket', reconnects: 0, failures: 0, downSince: undefined })
  expect(link.connectMs).toBeGreaterThanOrEqual(0)
})

test('a server that is gone and comes back is found again, with a fresh token', async () => {
  const server = await startServer()
  const { link } = openClient(countTokens(() => server.url))
  await untilConnected(link)
  await server.stop()
  await waitFor(() => link.failures > 1)
  expect(link.downSince).toBeDefined()

  const back = await startServer({}, server.port)
  await untilConnected(link)

  expect(back.handshakes).toHaveLength(1)
  expect(back.handshakes[0]?.token).not.toBe('token 1')
  expect(link.reconnects).toBe(1)
})

test('a refusal by the namespace is retried with a fresh token each time', async () => {
  const server = await startServer()
  server.door.refuse = new AppError('UNAVAILABLE')
  const { link } = openClient(countTokens(() => server.url))
  await waitFor(() => server.handshakes.length >= 3)
  expect(link.problem).toMatchObject({ code: 'UNAVAILABLE' })

  server.door.refuse = undefined
  await untilConnected(link)

  const tokens = server.handshakes.map(({ token }) => token)
  expect(new Set(tokens).size).toBe(tokens.length)
  expect(link.problem).toBeUndefined()
})

test('a server that is full is left alone until it has room', async () => {
  const server = await startServer()
  server.door.refuse = new AppError('OVERLOADED', { retryAfterMs: 7_000 })
  const waits: number[] = []
  const hastyClock: Clock = {
    ...systemClock,
    after: (ms, run) => {
      waits.push(ms)
      return systemClock.after(ms === 7_000 ? 0 : ms, run)
    },
  }
  const { link } = openClient(
    countTokens(() => server.url),
    20_000,
    hastyClock,
  )
  await waitFor(() => server.handshakes.length >= 2)
  expect(waits).toContain(7_000)

  server.door.refuse = undefined
  await untilConnected(link)
})

test('a disconnect by the server is answered by a new handshake', async () => {
  const server = await startServer()
  const { link } = openClient(countTokens(() => server.url))
  await untilConnected(link)

  server.io.of('/chat').disconnectSockets()
  await waitFor(() => server.handshakes.length === 2 && link.connected)

  expect(server.handshakes.map(({ token }) => token)).toEqual(['token 1', 'token 2'])
})

test.each([
  ['the session is over', new AppError('SESSION_EXPIRED')],
  ['another account is signed in', new AccountChanged()],
])('when %s it stops and says so', async (_what, error) => {
  const { client, link } = openClient(() => Promise.reject(error))
  let said = 0
  client.signedOut.on(() => {
    said += 1
  })

  await waitFor(() => said === 1)

  expect(link).toMatchObject({ connected: false, problem: error, downSince: undefined })
})

test('a handshake refused as unauthenticated while the session lives is tried again with a fresh token', async () => {
  const server = await startServer()
  server.door.refuse = new AppError('UNAUTHENTICATED')
  const { client, link } = openClient(countTokens(() => server.url))
  let said = 0
  client.signedOut.on(() => {
    said += 1
  })
  await waitFor(() => server.handshakes.length >= 2)

  server.door.refuse = undefined
  await untilConnected(link)

  expect(said).toBe(0)
})

test('a token that cannot be fetched is asked for again', async () => {
  const server = await startServer()
  const counting = countTokens(() => server.url)
  let failing = true
  const { link } = openClient((namespace) => (failing ? Promise.reject(new Error('no network')) : counting(namespace)))
  await waitFor(() => link.failures >= 2)

  failing = false
  await untilConnected(link)

  expect(server.handshakes).toHaveLength(1)
})

test('where WebSocket is refused it falls back to long polling by itself', async () => {
  const server = await startServer({ transports: ['polling'] })
  const { link } = openClient(countTokens(() => server.url))

  await untilConnected(link)

  expect(link.transport).toBe('polling')
})

test('where WebSocket connections are swallowed the next attempt begins with long polling', async () => {
  const server = await startServer()
  server.http.removeAllListeners('upgrade').on('upgrade', (_request, socket) => {
    onTestFinished(() => void socket.destroy())
  })
  const { link } = openClient(
    countTokens(() => server.url),
    300,
  )

  await untilConnected(link)

  expect(link).toMatchObject({ transport: 'polling', failures: 0 })
})

test('a socket server that moved is followed', async () => {
  const old = await startServer()
  const next = await startServer()
  let url = old.url
  const { link } = openClient(countTokens(() => url))
  await untilConnected(link)

  url = next.url
  old.io.of('/chat').disconnectSockets()
  await waitFor(() => next.handshakes.length > 0 && link.connected)

  expect(next.handshakes).toHaveLength(1)
  expect(old.io.of('/chat').sockets.size).toBe(0)
})

test('two namespaces of one server share a connection, and a refusal of one leaves the other alone', async () => {
  const server = await startServer()
  server.door.refuse = new AppError('FORBIDDEN')
  const { client, link } = openClient(countTokens(() => server.url))
  const notifications = client.open('/notifications', pageContracts['/notifications'].events)
  notifications.start()
  await waitFor(() => notifications.connected && server.handshakes.length >= 2)
  expect(link.connected).toBe(false)
  expect(server.io.engine.clientsCount).toBe(1)

  server.door.refuse = undefined
  await untilConnected(link)

  expect(notifications).toMatchObject({ connected: true, reconnects: 0 })
  expect(server.io.engine.clientsCount).toBe(1)
})

test('a connection that does not answer is given up and opened anew', async () => {
  const server = await startServer()
  const { link } = openClient(countTokens(() => server.url))
  await untilConnected(link)

  link.abandon()
  await waitFor(() => link.reconnects === 1 && link.connected)

  expect(server.handshakes).toHaveLength(2)
})

test('a command resolves to its data, rejects with what the server said, or with having no answer in time', async () => {
  const server = await startServer()
  const lastRead = { roomId: 'r1', userId: 'me', count: 1, lastReadSeq: 1 }
  server.io.of('/chat').on('connection', (socket) => {
    socket.on('markMessagesRead', (_input, acknowledge) => acknowledge({ ok: true, data: lastRead }))
    socket.on('joinRoom', (_input, acknowledge) =>
      acknowledge({ ok: false, error: new AppError('NOT_FOUND').toWire('correlation') }),
    )
    socket.on('syncRooms', (_input, acknowledge) => acknowledge({ ok: true, data: 'nonsense' }))
  })
  const { link } = openClient(countTokens(() => server.url))
  await untilConnected(link)

  expect(await link.call(chatCommands.markMessagesRead, { roomId: 'r1' }, 1_000)).toEqual(lastRead)
  await expect(link.call(chatCommands.joinRoom, { roomId: 'r1' }, 1_000)).rejects.toMatchObject({
    code: 'NOT_FOUND',
    cause: { correlationId: 'correlation' },
  })
  await expect(link.call(chatCommands.syncRooms, { rooms: {} }, 1_000)).rejects.toMatchObject({ code: 'INTERNAL' })
  await expect(link.call(chatCommands.ping, {}, 20)).rejects.toMatchObject({ name: 'NoAnswer', reason: 'timeout' })
  const interrupted = link.call(chatCommands.ping, {}, 10_000)
  server.io.of('/chat').disconnectSockets()
  await expect(interrupted).rejects.toMatchObject({ name: 'NoAnswer', reason: 'disconnected' })
})

test('events reach listeners in the contract’s form only', async () => {
  const server = await startServer()
  const { link } = openClient(countTokens(() => server.url))
  await untilConnected(link)
  const heard: unknown[] = []
  const off = link.on('messagesRead', (read) => heard.push(read))
  const read = { roomId: 'r1', userId: 'ada', count: 2, lastReadSeq: 7 }

  server.io.of('/chat').emit('messagesRead', { roomId: 'r1' })
  server.io.of('/chat').emit('messagesRead', read)
  await waitFor(() => heard.length > 0)
  off()

  expect(heard).toEqual([read])
})

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

test('a page that is left stops trying', async () => {
  const server = await startServer()
  const { client, link } = openClient(countTokens(() => server.url))
  await untilConnected(link)

  client.stop()
  await waitFor(() => server.io.engine.clientsCount === 0)

  expect(link).toMatchObject({ connected: false, downSince: undefined })
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
