import type { Socket } from 'socket.io-client'
import type { ClientReport } from '@/contracts/admin'
import type { SessionTokenData } from '@/contracts/auth'
import type { CommandData, CommandInput, CommandTable, EventTable } from '@/contracts/command'
import { AppError, WireError } from '@/contracts/errors'
import type { Namespace } from '@/contracts/namespaces'
import { backoffMs, type Clock, type Random } from './clock'
import { EventInbox } from './EventInbox'
import { errorFromWire, isSignedOut, NoAnswer } from './errors'
import type { ManagerLink, Passenger } from './ManagerLink'
import type { ClientLog } from './ports'
import { unwrapReply } from './reply'
import { Signal } from './Signal'
import { AccountChanged, type FetchToken } from './sessionTokens'
import { Tickets } from './Tickets'

export interface NamespaceContract {
  commands: CommandTable
  events: EventTable
}

export interface NamespaceDeps {
  clock: Clock
  random: Random
  log: ClientLog
  fetchToken: FetchToken
  /** One link for each distinct url. */
  linkFor(url: string): ManagerLink
  /** The cookie's session is over, or somebody else's. */
  signedOut(): void
}

/** How long the server may take to answer CONNECT before the client tries again. */
const handshakeMs = 20_000
/** However long the server asks to be left alone. */
const longestWaitMs = 30_000
/** After so many failures in a row the url itself is asked for again: the socket server may have moved. */
const failuresBeforeNewUrl = 5

/** What introduces this page to the server. */
interface HandshakeAuth {
  token: string
  client: ClientReport
}

const nobodyListens = () => {}

/**
 * One namespace, connected for as long as it is started: a fresh token at every handshake, and its own back-off after a
 * refusal or a disconnect by the server, which socket.io leaves to the application.
 */
export class NamespaceLink<Contract extends NamespaceContract> implements Passenger {
  readonly connectedNow = new Signal()
  readonly changed = new Signal()
  readonly heartbeat = new Signal()
  connected = false
  /** Failed attempts since it was last connected. */
  failures = 0
  connectMs: number | undefined
  reconnects = 0
  /** By the clock: when the connection was lost or first asked for; undefined while connected or stopped. */
  downSince: number | undefined
  /** Why the last attempt failed; undefined once connected. */
  problem: unknown

  private started = false
  private ready = true
  private readonly tickets: Tickets
  private readonly inbox: EventInbox<Contract['events']>
  private url: string | undefined
  private link: ManagerLink | undefined
  private socket: Socket | undefined
  private connections = 0
  private cancelRetry = nobodyListens
  private cancelHandshake = nobodyListens
  private offLink = nobodyListens
  /** Listens to an event; one in another form than the contract's is logged and not delivered. */
  readonly on: EventInbox<Contract['events']>['on']

  constructor(
    readonly name: Namespace,
    private readonly contract: Contract,
    private readonly deps: NamespaceDeps,
  ) {
    this.tickets = new Tickets(deps.clock, () => deps.fetchToken(name))
    this.inbox = new EventInbox<Contract['events']>(contract.events, (event) => {
      deps.log.error(`[Socket:${name}] Unexpected form of an event`, { event })
    })
    this.on = (event, listener) => this.inbox.on(event, listener)
  }

  get transport(): string | undefined {
    return this.connected ? this.link?.transport : undefined
  }

  start(): void {
    if (this.started) return
    this.started = true
    this.downSince = this.deps.clock.now()
    void this.resolveUrl()
  }

  stop(): void {
    this.started = false
    this.tickets.cancel()
    this.cancelRetry()
    this.leaveLink()
    this.connected = false
    this.downSince = undefined
  }

  /** Ends any back-off: the network came back, or the person looks at the page again. */
  retryNow(): void {
    if (!this.started || this.connected) return
    if (this.failures >= failuresBeforeNewUrl) void this.resolveUrl() // it may have moved meanwhile
    if (this.ready) this.link?.retryNow()
    else this.retry()
  }

  /** Drops a connection that does not answer, and connects anew. */
  abandon(): void {
    this.link?.abandon()
  }

  /**
   * Sends a command and resolves to its data. Rejects with AppError when the server said no, with NoAnswer when it did
   * not acknowledge within `timeoutMs` or the connection is or goes away.
   */
  async call<Name extends keyof Contract['commands'] & string>(
    command: Name,
    input: CommandInput<Contract['commands'][Name]>,
    timeoutMs: number,
  ): Promise<CommandData<Contract['commands'][Name]>> {
    const socket = this.socket
    if (!this.connected || socket === undefined) throw new NoAnswer('disconnected')
    const schema: Contract['commands'][Name]['data'] = this.command(command).data
    let reply: unknown
    try {
      // An input that is left out stays out: JSON would make null of it.
      reply = await socket.timeout(timeoutMs).emitWithAck(command, ...(input === undefined ? [] : [input]))
    } catch (cause) {
      // socket.io rejects at once when the connection goes away, else after the timeout.
      throw new NoAnswer(socket.connected && socket === this.socket ? 'timeout' : 'disconnected', { cause })
    }
    return unwrapReply(schema, reply)
  }

  wantsConnection(): boolean {
    return this.started && this.ready && this.socket !== undefined
  }

  isAboard(): boolean {
    return this.socket?.active ?? false
  }

  board(): void {
    this.socket?.connect()
  }

  attemptFailed(error: Error): void {
    if (!this.started || !this.isAboard()) return
    this.failedBecause(error)
    if (this.failures % failuresBeforeNewUrl === 0) void this.resolveUrl()
  }

