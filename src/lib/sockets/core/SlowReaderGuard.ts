import type { Logger } from '@/services/shared/Logger'
import { type EngineConnection, onConnection, watchOutbound } from '../frontDoor/engine'
import type { SocketServer } from './sockets'

/** How much may wait, in bytes, for clients that read slower than they are written to. */
export interface SlowReaderOptions {
  /** Bytes that may wait for one client while an earlier write to it is not finished. */
  limitBytes: number
  /** Bytes that may wait for all clients together, for longer than a moment. */
  budgetBytes: number
  logger: Logger
  /** Told of each one; never throws. */
  onCut?: (() => void) | undefined
}

/** A broadcast to everybody is more than the budget for a moment, and nobody's fault: it is looked at after this, in milliseconds. */
const MOMENT_MS = 100

interface Reader {
  /** Given to the connection, while an earlier write is not finished. */
  waitingBytes: number
  /** In that write. */
  writingBytes: number
  terminate: () => void
}

/**
 * Cuts off clients that read more slowly than they are written to, so that they cannot fill the memory of the process all
 * others share: one for which more than `limitBytes` wait, and, while more than `budgetBytes` wait in all, the ones with the
 * most. They reconnect and fetch what they missed from the database, at their own pace.
 */
export function cutOffSlowReaders(io: SocketServer, options: SlowReaderOptions): SlowReaders {
  const readers = new SlowReaders(options)
  onConnection(io, (connection) => readers.watch(connection))
  return readers
}

/** The connections of one process for which something waits. */
export class SlowReaders {
  /** Those for whom anything waits. */
  private readonly readers = new Map<EngineConnection, Reader>()
  private total = 0
  private isLookingSoon = false

  constructor(private readonly options: SlowReaderOptions) {}

  /** What waits for all clients together, in bytes. */
  get waitingBytes(): number {
    return this.total
  }

  watch(connection: EngineConnection): void {
    const reader: Reader = { waitingBytes: 0, writingBytes: 0, terminate: () => connection.close(true) }
    const forget = () => {
      this.total -= reader.waitingBytes + reader.writingBytes
      reader.waitingBytes = 0
      reader.writingBytes = 0
      this.readers.delete(connection)
    }
    reader.terminate = watchOutbound(connection, {
      created: (bytes) => {
        reader.waitingBytes += bytes
        this.total += bytes
        this.readers.set(connection, reader)
        if (reader.waitingBytes > this.options.limitBytes) this.cut(connection, reader)
        else if (this.total > this.options.budgetBytes) this.lookSoon()
      },
      flushed: () => {
        reader.writingBytes += reader.waitingBytes
        reader.waitingBytes = 0
      },
      written: () => {
        this.total -= reader.writingBytes
        reader.writingBytes = 0
        if (reader.waitingBytes === 0) this.readers.delete(connection)
      },
    })
    connection.on('close', forget)
  }

  private lookSoon(): void {
    if (this.isLookingSoon) return
    this.isLookingSoon = true
    // After a pause of the process its timers come first: what the network has taken meanwhile is heard of only then.
    setTimeout(() => setImmediate(() => this.look()), MOMENT_MS).unref()
  }

  private look(): void {
    this.isLookingSoon = false
    if (this.total <= this.options.budgetBytes) return
    const byBytes = [...this.readers].sort(([, one], [, other]) => bytesOf(other) - bytesOf(one))
    for (const [connection, reader] of byBytes) {
      if (this.total <= this.options.budgetBytes) return
      this.cut(connection, reader)
    }
  }

  private cut(connection: EngineConnection, reader: Reader): void {
    const { limitBytes, budgetBytes, logger, onCut } = this.options
    logger.warn('a client reads too slowly and is cut off', {
      connectionId: connection.id,
      waitingBytes: bytesOf(reader),
      ...{ limitBytes, waitingForAllBytes: this.total, budgetBytes },
    })
    reader.terminate()
    onCut?.()
  }
}

const bytesOf = ({ waitingBytes, writingBytes }: Reader): number => waitingBytes + writingBytes
