import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { io as connectTo, Manager, Socket } from 'socket.io-client'
import { afterEach, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { command, commandTable } from '@/contracts/command'
import { AppError } from '@/contracts/errors'
import { onlyKey } from '@/lib/auth/keyRing'
import { createSessionTokens } from '@/lib/auth/sessionToken'
import { InFlight } from '@/lib/pipeline/InFlight'
import { Timeout } from '@/lib/pipeline/timeout'
import { Admission } from '@/lib/sockets/core/Admission'
import { Backpressure } from '@/lib/sockets/core/Backpressure'
import { BaseNamespace, type NamespaceDeps } from '@/lib/sockets/core/BaseNamespace'
import { ConnectionManager } from '@/lib/sockets/core/ConnectionManager'
import type { MetricsCollector } from '@/lib/sockets/core/MetricsCollector'
import { socketRooms } from '@/lib/sockets/core/socketRooms'
import type { ChatSocket, SocketServer } from '@/lib/sockets/core/sockets'
import type { EngineConnection } from '@/lib/sockets/frontDoor/engine'
import { FrontDoor } from '@/lib/sockets/frontDoor/FrontDoor'
import { InMemoryActiveUsersStore } from '@/lib/sockets/presence/InMemoryActiveUsersStore'
import type { PresenceTracker } from '@/services/presence/PresenceTracker'
import type { SessionUser } from '@/services/shared/SessionUser'
import { recordingLogger } from '../../../../support/recordingLogger'
import { waitFor } from '../../../../support/waitFor'
import { partOf } from '../../../support/partOf'
import { ada, grace } from '../../../support/sessionUsers'

const commands = commandTable('/chat', {
  whoAmI: command({
    input: z.void(),
    data: z.string(),
    http: { socketOnly: 'It is about this connection.' },
    permission: 'session',
    limit: null,
  }),
})

/** A namespace with one command, which tells everybody of each who is let in. */
class TestNamespace extends BaseNamespace<typeof commands, ChatSocket> {
  constructor(
    deps: NamespaceDeps,
    private readonly before: (socket: ChatSocket) => Promise<void>,
  ) {
    super('/chat', commands, deps, 'Test')
  }

  protected handlers() {
    return { whoAmI: async ({ user }: { user: SessionUser }) => user.name }
  }

  protected prepare(socket: ChatSocket): Promise<void> {
    return this.before(socket)
  }
}

const tokens = createSessionTokens(onlyKey('a secret of at least thirty-two characters'))
const undo: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

/** The namespace on a real Socket.IO server; `prepare` is what it does last before it lets somebody in. */
async function start({
  prepare = async () => {},
  live = [ada, grace],
  joined = async () => {},
  admission = new Admission({ concurrency: 2, maxWaitMs: 1_000 }),
  backpressure,
}: {
  prepare?: (socket: ChatSocket) => Promise<void>
  live?: SessionUser[]
  joined?: () => Promise<void>
  admission?: Admission
  backpressure?: Backpressure
} = {}) {
  const http = createServer()
  const server: SocketServer = new Server(http)
  const { logger, entries } = recordingLogger()
  const connections = new ConnectionManager(new InMemoryActiveUsersStore())
  const presence = { joined: vi.fn(joined), left: vi.fn(async () => {}) }
  const metrics = {
    incrementConnections: vi.fn(),
    decrementConnections: vi.fn(),
    refuseConnection: vi.fn(),
    incrementMessages: vi.fn(),
  }
  const countHandshake = vi.fn(async () => undefined)
  const frontDoor = new FrontDoor({
    tokens,
    connectionLimits: { process: null, perUser: null, perAddress: null },
    refusals: null,
    countHandshake,
    trustedProxyHops: 0,
    warnOfProxies: () => {},
    logger,
  })
  frontDoor.attach(server)
  const namespace = new TestNamespace(
    {
      pipeline: { logger, rateLimit: async () => undefined, timeout: new Timeout(1_000) },
      inFlight: new InFlight(),
      admission,
      backpressure,
      trustedProxyHops: 0,
      connections,
      presence: partOf<PresenceTracker>(presence),
      frontDoor,
      tickets: {
        async redeem(ticket) {
          const session = live.find(({ sessionId }) => sessionId === ticket.sessionId)
          return session && { session, isFirstUse: true }
        },
      },
      metrics: partOf<MetricsCollector>(metrics),
      logger,
    },
    prepare,
  )
  namespace.attach(server)
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  undo.push(() => server.close())
  const { port } = http.address() as AddressInfo // a TCP server's address is always this
  const url = `http://127.0.0.1:${port}`
  const tokenOf = ({ id, sessionId }: SessionUser) => tokens.issue({ userId: id, sessionId }, '/chat').token
  const connect = async (user: SessionUser, auth: Record<string, unknown> = {}): Promise<Socket> => {
    const client = connectTo(`${url}/chat`, {
      auth: { token: tokenOf(user), ...auth },
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
    })
    undo.push(() => client.disconnect())
    await new Promise<void>((resolve, reject) => {
      client.once('connect', resolve)
      client.once('connect_error', reject)
    })
    return client
  }
  return { url, server, connect, tokenOf, connections, presence, metrics, countHandshake, entries }
}

test('who is let in is known, counted, present, logged and in the rooms of their person and session', async () => {
  const { connect, connections, presence, metrics, entries, server } = await start()
  const client = await connect(ada, { client: { connectMs: 5, reconnects: 0 } })
  await waitFor(() => presence.joined.mock.calls.length > 0)
  const socketId = client.id ?? ''
  expect(connections.getConnection(socketId)).toMatchObject({ userId: 'ada', namespace: '/chat' })
  expect(presence.joined).toHaveBeenCalledExactlyOnceWith('ada', socketId)
  expect(metrics.incrementConnections).toHaveBeenCalledExactlyOnceWith('/chat', { connectMs: 5, reconnects: 0 })
  expect(entries).toContainEqual(expect.objectContaining({ level: 'debug', scope: 'Test', message: 'joined' }))
  const { rooms } = server.of('/chat').adapter
  for (const room of [socketRooms.user('ada'), socketRooms.session('session-of-ada')]) {
    expect([...(rooms.get(room) ?? [])]).toEqual([socketId])
  }
})

test('its commands are answered, also those that came before it had noted who is here', async () => {
  const { connect } = await start({ joined: () => new Promise(() => {}) })
  const client = await connect(ada)
  expect(await client.timeout(5_000).emitWithAck('whoAmI')).toEqual({ ok: true, data: 'Ada' })
})

test('its commands wait while as many as may be are under way', async () => {
  const backpressure = new Backpressure({ mostUnderWay: 1, maxWaitMs: 5_000 })
  const entered = vi.spyOn(backpressure, 'enter')
  const { connect } = await start({ backpressure })
  const client = await connect(ada)
  void backpressure.enter(partOf<EngineConnection>({}))
  const answer = client.timeout(5_000).emitWithAck('whoAmI')
  await waitFor(() => entered.mock.results.at(-1)?.value instanceof Promise)
  backpressure.leave()
  expect(await answer).toEqual({ ok: true, data: 'Ada' })
  expect(await client.timeout(5_000).emitWithAck('whoAmI')).toEqual({ ok: true, data: 'Ada' })
})

test('a client is told that it is connected only after everything is prepared', async () => {
  const order: string[] = []
  const { connect } = await start({
    async prepare() {
      await new Promise(setImmediate)
      order.push('prepared')
    },
  })
  await connect(ada)
  order.push('connected')
  expect(order).toEqual(['prepared', 'connected'])
})

test.each<[what: string, auth: Record<string, unknown>, live: SessionUser[], code: string]>([
  ['no token', { token: undefined }, [ada], 'UNAUTHENTICATED'],
  ['a session that ended', {}, [], 'SESSION_EXPIRED'],
])('%s is refused with its code, counted and logged, and leaves no trace', async (_, auth, live, code) => {
  const { connect, connections, presence, metrics, entries } = await start({ live })
  await expect(connect(ada, auth)).rejects.toMatchObject({
    data: { code, message: expect.any(String), correlationId: expect.any(String) },
  })
  expect(metrics.refuseConnection).toHaveBeenCalledExactlyOnceWith('/chat', code)
  expect(entries).toContainEqual(expect.objectContaining({ scope: 'Test', message: 'handshake was refused' }))
  expect(connections.size).toBe(0)
  expect(presence.joined).not.toHaveBeenCalled()
})

test('who is sent away because many are connecting has used up no handshake', async () => {
  const full = partOf<Admission>({ run: () => Promise.reject(new AppError('OVERLOADED')) })
  const { connect, countHandshake } = await start({ admission: full })
  await expect(connect(ada)).rejects.toMatchObject({ data: { code: 'OVERLOADED' } })
  expect(countHandshake).not.toHaveBeenCalled()
})

test('a preparation that fails refuses the handshake without saying why', async () => {
  const { connect, connections } = await start({
    prepare: async () => {
      throw new Error('password=secret')
    },
  })
  const refused = await connect(ada).catch((error: unknown) => error)
  expect(refused).toMatchObject({ data: { code: 'INTERNAL' } })
  expect(JSON.stringify(refused)).not.toContain('secret')
  expect(connections.size).toBe(0)
})

test('a connection is one socket in a namespace: a second one that comes at the same time is refused', async () => {
  const { url, tokenOf, metrics } = await start()
  const manager = new Manager(url, { transports: ['websocket'], reconnection: false, autoConnect: false })
  const auth = { token: tokenOf(ada) }
  for (const socket of [new Socket(manager, '/chat', { auth }), new Socket(manager, '/chat', { auth })]) {
    undo.push(() => socket.disconnect())
    socket.connect()
  }
  await waitFor(() => metrics.refuseConnection.mock.calls.length > 0)
  expect(metrics.refuseConnection.mock.calls[0]).toEqual(['/chat', 'BAD_REQUEST'])
})

test('a connection that was refused may try again', async () => {
  let isOpen = false
  const { url, tokenOf, server } = await start({
    prepare: async () => {
      if (!isOpen) throw new AppError('UNAVAILABLE')
    },
  })
  const manager = new Manager(url, { transports: ['websocket'], reconnection: false })
  server.of('/other')
  const other = manager.socket('/other') // without it the client would close the connection at the refusal
  undo.push(() => other.disconnect())
  await waitFor(() => other.connected)
  const socket = manager.socket('/chat', { auth: { token: tokenOf(ada) } })
  undo.push(() => socket.disconnect())
  await new Promise((resolve) => socket.once('connect_error', resolve))
  isOpen = true
  socket.connect()
  await waitFor(() => socket.connected)
  expect(other.connected).toBe(true)
})

test('who leaves is forgotten, counted with the reason, logged and no longer present', async () => {
  const { connect, connections, presence, metrics, entries } = await start()
  const client = await connect(ada)
  const socketId = client.id
  client.disconnect()
  await waitFor(() => presence.left.mock.calls.length > 0)
  expect(presence.left).toHaveBeenCalledExactlyOnceWith('ada', socketId, true)
  expect(metrics.decrementConnections).toHaveBeenCalledExactlyOnceWith('/chat', 'client namespace disconnect')
  expect(connections.size).toBe(0)
  expect(entries).toContainEqual(
    expect.objectContaining({
      message: 'left',
      fields: { userId: 'ada', socketId, reason: 'client namespace disconnect' },
    }),
  )
})

test('that somebody’s last connection ended is logged, not the ones before', async () => {
  const { connect, connections, entries } = await start()
  const [one, other] = [await connect(ada), await connect(ada)]
  const ended = () => entries.filter(({ message }) => message === 'the last connection of a person here ended')
  one.disconnect()
  await waitFor(() => connections.size === 1)
  other.disconnect()
  await waitFor(() => ended().length > 0)
  expect(ended()).toEqual([expect.objectContaining({ fields: { userId: 'ada', isStillOnline: false } })])
})

test('for debugging the log has one line when a connection came in and one when it ended, however often it joins', async () => {
  const { url, tokenOf, server, connections, entries } = await start()
  const manager = new Manager(url, { transports: ['websocket'], reconnection: false })
  undo.push(() => manager._close())
  server.of('/other')
  const other = manager.socket('/other') // without it the client would close the connection with its last namespace
  await waitFor(() => other.connected)
  const socket = manager.socket('/chat', { auth: { token: tokenOf(ada) } })
  await waitFor(() => socket.connected)
  socket.disconnect()
  // Socket.IO closes a connection that says both at one moment.
  await waitFor(() => connections.size === 0)
  socket.auth = { token: tokenOf(ada) }
  socket.connect()
  await waitFor(() => socket.connected)
  const connectionId = manager.engine.id
  manager._close()
  const ofConnection = () => entries.filter(({ fields }) => fields?.connectionId)
  await waitFor(() => ofConnection().length > 1)
  expect(ofConnection()).toEqual([
    expect.objectContaining({ message: 'connected', fields: { userId: 'ada', connectionId, transport: 'websocket' } }),
    expect.objectContaining({
      message: 'disconnected',
      fields: { userId: 'ada', connectionId, reason: 'transport close' },
    }),
  ])
})

test('an operator’s disconnect closes that connection and no other', async () => {
  const { connect, connections } = await start()
  const [one, other] = [await connect(ada), await connect(grace)]
  for (const connection of connections.getUserConnections('ada')) connection.disconnect()
  await waitFor(() => !one.connected)
  expect(other.connected).toBe(true)
})

test('a presence that cannot be noted is logged, and the connection stays', async () => {
  const { connect, entries } = await start({ joined: async () => Promise.reject(new Error('no answer')) })
  const client = await connect(ada)
  await waitFor(() => entries.some(({ level, message }) => level === 'warn' && /presence/.test(message)))
  expect(client.connected).toBe(true)
})

test('an event that is in no contract is counted and has no other effect', async () => {
  const { connect, metrics } = await start()
  const client = await connect(ada)
  client.emit('makeMeAdmin', true)
  await waitFor(() => metrics.incrementMessages.mock.calls.length > 0)
  expect(metrics.incrementMessages.mock.calls).toEqual([['/chat', 'makeMeAdmin', 'inbound', 0]])
  expect(await client.timeout(5_000).emitWithAck('whoAmI')).toEqual({ ok: true, data: 'Ada' })
  expect(metrics.incrementMessages).toHaveBeenCalledOnce()
})

test('a person who may do something else from now on is told and stays; who may not be here any more is told and taken out', async () => {
  const { connect, connections } = await start()
  const client = await connect(ada)
  const told: unknown[] = []
  client.on('permissionsUpdated', ({ permissions }) => told.push(permissions))
  const connection = connections.getConnection(client.id ?? '')

  connection?.update({ ...ada, name: 'Ada L.', permissions: ['chat:read'] })
  await waitFor(() => told.some((list) => JSON.stringify(list) === '["chat:read"]'))
  expect(await client.timeout(5_000).emitWithAck('whoAmI')).toEqual({ ok: true, data: 'Ada L.' })

  connection?.update({ ...ada, permissions: ['chat:write'] })
  await waitFor(() => !client.connected)
  expect(told.at(-1)).toEqual(['chat:write'])
})