  private command<Name extends keyof Contract['commands'] & string>(name: Name): Contract['commands'][Name] {
    const command = this.contract.commands[name]
    if (command === undefined) throw new Error(`${this.name} has no command ${name}.`)
    // The table's own entry of that name, which an index signature does not remember.
    return command as Contract['commands'][Name]
  }

  /** The first token also says where this namespace is served. */
  private async resolveUrl(): Promise<void> {
    const ticket = await this.fetchTicket()
    if (ticket === undefined) return
    this.tickets.keep(ticket)
    this.ready = true
    if (ticket.url !== this.url) this.moveTo(ticket.url)
    this.link?.connect(this)
  }

  private moveTo(url: string): void {
    this.leaveLink()
    this.url = url
    const link = this.deps.linkFor(url)
    const socket = link.manager.socket(this.name)
    // Set here: a Manager hands out the same socket again to whoever comes back.
    socket.auth = (answer: (data: HandshakeAuth) => void) => void this.authenticate(answer)
    socket.on('connect', () => this.onConnect())
    socket.on('disconnect', (reason) => this.onDisconnect(reason))
    socket.on('connect_error', (error) => this.onRefused(error))
    socket.onAny((event: string, payload: unknown) => this.inbox.deliver(event, payload))
    this.link = link
    this.socket = socket
    link.add(this)
    const offs = [link.heartbeat.on(() => this.heartbeat.emit()), link.changed.on(() => this.changed.emit())]
    this.offLink = () => {
      for (const off of offs) off()
    }
  }

  private leaveLink(): void {
    this.cancelHandshake()
    this.offLink()
    this.socket?.removeAllListeners().offAny().disconnect()
    this.link?.remove(this)
    this.link = undefined
    this.socket = undefined
    this.url = undefined
  }

  /** Called by socket.io whenever the connection is open and this namespace has to introduce itself. */
  private async authenticate(answer: (data: HandshakeAuth) => void): Promise<void> {
    const socket = this.socket
    const ticket = this.tickets.take() ?? (await this.fetchTicket())
    // Undefined: superseded by a later handshake, or failed and already planned anew.
    if (ticket === undefined || socket !== this.socket || !this.isAboard()) return
    if (ticket.url !== this.url) {
      this.tickets.keep(ticket)
      this.moveTo(ticket.url)
      this.link?.connect(this)
      return
    }
    answer({ token: ticket.token, client: this.report() })
    this.cancelHandshake()
    this.cancelHandshake = this.deps.clock.after(handshakeMs, () => this.standBack(new NoAnswer('timeout')))
  }

  /** What the server's metrics are told of this connection. */
  private report(): ClientReport {
    const connectMs = this.deps.clock.now() - (this.downSince ?? this.deps.clock.now())
    return { connectMs, reconnects: this.connections }
  }

  /** Undefined when the answer came too late to matter, or is a no that has been dealt with. */
  private async fetchTicket(): Promise<SessionTokenData | undefined> {
    try {
      return await this.tickets.fetch()
    } catch (error) {
      if (isSignedOut(error) || error instanceof AccountChanged) this.giveUp(error)
      else this.standBack(error)
      return undefined
    }
  }

  private onConnect(): void {
    this.cancelHandshake()
    this.connected = true
    this.failures = 0
    this.problem = undefined
    if (this.connections > 0) this.reconnects += 1
    this.connections += 1
    this.connectMs = this.deps.clock.now() - (this.downSince ?? this.deps.clock.now())
    this.downSince = undefined
    this.link?.succeeded()
    this.changed.emit()
    this.connectedNow.emit()
  }

  private onDisconnect(reason: string): void {
    this.connected = false
    this.downSince ??= this.deps.clock.now()
    this.deps.log.warn(`[Socket:${this.name}] Disconnected`, { reason })
    // By the server: a new handshake tells whether it still wants us. Anything else the link mends by itself.
    if (reason === 'io server disconnect') this.planRetry()
    this.changed.emit()
  }

  private onRefused(error: Error): void {
    if (this.isAboard()) return // the connection itself failed: attemptFailed has it
    this.cancelHandshake()
    const data = 'data' in error ? WireError.safeParse(error.data) : undefined
    const refusal = data?.success ? errorFromWire(data.data) : new AppError('UNAVAILABLE', { message: error.message })
    this.failedBecause(refusal)
    // Also after UNAUTHENTICATED: whether the person is signed in is what the next token's answer says.
    this.planRetry(refusal.retryAfterMs)
  }

  private failedBecause(error: unknown): void {
    this.failures += 1
    this.problem = error
    this.deps.log.warn(`[Socket:${this.name}] Connection failed`, {
      error: error instanceof Error ? error.message : String(error),
      attempt: this.failures,
    })
    this.changed.emit()
  }

  /** Leaves the handshake for now, and tries again after a back-off. */
  private standBack(error: unknown): void {
    this.socket?.disconnect()
    this.failedBecause(error)
    this.planRetry()
  }

  /** @param atLeastMs - when the server said that it will have room. */
  private planRetry(atLeastMs = 0): void {
    if (!this.started) return
    this.ready = false
    this.cancelRetry()
    const delayMs = Math.max(
      Math.min(atLeastMs, longestWaitMs),
      backoffMs(Math.max(0, this.failures - 1), this.deps.random),
    )
    this.cancelRetry = this.deps.clock.after(delayMs, () => this.retry())
  }

  private retry(): void {
    this.cancelRetry()
    this.ready = true
    if (this.link === undefined) void this.resolveUrl()
    else this.link.connect(this)
  }

  private giveUp(error: unknown): void {
    this.stop()
    this.problem = error
    this.changed.emit()
    this.deps.signedOut()
  }
}
