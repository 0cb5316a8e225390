import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket as TcpSocket } from 'node:net'
import { limits } from '@/contracts/limits'
import type { SocketServer } from '../core/sockets'

/**
 * Everything that we use of Engine.IO beneath Socket.IO, and that its documentation does not promise. A test fails when an
 * update changes it.
 */
export interface EngineConnection {
  readonly id: string
  readonly request: IncomingMessage
  readonly transport: EngineTransport
  readonly readyState: 'opening' | 'open' | 'closing' | 'closed'
  /** `discard`: without sending what waits. */
  close(discard?: boolean): void
  /** `packet`: what came from the other end, inflated where it came compressed. */
  on(event: 'packetCreate' | 'packet', listener: (packet: { data?: unknown }) => void): unknown
  on(event: 'flush' | 'close', listener: () => void): unknown
  once(event: 'close', listener: (reason: string) => void): unknown
  /** `packet`: anything came from the other end. */
  once(event: 'close' | 'packet', listener: () => void): unknown
  off(event: 'close' | 'packet', listener: (packet: { data?: unknown }) => void): unknown
  /** Heartbeats beside the engine's own; clients answer each. */
  sendPacket(type: 'ping'): void
}

interface EngineTransport {
  readonly name: string
  /** Of long polling: what one POST may hold, in bytes. */
  maxHttpBufferSize?: number
  /** Of long polling: the answer that is waited for. */
  res?: ServerResponse | null
  /** Of WebSocket. */
  socket?: { terminate(): void; pause(): void; resume(): void }
  once(event: 'drain', listener: () => void): unknown
}

/** A request that asks for an upgrade, or polls, as Engine.IO reads it. */
type EngineRequest = IncomingMessage & { _query?: { sid?: string } }

/** Hears of each new connection, before any namespace does. */
export function onConnection(io: SocketServer, listener: (connection: EngineConnection) => void): void {
  io.engine.on('connection', listener)
}

/** Hears of each request that belongs to a connection, upgrades included; it goes on with `proceed`. */
export function onRequest(
  io: SocketServer,
  listener: (request: IncomingMessage, connectionId: string, proceed: () => void) => unknown,
): void {
  io.engine.use((request: EngineRequest, _response: unknown, next: () => void) => {
    listener(request, request._query?.sid ?? '', next)
  })
}

/** Bytes that frames add to what may be sent before anybody has signed in. */
const FRAMING_BYTES = 512

/**
 * Holds what comes on connections nobody has signed in on to `limits.unsignedTransportBytes`: a POST of long polling, and
 * over WebSocket everything until then, counted as it arrives, so that nothing larger is ever held, and once more as it is
 * when it is inflated. Beyond it the connection is closed.
 */
export class UnsignedLimit {
  private readonly unsigned = new Map<string, Unsigned>()

  constructor(
    io: SocketServer,
    private readonly onCut: (connection: EngineConnection) => void,
  ) {
    onConnection(io, (connection) => {
      const { transport, id } = connection
      const unsigned: Unsigned = { connection, webSocket: undefined, undo: new Set() }
      this.unsigned.set(id, unsigned)
      if (transport.name === 'websocket') this.count(unsigned, connection.request.socket)
      else {
        transport.maxHttpBufferSize = limits.unsignedTransportBytes
        unsigned.undo.add(() => {
          transport.maxHttpBufferSize = limits.transportBytes
        })
      }
      const onClose = () => this.signedIn(connection)
      connection.once('close', onClose)
      // Nothing of this is kept for as long as the connection stays.
      unsigned.undo.add(() => connection.off('close', onClose))
    })
    onRequest(io, (request, id, proceed) => {
      const unsigned = request.headers.upgrade ? this.unsigned.get(id) : undefined
      // Nobody needs a second one; each would take memory for as long as the connection lives.
      if (unsigned?.webSocket) return request.socket.destroy()
      if (unsigned) this.count(unsigned, request.socket)
      return proceed()
    })
  }

  /** From now on the connection has the limits of everybody. */
  signedIn({ id }: Pick<EngineConnection, 'id'>): void {
    const undo = this.unsigned.get(id)?.undo ?? []
    this.unsigned.delete(id)
    for (const step of undo) step()
  }

