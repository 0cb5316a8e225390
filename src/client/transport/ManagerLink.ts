import { Manager, type ManagerOptions } from 'socket.io-client'
import { backoffMs, type Clock, type Random } from './clock'
import { Signal } from './Signal'

export type CreateManager = (url: string, options: Partial<ManagerOptions>) => Manager

export const createManager: CreateManager = (url, options) => new Manager(url, options)

/** One attempt may take this long (requirements 000, OS-1). */
const connectTimeoutMs = 20_000

const webSocketFirst = ['websocket', 'polling']
/** With WebSocket first, an upgrade that is swallowed would cost every attempt its whole timeout. */
const pollingFirst = ['polling', 'websocket']

/** A namespace's socket, as far as its connection needs it. */
export interface Passenger {
  /** Wants to be connected now, and is not waiting for a back-off of its own. */
  wantsConnection(): boolean
  /** Its socket listens for the connection to open. */
  isAboard(): boolean
  board(): void
  attemptFailed(error: Error): void
}

/**
 * One connection to one url, shared by namespaces. Opens it again for as long as a namespace wants it: socket.io's own
 * reconnection is off, since its jitter is not full and it knows nothing of namespaces that were refused.
 */
export class ManagerLink {
  readonly manager: Manager
  /** The server's heartbeat arrived, every 25 s by default, also while the page's timers are throttled. */
  readonly heartbeat = new Signal()
  /** The transport changed. */
  readonly changed = new Signal()
  private readonly passengers = new Set<Passenger>()
  private phase: 'idle' | 'opening' | 'open' | 'waiting' = 'idle'
  private failures = 0
  private watched: Manager['engine'] | undefined
  private cancelRetry: (() => void) | undefined

  constructor(
    url: string,
    private readonly deps: { clock: Clock; random: Random; createManager: CreateManager },
  ) {
    this.manager = deps.createManager(url, {
      autoConnect: false,
      reconnection: false,
      timeout: connectTimeoutMs,
      transports: webSocketFirst,
      tryAllTransports: true,
    })
    this.manager.on('open', () => this.opened())
    this.manager.on('error', (error) => this.failed(error))
    this.manager.on('close', () => this.closed())
    this.manager.on('ping', () => this.heartbeat.emit())
  }

  get transport(): string | undefined {
    return this.phase === 'open' ? this.manager.engine.transport?.name : undefined
  }

  add(passenger: Passenger): void {
    this.passengers.add(passenger)
  }

  remove(passenger: Passenger): void {
    this.passengers.delete(passenger)
    if (this.passengers.size > 0) return
    this.cancelRetry?.()
    this.phase = 'idle'
  }

  /** Boards the passenger now, or at the next attempt when one is already planned. */
  connect(passenger: Passenger): void {
    if (this.phase === 'waiting') return
    if (this.phase === 'idle') this.phase = 'opening'
    if (this.phase === 'opening' || !passenger.isAboard()) passenger.board()
    this.watchOpening()
  }

  /** Ends a back-off that is under way. */
  retryNow(): void {
    if (this.phase === 'waiting') this.attempt()
  }

  /** A connection that looks open but does not answer is closed, and opened anew. */
  abandon(): void {
    if (this.phase === 'open') this.manager.engine.close()
  }

  /** A namespace was let in: what comes next is a new story. */
  succeeded(): void {
    this.failures = 0
  }

  private attempt(): void {
    this.cancelRetry?.()
    this.cancelRetry = undefined
    const waiting = [...this.passengers].filter((passenger) => passenger.wantsConnection())
    this.phase = waiting.length > 0 ? 'opening' : 'idle'
    for (const passenger of waiting) passenger.board()
    this.watchOpening()
  }

  /** A connection that closes before its handshake is over: the Manager does not hear of that, and would wait 20 s. */
  private watchOpening(): void {
    const engine: Manager['engine'] | undefined = this.manager.engine
    if (this.phase !== 'opening' || engine === undefined || engine === this.watched) return
    this.watched = engine
    engine.once('close', () => {
      if (this.phase !== 'opening' || engine !== this.manager.engine) return
      // The types keep an engine's own events for itself; to the Manager this one is what ends an attempt.
      const emitter = engine as unknown as { emitReserved(event: 'error', error: Error): void }
      emitter.emitReserved('error', new Error('closed before the handshake'))
    })
  }

  private opened(): void {
    this.phase = 'open'
    this.manager.engine.on('upgrade', (transport) => {
      if (transport.name === 'websocket') this.manager.opts.transports = webSocketFirst
      this.changed.emit()
    })
    this.changed.emit()
  }

  private failed(error: Error): void {
    if (this.phase !== 'opening') return
    if (error.message === 'timeout') this.manager.opts.transports = pollingFirst
    this.plan()
    this.failures += 1
    for (const passenger of this.passengers) passenger.attemptFailed(error)
  }

  private closed(): void {
    if (this.phase === 'idle') return
    if ([...this.passengers].some((passenger) => passenger.isAboard())) this.plan()
    else this.phase = 'idle' // everyone got off: refused, or disconnected by the server or by us
    this.changed.emit()
  }

  private plan(): void {
    this.phase = 'waiting'
    this.cancelRetry?.()
    this.cancelRetry = this.deps.clock.after(backoffMs(this.failures, this.deps.random), () => this.attempt())
  }
}
