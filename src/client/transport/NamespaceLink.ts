import type { Socket } from 'socket.io-client'
import type { ClientReport } from '@/contracts/admin'
import type { Command, CommandData, CommandInput, EventTable } from '@/contracts/command'
import { AppError, WireError } from '@/contracts/errors'
import type { Namespace } from '@/contracts/namespaces'
import { EventEmitter } from '../runtime/EventEmitter'
import { AccountChanged, errorFromWire, isSignedOut, NoAnswer } from '../runtime/errors'
import { retry } from '../runtime/retry'
import type { Runtime } from '../runtime/runtime'
import { EventInbox } from './EventInbox'
import type { ManagerLink, Subscriber } from './ManagerLink'
import { unwrapReply } from './reply'
import { type FetchToken, type SessionToken, TokenCache } from './TokenCache'
import type { CommandLink } from './Transport'

export interface NamespaceLinkDeps {
  fetchToken: FetchToken
  /** One link for each distinct url and parser. */
  managerFor(token: SessionToken): ManagerLink
  /** The cookie's session is over, or somebody else's. */
  signedOut(): void
  /** The server said that this person may not be here: perhaps what they may do has changed. */
  refused(): void
}

/** How long a handshake may take, from asking for the token to the server's answer, before the client tries again. */
const HANDSHAKE_MS = 20_000
/** After so many failures in a row the url itself is asked for again: the socket server may have moved. */
const FAILURES_BEFORE_NEW_URL = 5

/** What introduces this page to the server. */
interface HandshakeAuth {
  token: string
  client: ClientReport
}

/**
 * One namespace, connected for as long as it is started: a fresh token at every handshake, and its own back-off after a
 * refusal or a disconnect by the server, which socket.io leaves to the application.
 */
export class NamespaceLink<Events extends EventTable> implements Subscriber, CommandLink {
  readonly connectedNow = new EventEmitter()
  readonly changed = new EventEmitter()
  readonly heartbeat = new EventEmitter()
  connected = false
  /** Failed attempts since it was last connected. */
  failures = 0
  connectMs: number | undefined
  reconnects = 0
  /** By the clock: when the connection was lost or first asked for; undefined while connected or stopped. */
  downSince: number | undefined
  /** Why the last attempt failed; undefined once connected. */
  problem: unknown
  /** Listens to an event; one in another form than the contract's is logged and not delivered. */
  readonly on: EventInbox<Events>['on']

  /** Runs from start to stop. */
  private life: AbortController | undefined
  /** For a back-off of its own, while others may use the connection. */
  private waiting = false
  private readonly tokens: TokenCache
  private readonly inbox: EventInbox<Events>
  private manager: ManagerLink | undefined
  private socket: Socket | undefined
  private connections = 0
  private cancelHandshake = () => {}
  private offManager = () => {}
  /** Ends the try under way, so that another follows after the back-off. */
  private endTry = (_error: Error) => {}
  private progress = () => {}

  constructor(
    readonly name: Namespace,
    events: Events,
    private readonly runtime: Runtime,
    private readonly deps: NamespaceLinkDeps,
  ) {
    this.tokens = new TokenCache(runtime.clock, () => deps.fetchToken(name))
    this.inbox = new EventInbox(events, (event) => {
      runtime.log.error(`[Socket:${name}] Unexpected form of an event`, { event })
    })
    this.on = this.inbox.on
  }

  get transport(): string | undefined {
    return this.connected ? this.manager?.transport : undefined
  }

  start(): void {
    if (this.life !== undefined) return
    const life = new AbortController()
    this.life = life
    this.downSince = this.runtime.clock.now()
    const offWake = this.runtime.wake.on(() => {
      // On an open connection a handshake is under way, whose token must not be overtaken: nothing would ask for another.
      const isOpen = this.manager?.connection !== undefined
      if (!isOpen && !this.waiting && this.hasFailedOften()) void this.resolveUrl()
    })
    life.signal.addEventListener('abort', offWake)
    const options = { ...this.runtime, signal: life.signal, until: () => false }
    // It rejects only when it is stopped.
    retry((progress) => this.try(progress), options).catch(() => undefined)
    this.changed.emit()
  }

