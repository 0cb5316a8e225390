import type { Logger } from '@/services/shared/Logger'
import type { SocketServer } from './sockets'

/** What is used of an Engine.IO connection. */
interface EngineConnection {
  id: string
  on(event: 'packetCreate', listener: (packet: { data?: unknown }) => void): unknown
  on(event: 'flush', listener: () => void): unknown
  close(discard: boolean): void
}

export interface SlowReaderOptions {
  /** Bytes that may wait for one client while an earlier write to it is not finished. */
  limitBytes: number
  logger: Logger
  /** Told of each one; never throws. */
  onCut?: (() => void) | undefined
}

/**
 * Cuts off a client that reads more slowly than it is written to, so that it cannot fill the memory of the process all
 * others share. It reconnects and fetches what it missed from the database, at its own pace. At most one write (itself
 * below the limit, or one answer) and `limitBytes` behind it are ever held for a connection.
 */
export function cutOffSlowReaders(io: SocketServer, { limitBytes, logger, onCut }: SlowReaderOptions): void {
  io.engine.on('connection', (connection: EngineConnection) => {
    let waitingBytes = 0
    connection.on('packetCreate', ({ data }) => {
      waitingBytes += typeof data === 'string' || Buffer.isBuffer(data) ? Buffer.byteLength(data) : 0
      if (waitingBytes <= limitBytes) return
      waitingBytes = 0
      logger.warn('a client reads too slowly and is cut off', { connectionId: connection.id, limitBytes })
      connection.close(true)
      onCut?.()
    })
    // Everything that waited was handed to the transport, whose write before is finished.
    connection.on('flush', () => {
      waitingBytes = 0
    })
  })
}
