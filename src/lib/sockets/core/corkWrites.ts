import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { onConnection } from '../frontDoor/engine'
import type { SocketServer } from './sockets'

/** What this file, and no other, uses of an Engine.IO connection and of `ws` beneath it. A test fails when either changes. */
interface Corkable {
  readyState: 'opening' | 'open' | 'closing' | 'closed'
  /** Hands all that waits to the transport, unless that is still writing; called whenever something was added. */
  flush(): void
  close(discard: boolean): void
  /** Of WebSocket: the TCP connection. Long polling has none, and writes everything into one answer anyway. */
  transport: { socket?: { _socket?: { cork(): void; uncork(): void } } }
}

/**
 * What a connection is given within one turn of the event loop (an acknowledgement, its own message, those of others) leaves
 * together at the end of that turn: one write instead of one for each, which is the dearest part of telling anybody anything.
 * So do the answer to a WebSocket's handshake and the first packet, which Engine.IO sends at once.
 */
export function corkWrites(io: SocketServer): void {
  io.httpServer.prependListener('upgrade', (_request: IncomingMessage, tcp: Duplex) => {
    tcp.cork()
    setImmediate(() => tcp.uncork())
  })
  const waiting = new Set<() => void>()
  const writeAll = () => {
    const writes = [...waiting]
    waiting.clear()
    for (const write of writes) write()
  }
  onConnection(io, (engineConnection) => {
    // Its type says what all others use of it.
    const connection = engineConnection as unknown as Corkable
    const flush = connection.flush.bind(connection)
    const write = () => {
      const tcp = connection.transport.socket?._socket
      tcp?.cork()
      try {
        flush()
      } catch {
        // Some of it is lost: the client comes back and fetches it.
        connection.close(true)
      } finally {
        tcp?.uncork()
      }
    }
    connection.flush = () => {
      // What is left when it closes goes first, and at once.
      if (connection.readyState !== 'open') return flush()
      if (waiting.size === 0) setImmediate(writeAll)
      waiting.add(write)
    }
  })
}
