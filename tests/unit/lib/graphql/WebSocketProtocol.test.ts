import { EventEmitter } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { beforeEach, expect, it } from 'vitest'
import type { WebSocket } from 'ws'
import { AppError } from '@/contracts/errors'
import { onlyKey } from '@/lib/auth/keyRing'
import { createSessionTokens } from '@/lib/auth/sessionToken'
import { Connections } from '@/lib/graphql/Connections'
import { GraphqlServer } from '@/lib/graphql/GraphqlServer'
import { WebSocketProtocol } from '@/lib/graphql/WebSocketProtocol'
import { InFlight } from '@/lib/pipeline/InFlight'
import { Timeout } from '@/lib/pipeline/timeout'
import { silentLogger } from '@/services/shared/Logger'
import type { SessionUser } from '@/services/shared/SessionUser'
import { waitFor } from '../../../support/waitFor'

const user = { id: 'ada', name: 'Ada', sessionId: 's', permissions: ['chat:read'] } as unknown as SessionUser // the rest is asked by nobody
const tokens = createSessionTokens(onlyKey('x'.repeat(32)))

/** A WebSocket whose other end does what a test says. */
class FakeSocket extends EventEmitter {
  readonly protocol = 'graphql-transport-ws'
  readonly OPEN = 1
  readyState = 1
  bufferedAmount = 0
  isPaused = false
  readonly said: { type: string; payload?: unknown }[] = []
  readonly pongs: string[] = []
  /** Calls back for each pong when it is with the system. */
  readonly written: (() => void)[] = []
  closedWith: string | undefined
  isTerminated = false

  send(data: string, done: () => void): void {
    this.said.push(JSON.parse(data))
    if (!this.isPaused) done()
  }
  pong(data: Buffer, _mask: boolean, done: () => void): void {
    this.pongs.push(String(data))
    this.written.push(done)
  }
  ping(): void {}
  pause(): void {
    this.isPaused = true
  }
  resume(): void {
    this.isPaused = false
  }
  /** The other end does not answer it. */
  close(code: number, reason: string): void {
    this.readyState = 2
    this.closedWith ??= `${code} ${reason}`
  }
  terminate(): void {
    if (this.isTerminated) return
    this.isTerminated = true
    this.readyState = 3
    this.emit('close', 1006, '')
  }
  hear(message: object): void {
    this.emit('message', Buffer.from(JSON.stringify(message)))
  }
}

let socket: FakeSocket
let wire: EventEmitter
let connections: Connections
let asked: string[]
let signIn: () => Promise<void>
let slowReaders: number

beforeEach(() => {
  socket = new FakeSocket()
  wire = new EventEmitter()
  connections = new Connections()
  asked = []
  signIn = async () => {}
  slowReaders = 0
  const server = new GraphqlServer({
    ...{ connections, inFlight: new InFlight(), logger: silentLogger, isStrict: false },
    pipeline: { logger: silentLogger, rateLimit: () => undefined, timeout: new Timeout(5_000) },
    handlers: {
      listRooms: async () => {
        asked.push('listRooms')
        return { rooms: [], nextCursor: null }
      },
    },
    taps: {} as never, // nobody subscribes
    frontDoor: {} as never, // nor comes by HTTP
    lookAgainMs: () => 1_000_000,
  })
  const protocol = new WebSocketProtocol(server, {
    ...{ tokens, sessions: { live: async () => [user] } as never }, // all that is asked of it
    trustedProxyHops: 0,
    onSlowReader: () => {
      slowReaders += 1
    },
  })
  const visit = { signIn: () => signIn(), refused: () => {}, leave: () => {} }
  protocol.serve(socket as unknown as WebSocket, { socket: wire, headers: {} } as unknown as IncomingMessage, visit) // as much as is asked of them
})

const init = () => {
  const { token } = tokens.issue({ userId: 'ada', sessionId: 's' }, '/graphql')
  socket.hear({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } })
}
const signedIn = async () => {
  init()
  await waitFor(() => socket.said[0]?.type === 'connection_ack')
}
const ask = (id: string) => socket.hear({ type: 'subscribe', id, payload: { query: '{ listRooms { nextCursor } }' } })

it('one pong is under way at a time, and the last ping is answered', () => {
  for (let n = 0; n < 100; n++) socket.emit('ping', Buffer.from(`${n}`))
  expect(socket.pongs).toEqual(['0'])
  socket.written.pop()?.()
  expect(socket.pongs).toEqual(['0', '99'])
  socket.written.pop()?.()
  socket.emit('ping', Buffer.from('again'))
  expect(socket.pongs).toEqual(['0', '99', 'again'])
})

it('whatever comes before anybody has signed in counts, and ends it', () => {
  for (let n = 0; n < 17; n++) wire.emit('data', Buffer.alloc(1_000))
  expect([socket.closedWith, socket.isTerminated]).toEqual(['1009 PAYLOAD_TOO_LARGE', false])
  for (let n = 0; n < 17; n++) wire.emit('data', Buffer.alloc(1_000))
  expect(socket.isTerminated).toBe(true)
})

it('whatever comes afterwards counts too: who sends too much is read more slowly', async () => {
  await signedIn()
  wire.emit('data', Buffer.alloc(1_000_000))
  expect([socket.isPaused, socket.closedWith]).toEqual([false, undefined])
  wire.emit('data', Buffer.alloc(100_000))
  expect(socket.isPaused).toBe(true)
})

it('who reads none of what is answered at once is cut off', async () => {
  await signedIn()
  socket.pause()
  for (let n = 0; n < 1_100; n++) socket.hear({ type: 'ping' })
  await waitFor(() => socket.isTerminated)
  expect(slowReaders).toBe(1)
})

it('nothing is done any more on a connection that was ended, and it does not stay', async () => {
  await signedIn()
  ask('1')
  await waitFor(() => asked.length === 1)
  // One is on its way when the session ends, another comes afterwards.
  ask('2')
  const [connection] = connections.getAllConnections()
  connection?.disconnect()
  ask('3')
  expect(socket.closedWith).toBe('4401 SESSION_EXPIRED')
  expect(() => connection?.add({ name: 'x', permission: 'chat:read', end: () => {} })).toThrow(
    new AppError('SESSION_EXPIRED').message,
  )
  await waitFor(() => socket.isTerminated)
  expect(asked).toHaveLength(1)
  expect(connections.getAllConnections()).toEqual([])
})

it('who leaves while they sign in leaves nothing behind', async () => {
  let go = () => {}
  let isAsked = false
  signIn = () => {
    isAsked = true
    return new Promise((resolve) => {
      go = resolve
    })
  }
  init()
  await waitFor(() => isAsked)
  socket.terminate()
  go()
  await new Promise(setImmediate)
  expect(connections.getAllConnections()).toEqual([])
})
