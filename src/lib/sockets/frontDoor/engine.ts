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
  /** `discard`: without sending what waits. */
  close(discard?: boolean): void
  on(event: 'packetCreate', listener: (packet: { data?: unknown }) => void): unknown
  on(event: 'flush' | 'close', listener: () => void): unknown
  once(event: 'close', listener: () => void): unknown
}

interface EngineTransport {
  readonly name: string
  /** Of long polling: what one POST may hold, in bytes. */
  maxHttpBufferSize?: number
  /** Of long polling: the answer that is waited for. */
  res?: ServerResponse | null
  /** Of WebSocket. */
  socket?: { terminate(): void }
  once(event: 'drain', listener: () => void): unknown
}

/** A request that asks for an upgrade, or polls, as Engine.IO reads it. */
type EngineRequest = IncomingMessage & { _query?: { sid?: string } }

export function onConnection(io: SocketServer, listener: (connection: EngineConnection) => void): void {
  io.engine.on('connection', listener)
}

/** Bytes that frames add to what may be sent before anybody has signed in. */
const FRAMING_BYTES = 512

/**
 * Holds what comes on connections nobody has signed in on to `limits.unsignedTransportBytes`: a POST of long polling, and
 * over WebSocket everything until then, counted as it arrives, so that nothing larger is ever held. Beyond it the
 * connection is closed.
 */
export class UnsignedLimit {
  private readonly release = new Map<string, () => void>()

  constructor(
    io: SocketServer,
    private readonly onCut: (connection: EngineConnection) => void,
  ) {
    const unsigned = new Map<string, EngineConnection>()
    onConnection(io, (connection) => {
      const { transport, id } = connection
      unsigned.set(id, connection)
      const undo: (() => void)[] = [() => unsigned.delete(id)]
      if (transport.name === 'websocket') undo.push(this.count(connection, connection.request.socket))
      else {
        transport.maxHttpBufferSize = limits.unsignedTransportBytes
        undo.push(() => {
          transport.maxHttpBufferSize = limits.transportBytes
        })
      }
      this.release.set(id, () => {
        this.release.delete(id)
        for (const step of undo) step()
      })
      connection.once('close', () => this.signedIn(connection))
    })
    // A WebSocket that joins a connection which began with long polling.
    io.engine.use((request: EngineRequest, _response: unknown, next: () => void) => {
      const connection = request.headers.upgrade ? unsigned.get(request._query?.sid ?? '') : undefined
      if (connection) {
        const stop = this.count(connection, request.socket)
        const release = this.release.get(connection.id)
        this.release.set(connection.id, () => {
          stop()
          release?.()
        })
      }
      next()
    })
  }

  /** From now on the connection has the limits of everybody. */
  signedIn({ id }: Pick<EngineConnection, 'id'>): void {
    this.release.get(id)?.()
  }

  private count(connection: EngineConnection, socket: TcpSocket): () => void {
    let bytes = 0
    const onData = (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= limits.unsignedTransportBytes + FRAMING_BYTES) return
      // Closed first: what the chunk holds is then read by nobody.
      connection.close(true)
      socket.destroy()
      this.onCut(connection)
    }
    socket.prependListener('data', onData)
    return () => socket.removeListener('data', onData)
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

/** Returns what closes the connection at once, with whatever is being written: a goodbye would have to wait for it. */
export function watchOutbound(connection: EngineConnection, listener: OutboundListener): () => void {
  let answer: ServerResponse | undefined
  connection.on('packetCreate', ({ data }) => {
    if (typeof data === 'string' || Buffer.isBuffer(data)) listener.created(Buffer.byteLength(data))
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
    const { socket } = connection.transport
    connection.close(true)
    socket?.terminate()
    answer?.destroy()
  }
}
