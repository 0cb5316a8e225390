import * as msgpack from 'socket.io-msgpack-parser'
import { expect, onTestFinished, test } from 'vitest'
import { type Clock, systemClock } from '@/client/runtime/clock'
import { AccountChanged, NetworkError } from '@/client/runtime/errors'
import { chatCommands } from '@/contracts/chat'
import { AppError } from '@/contracts/errors'
import { pageContracts } from '@/contracts/events'
import { waitFor } from '../../../support/waitFor'
import { countTokens, openClient, startServer, untilConnected } from './support/socketServer'

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

test('a namespace that refuses the person is said, and tried again with a fresh token', async () => {
  const server = await startServer()
  server.door.refuse = new AppError('FORBIDDEN')
  const { client, link } = openClient(countTokens(() => server.url))
  let refused = 0
  client.refused.on(() => {
    refused += 1
  })
  await waitFor(() => refused > 0)
  server.door.refuse = undefined
  await untilConnected(link)
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
  await expect(link.call(chatCommands.syncRooms, { rooms: {} }, 1_000)).rejects.toThrow(NetworkError)
  await expect(link.call(chatCommands.ping, {}, 20)).rejects.toMatchObject({ name: 'NoAnswer', reason: 'timeout' })
  const late = expect(link.call(chatCommands.ping, {}, 200)).rejects.toMatchObject({ reason: 'late' })
  server.io.of('/chat').emit('messagesRead', lastRead)
  await late
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

test('a page that is left stops trying', async () => {
  const server = await startServer()
  const { client, link } = openClient(countTokens(() => server.url))
  await untilConnected(link)

  client.stop()
  await waitFor(() => server.io.engine.clientsCount === 0)

  expect(link).toMatchObject({ connected: false, downSince: undefined })
})

test('a server that speaks another way after a restart is found again: the next token says how', async () => {
  const server = await startServer()
  let parser: object | undefined
  const tokens = countTokens(() => server.url)
  const { link } = openClient(async (namespace) => ({ ...(await tokens(namespace)), ...(parser && { parser }) }))
  await untilConnected(link)
  await server.stop()

  parser = msgpack
  const back = await startServer({ parser: msgpack }, server.port)
  await waitFor(() => link.connected && back.handshakes.length > 0)
  expect(link).toMatchObject({ transport: 'websocket', problem: undefined })
})