  stop(): void {
    this.life?.abort()
    this.life = undefined
    this.endTry(new Error('It was stopped.'))
    this.tokens.cancel()
    this.leaveManager()
    this.connected = false
    this.downSince = undefined
    this.changed.emit()
  }

  /** Drops a connection that does not answer, and connects anew. */
  abandon(): void {
    this.manager?.abandon()
  }

  /**
   * Sends a command and resolves to its data.
   * @throws AppError when the server said no, NoAnswer when it did not acknowledge within `timeoutMs` or the connection is
   * or goes away.
   */
  async call<C extends Command>(command: C, input: CommandInput<C>, timeoutMs: number): Promise<CommandData<C>> {
    const { socket } = this
    if (!this.connected || socket === undefined) throw new NoAnswer('disconnected')
    const schema: C['data'] = command.data
    const askedAt = this.runtime.clock.now()
    let reply: unknown
    try {
      // An input that is left out stays out: JSON would make null of it.
      reply = await socket.timeout(timeoutMs).emitWithAck(command.name, ...(input === undefined ? [] : [input]))
    } catch (cause) {
      // socket.io rejects at once when the connection goes away, else after the timeout.
      const isOpen = socket.connected && socket === this.socket
      const isSilent = (this.manager?.heardAt ?? 0) <= askedAt
      throw new NoAnswer(!isOpen ? 'disconnected' : isSilent ? 'timeout' : 'late', { cause })
    }
    return unwrapReply(schema, reply)
  }

  wantsConnection(): boolean {
    return this.life !== undefined && !this.waiting && this.socket !== undefined
  }

  isActive(): boolean {
    return this.socket?.active ?? false
  }

  connect(): void {
    this.socket?.connect()
  }

  attemptFailed(error: Error): void {
    if (this.life === undefined || !this.isActive()) return
    this.noteFailure(error)
    if (this.failures % FAILURES_BEFORE_NEW_URL === 0) void this.resolveUrl()
  }

  /** One try to get in and stay in: it rejects when a back-off of this namespace's own has to follow. */
  private try(progress: () => void): Promise<never> {
    this.progress = progress
    this.waiting = false
    return new Promise((_resolve, reject) => {
      this.endTry = reject
      if (this.manager === undefined || this.hasFailedOften()) void this.resolveUrl()
      else this.manager.connect(this)
    })
  }

  private hasFailedOften(): boolean {
    return this.failures >= FAILURES_BEFORE_NEW_URL
  }

  /** A token also says where this namespace is served. */
  private async resolveUrl(): Promise<void> {
    const token = await this.fetchToken()
    if (token === undefined || this.waiting) return
    this.tokens.keep(token)
    this.moveTo(this.deps.managerFor(token))
  }

  private moveTo(manager: ManagerLink): void {
    if (manager !== this.manager) this.use(manager)
    manager.connect(this)
  }

  private use(manager: ManagerLink): void {
    this.leaveManager()
    const socket = manager.manager.socket(this.name)
    // Set here: a Manager hands out the same socket again to whoever comes back.
    socket.auth = (answer: (data: HandshakeAuth) => void) => void this.authenticate(answer)
    socket.on('connect', () => this.onConnect())
    socket.on('disconnect', (reason) => this.onDisconnect(reason))
    socket.on('connect_error', (error) => this.onRefused(error))
    socket.onAny((event: string, payload: unknown) => this.inbox.deliver(event, payload))
    this.manager = manager
    this.socket = socket
    manager.add(this)
    const offs = [manager.heartbeat.on(() => this.heartbeat.emit()), manager.changed.on(() => this.changed.emit())]
    this.offManager = () => {
      for (const off of offs) off()
    }
  }

