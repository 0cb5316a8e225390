import { type EngineConnection, pauseReading } from '../frontDoor/engine'

export interface BackpressureOptions {
  /** Commands that are worked on at a time: enough to keep the database busy. */
  mostUnderWay: number
  /** How long a command may wait for its place, in milliseconds; then it is refused, which costs little. */
  maxWaitMs: number
}

/** Nobody is left unread for longer, in milliseconds: the engine's heartbeat has to get through. */
const LONGEST_PAUSE_MS = 5_000

/**
 * No more commands at a time than can be worked on. Beyond them a command waits for its place, and the connection that it
 * came on is not read: what is sent faster than it can be done stays with the senders, and this process spends its time on
 * what it has begun instead of on reading and refusing the rest.
 */
export class Backpressure {
  private underWay = 0
  /** What gives those that wait their place. */
  private readonly line: (() => void)[] = []
  /** Connections that are not read, with what ends that and since when, in their order. */
  private readonly unread = new Map<EngineConnection, { resume: () => void; since: number }>()
  private isReadingOn = false

  constructor(private readonly options: BackpressureOptions) {}

  /**
   * Undefined: it may begin. Otherwise it resolves when it may, with whether that is still in time. Either way `leave` is
   * called when it is done.
   */
  enter(connection: EngineConnection): Promise<boolean> | undefined {
    const { mostUnderWay, maxWaitMs } = this.options
    if (this.underWay < mostUnderWay) {
      this.underWay += 1
      return undefined
    }
    const since = performance.now()
    if (!this.unread.has(connection)) this.unread.set(connection, { resume: pauseReading(connection), since })
    return new Promise((resolve) => this.line.push(() => resolve(performance.now() - since <= maxWaitMs)))
  }

  leave(): void {
    const next = this.line.shift()
    if (next) next()
    else this.underWay -= 1
    this.readOn()
  }

  /** One connection in each turn of the event loop: each may bring hundreds of commands at once. */
  private readOn(): void {
    if (this.isReadingOn || this.unread.size === 0) return
    this.isReadingOn = true
    setImmediate(() => {
      this.isReadingOn = false
      const [first] = this.unread
      if (!first) return
      const [connection, { resume, since }] = first
      const hasPlace = this.underWay < this.options.mostUnderWay
      // Otherwise the next `leave` looks again.
      if (!hasPlace && performance.now() - since < LONGEST_PAUSE_MS) return
      this.unread.delete(connection)
      resume()
      this.readOn()
    })
  }
}
