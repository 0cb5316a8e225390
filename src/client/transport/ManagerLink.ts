import { Manager, type ManagerOptions } from 'socket.io-client'
import { EventEmitter } from '../runtime/EventEmitter'
import { retry } from '../runtime/retry'
import type { Runtime } from '../runtime/runtime'

/** Makes Socket.IO's Manager; a test puts something of its own in between. */
export type CreateManager = (url: string, options: Partial<ManagerOptions>) => Manager

/** The ordinary one. */
export const createManager: CreateManager = (url, options) => new Manager(url, options)

/** One attempt may take this long (requirements 000, OS-1). */
const CONNECT_TIMEOUT_MS = 20_000

const WEBSOCKET_FIRST = ['websocket', 'polling']
/** With WebSocket first, an upgrade that is swallowed would cost every attempt its whole timeout. */
const POLLING_FIRST = ['polling', 'websocket']

/** A namespace's socket, as far as its connection needs it. */
export interface Subscriber {
  /** Wants to be connected now, and is not waiting for a back-off of its own. */
  wantsConnection(): boolean
  /** Its socket listens for the connection to open, or uses it. */
  isActive(): boolean
  connect(): void
  attemptFailed(error: Error): void
}

/**
 * One connection to one url, shared by namespaces. Opens it again for as long as a namespace wants it: socket.io's own
 * reconnection is off, since its jitter is not full and it knows nothing of namespaces that were refused.
 */
export class ManagerLink {
  readonly manager: Manager
  /** The server's heartbeat arrived, every 25 s by default, also while the page's timers are throttled. */
  readonly heartbeat = new EventEmitter()
  /** The transport changed. */
  readonly changed = new EventEmitter()
  /** By the clock: when anything came over the connection. */
  heardAt = Number.NEGATIVE_INFINITY
  private readonly subscribers = new Set<Subscriber>()
  /** `waiting`: for the back-off between two attempts. */
  private phase: 'idle' | 'opening' | 'open' | 'waiting' = 'idle'
  private watched: Manager['engine'] | undefined
  /** Ends the loop that keeps the connection open. */
  private leave = () => {}
  /** Ends the attempt, or the connection that it became: an error calls for another. */
  private end = (_error?: Error) => {}
  private progress = () => {}

  constructor(
    url: string,
    private readonly runtime: Runtime,
    createManager: CreateManager,
  ) {
    this.manager = createManager(url, {
      autoConnect: false,
      reconnection: false,
      timeout: CONNECT_TIMEOUT_MS,
      transports: WEBSOCKET_FIRST,
      tryAllTransports: true,
    })
    this.manager.on('open', () => this.opened())
    this.manager.on('error', (error) => this.failed(error))
    this.manager.on('close', () => this.closed())
    this.manager.on('packet', () => this.heard())
    this.manager.on('ping', () => {
      this.heard()
      this.heartbeat.emit()
    })
  }

  /** The open connection: another object each time it is opened; undefined while there is none. */
  get connection(): Manager['engine'] | undefined {
    return this.phase === 'open' ? this.manager.engine : undefined
  }

  get transport(): string | undefined {
    return this.connection?.transport?.name
  }

  add(subscriber: Subscriber): void {
    this.subscribers.add(subscriber)
  }

  remove(subscriber: Subscriber): void {
    this.subscribers.delete(subscriber)
    if (this.subscribers.size > 0) return
    this.leave()
    this.phase = 'idle'
  }

  /** Connects the subscriber now, or at the next attempt when one is already planned. */
  connect(subscriber: Subscriber): void {
    if (this.phase === 'waiting') return
    if (this.phase === 'idle') this.keepOpen()
    else if (this.phase === 'opening' || !subscriber.isActive()) subscriber.connect()
    this.watchOpening()
  }

  /** A connection that looks open but does not answer is closed, and opened anew. */
  abandon(): void {
    if (this.phase === 'open') this.manager.engine.close()
  }

  /** A namespace was let in: should the connection break now, the first wait is short again. */
  succeeded(): void {
    this.progress()
  }

  private heard(): void {
    this.heardAt = this.runtime.clock.now()
  }

  private keepOpen(): void {
    const loop = new AbortController()
    this.leave = () => {
      loop.abort()
      this.end()
    }
    const options = { ...this.runtime, signal: loop.signal, until: () => false }
    // It rejects only when everybody has left.
    retry((progress) => this.attempt(progress), options).catch(() => undefined)
  }

  /** Resolves when nobody wants the connection any more, rejects when it could not be opened or broke. */
  private attempt(progress: () => void): Promise<void> {
    const waiting = [...this.subscribers].filter((subscriber) => subscriber.wantsConnection())
    this.progress = progress
    this.phase = waiting.length > 0 ? 'opening' : 'idle'
    if (this.phase === 'idle') return Promise.resolve()
    return new Promise((resolve, reject) => {
      this.end = (error) => (error === undefined ? resolve() : reject(error))
      for (const subscriber of waiting) subscriber.connect()
      this.watchOpening()
    })
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
    // Should it break again, even before a namespace is let in, the server was there a moment ago.
    this.progress()
    this.manager.engine.on('upgrade', (transport) => {
      if (transport.name === 'websocket') this.manager.opts.transports = WEBSOCKET_FIRST
      this.changed.emit()
    })
    this.changed.emit()
  }

  private failed(error: Error): void {
    if (this.phase !== 'opening') return
    if (error.message === 'timeout') this.manager.opts.transports = POLLING_FIRST
    this.phase = 'waiting'
    this.end(error)
    for (const subscriber of this.subscribers) subscriber.attemptFailed(error)
  }

  private closed(): void {
    // During a back-off its loop goes on: what it finds then decides, and there must never be two loops.
    if (this.phase === 'idle' || this.phase === 'waiting') return
    const isWanted = [...this.subscribers].some((subscriber) => subscriber.isActive())
    // Where nobody is left they were refused, or disconnected by the server or by us.
    this.phase = isWanted ? 'waiting' : 'idle'
    this.end(isWanted ? new Error('The connection closed.') : undefined)
    this.changed.emit()
  }
}