  private count(unsigned: Unsigned, socket: TcpSocket): void {
    const { connection, undo } = unsigned
    let [bytes, inflatedBytes] = [0, 0]
    const cutBeyond = (sum: number) => {
      if (sum <= limits.unsignedTransportBytes + FRAMING_BYTES || connection.readyState === 'closed') return
      // Closed first: what the chunk holds is then read by nobody.
      connection.close(true)
      socket.destroy()
      this.onCut(connection)
    }
    const onData = (chunk: Buffer) => {
      bytes += chunk.length
      cutBeyond(bytes)
    }
    const onPacket = ({ data }: { data?: unknown }) => {
      inflatedBytes += bytesOf(data)
      cutBeyond(inflatedBytes)
    }
    const onClose = () => {
      undo.delete(stop)
      unsigned.webSocket = undefined
    }
    const stop = () => {
      socket.off('data', onData).off('close', onClose)
      connection.off('packet', onPacket)
    }
    socket.prependListener('data', onData).once('close', onClose)
    connection.on('packet', onPacket)
    undo.add(stop)
    unsigned.webSocket = socket
  }
}

/** Of a packet's data; a packet may have none. */
export const bytesOf = (data: unknown): number =>
  typeof data === 'string' || Buffer.isBuffer(data) ? Buffer.byteLength(data) : 0

/** A connection nobody has signed in on. */
interface Unsigned {
  connection: EngineConnection
  /** Over which it comes, or which wants to join it after long polling. */
  webSocket: TcpSocket | undefined
  /** What ends its limit. */
  undo: Set<() => void>
}

/**
 * Asks a connection whether anybody is still there, and closes it if nothing comes back in time; resolves when that is
 * known.
 */
export function closeUnlessAlive(connection: EngineConnection, waitMs: number): Promise<void> {
  return new Promise((resolve) => {
    let isKnown = false
    const known = () => {
      isKnown = true
      clearTimeout(timer)
      connection.off('packet', known)
      connection.off('close', known)
      resolve()
    }
    // After a pause of this process what has come meanwhile is read before anybody is given up.
    const timer = setTimeout(() => setImmediate(() => isKnown || cutOff(connection)), waitMs)
    connection.once('packet', known)
    connection.once('close', known)
    connection.sendPacket('ping')
  })
}

/** At once, and without a goodbye, which would have to wait for what is being written. */
function cutOff(connection: EngineConnection): void {
  const { socket } = connection.transport
  connection.close(true)
  socket?.terminate()
}

/** How many want a WebSocket not to be read. */
const pauses = new WeakMap<object, number>()

/**
 * Nothing more is read of what comes over a connection's WebSocket until all who asked for that have called what is
 * returned. Long polling is not held: its client waits for the answer to each of its requests.
 */
export function pauseReading({ transport: { socket } }: EngineConnection): () => void {
  if (!socket) return () => {}
  pauses.set(socket, (pauses.get(socket) ?? 0) + 1)
  socket.pause()
  return () => {
    const others = (pauses.get(socket) ?? 1) - 1
    pauses.set(socket, others)
    if (others === 0) socket.resume()
  }
}

/** What is told of a connection's outgoing bytes. */
export interface OutboundListener {
  /** So many were given to it to send. */
  created(bytes: number): void
  /** All that waited was handed to its transport, whose write before is finished. */
  flushed(): void
  /** What was handed over last is with the operating system. */
  written(): void
}

/** Returns what closes the connection at once, with whatever is being written. */
export function watchOutbound(connection: EngineConnection, listener: OutboundListener): () => void {
  let answer: ServerResponse | undefined
  connection.on('packetCreate', ({ data }) => {
    listener.created(bytesOf(data))
  })
  connection.on('flush', () => {
    listener.flushed()
    const { transport } = connection
    // Long polling's `drain` means that the answer was begun.
    if (transport.res) {
      answer = transport.res
      answer.once('close', () => listener.written())
    } else transport.once('drain', () => listener.written())
  })
  return () => {
    cutOff(connection)
    answer?.destroy()
  }
}