  private leaveManager(): void {
    this.cancelHandshake()
    this.offManager()
    this.socket?.removeAllListeners().offAny().disconnect()
    this.manager?.remove(this)
    this.manager = undefined
    this.socket = undefined
  }

  /** Called by socket.io whenever the connection is open and this namespace has to introduce itself. */
  private async authenticate(answer: (data: HandshakeAuth) => void): Promise<void> {
    const connection = this.manager?.connection
    this.cancelHandshake()
    this.cancelHandshake = this.runtime.clock.after(HANDSHAKE_MS, () => this.fail(new NoAnswer('timeout')))
    const token = this.tokens.take() ?? (await this.fetchToken())
    // Undefined: superseded by a later handshake, or failed and already planned anew. And the next connection introduces
    // itself: the server closes one that does so twice.
    if (token === undefined || connection !== this.manager?.connection || !this.isActive()) return
    const manager = this.deps.managerFor(token)
    if (manager !== this.manager) {
      this.tokens.keep(token)
      this.moveTo(manager)
      return
    }
    const client: ClientReport = { connectMs: this.downForMs(), reconnects: this.connections }
    answer({ token: token.token, client })
  }

  /** Undefined when the answer came too late to matter, or is a no that has been dealt with. */
  private async fetchToken(): Promise<SessionToken | undefined> {
    try {
      return await this.tokens.fetch()
    } catch (error) {
      if (isSignedOut(error) || error instanceof AccountChanged) this.giveUp(error)
      else this.fail(error)
      return undefined
    }
  }

  private downForMs(): number {
    const now = this.runtime.clock.now()
    return now - (this.downSince ?? now)
  }

  private onConnect(): void {
    this.cancelHandshake()
    this.connected = true
    this.failures = 0
    this.problem = undefined
    if (this.connections > 0) this.reconnects += 1
    this.connections += 1
    this.connectMs = this.downForMs()
    this.downSince = undefined
    this.progress()
    this.manager?.succeeded()
    this.changed.emit()
    this.connectedNow.emit()
  }

  private onDisconnect(reason: string): void {
    this.cancelHandshake()
    this.connected = false
    this.downSince ??= this.runtime.clock.now()
    this.runtime.log.warn(`[Socket:${this.name}] Disconnected`, { reason })
    // By the server: a new handshake tells whether it still wants us. Anything else the ManagerLink mends by itself.
    if (reason === 'io server disconnect') this.tryLater(new Error('The server ended the connection.'))
    this.changed.emit()
  }

  private onRefused(error: Error): void {
    if (this.isActive()) return // the connection itself failed: attemptFailed has it
    const data = 'data' in error ? WireError.safeParse(error.data) : undefined
    // Also after UNAUTHENTICATED: whether the person is signed in is what the next token's answer says.
    this.fail(data?.success ? errorFromWire(data.data) : new AppError('UNAVAILABLE', { message: error.message }))
  }

  private noteFailure(error: unknown): void {
    this.failures += 1
    this.problem = error
    this.runtime.log.warn(`[Socket:${this.name}] Connection failed`, {
      error: error instanceof Error ? error.message : String(error),
      attempt: this.failures,
    })
    this.changed.emit()
  }

  /** Leaves the handshake for now, and tries again after a back-off. */
  private fail(error: unknown): void {
    this.cancelHandshake()
    if (this.isActive()) this.socket?.disconnect()
    this.noteFailure(error)
    this.tryLater(error)
    if (error instanceof AppError && error.code === 'FORBIDDEN') this.deps.refused()
  }

  private tryLater(error: unknown): void {
    this.waiting = true
    this.endTry(error instanceof Error ? error : new Error(String(error)))
  }

  private giveUp(error: unknown): void {
    this.problem = error
    this.stop()
    this.deps.signedOut()
  }
}
