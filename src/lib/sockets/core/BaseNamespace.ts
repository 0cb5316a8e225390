import type { ExtendedError, Socket } from 'socket.io'
import type { Command, CommandTable } from '@/contracts/command'
import { AppError } from '@/contracts/errors'
import { type Namespace, namespacePermissions } from '@/contracts/namespaces'
import { may } from '@/contracts/permissions'
import type { VerifiedToken } from '@/lib/auth/sessionToken'
import { remoteAddressOf } from '@/lib/http/remoteAddress'
import { newCorrelationId } from '@/lib/logger/correlation'
import { requireAllowedAddress } from '@/lib/pipeline/allowedAddress'
import { redeemTicket } from '@/lib/pipeline/auth'
import type { CallOrigin } from '@/lib/pipeline/caller'
import { createEventHandler, type SocketRow, type SocketTable } from '@/lib/pipeline/createEventHandler'
import { logFailure, toAppError } from '@/lib/pipeline/errorHandler'
import type { InFlight } from '@/lib/pipeline/InFlight'
import { requireAccess } from '@/lib/pipeline/permissions'
import type { PipelineDeps } from '@/lib/pipeline/runCommand'
import type { PresenceTracker } from '@/services/presence/PresenceTracker'
import type { Logger } from '@/services/shared/Logger'
import type { SessionUser } from '@/services/shared/SessionUser'
import type { TicketRegister } from '@/services/users/ports'
import type { EngineConnection } from '../frontDoor/engine'
import type { FrontDoor } from '../frontDoor/FrontDoor'
import type { Admission } from './Admission'
import type { Backpressure } from './Backpressure'
import type { ConnectionManager } from './ConnectionManager'
import type { ConnectionAudit } from './connectionAudit'
import type { MetricsCollector } from './MetricsCollector'
import { socketRooms } from './socketRooms'
import type { AnySocket, SocketServer } from './sockets'

/** What every namespace needs. */
export interface NamespaceDeps {
  pipeline: PipelineDeps
  inFlight: InFlight
  /** One for all namespaces: they ask the same database. */
  admission: Admission
  /** Likewise. Absent: commands never wait for a place. */
  backpressure?: Backpressure | undefined
  connections: ConnectionManager
  presence: PresenceTracker
  /** One for all namespaces, likewise. */
  frontDoor: FrontDoor
  tickets: TicketRegister
  /** Proxies of ours that a request has come through. */
  trustedProxyHops: number
  /** Absent: connections are not kept. */
  audit?: ConnectionAudit | undefined
  /** Absent: nothing is counted. */
  metrics?: MetricsCollector | undefined
  logger: Logger
}

/** Answers one event of a socket. */
type Listener<S> = (socket: S, args: readonly unknown[]) => Promise<void>

/**
 * What every namespace does: authenticate, permit and prepare within the handshake; register its handlers before anything
 * is awaited; know its connections.
 */
export abstract class BaseNamespace<Commands extends CommandTable, S extends AnySocket> {
  private readonly logger: Logger
  /** Connections that have joined, or are about to: one socket each, whatever a client sends. */
  private readonly taken = new WeakSet<object>()

  protected constructor(
    readonly name: Namespace,
    private readonly commands: Commands,
    protected readonly deps: NamespaceDeps,
    scope: string,
  ) {
    this.logger = deps.logger.scope(scope)
  }

  /** What its commands do; read once, when it is attached. */
  protected abstract handlers(): SocketTable<Commands, S>

  /**
   * The last step before the client is told that it is connected: join rooms here, so that nothing sent from then on is
   * missed. A rejection refuses the handshake.
   */
  protected abstract prepare(socket: S): Promise<void>

  attach(io: SocketServer): void {
    const listeners = this.listeners()
    const namespace = io.of(this.name)
    namespace.use((socket, next) => void this.admit(socket, next))
    namespace.on('connection', (socket) => this.connected(socket, listeners))
  }

  /** By the names of its commands; the same for all sockets. */
  private listeners(): ReadonlyMap<string, Listener<S>> {
    const { pipeline, inFlight, backpressure } = this.deps
    const places = backpressure && {
      enter: (socket: S) => backpressure.enter(connectionOf(socket)),
      leave: () => backpressure.leave(),
    }
    const deps = { ...pipeline, inFlight, places, logger: this.logger }
    const handlers = this.handlers()
    return new Map(
      Object.entries(this.commands).map(([name, command]) => {
        // The table's row of this name was written for this command.
        const row = handlers[name] as SocketRow<Command, S>
        return [name, createEventHandler(deps, command, row)]
      }),
    )
  }

  private async admit(socket: Socket, next: (error?: ExtendedError) => void): Promise<void> {
    const isSecond = this.taken.has(socket.conn)
    try {
      if (isSecond) throw new AppError('BAD_REQUEST', { message: `This connection has joined ${this.name} already.` })
      this.taken.add(socket.conn)
      // What costs nothing comes first: a flood of bad tickets takes nobody's turn.
      const ticket = await this.deps.frontDoor.check(connectionOf(socket), socket.handshake.auth.token, this.name)
      await this.deps.admission.run(() => this.letIn(socket, ticket))
      this.deps.frontDoor.letIn(connectionOf(socket), ticket.userId)
      next()
    } catch (thrown) {
      if (!isSecond) this.taken.delete(socket.conn)
      const error = toAppError(thrown)
      const correlationId = newCorrelationId()
      this.deps.metrics?.refuseConnection(this.name, error.code)
      this.deps.audit?.refused(this.originOf(socket), error.code)
      const isFirst = this.deps.frontDoor.refused(connectionOf(socket), error)
      const facts = { correlationId, socketId: socket.id, code: error.code }
      // The front door says how many were refused. Of a fault of ours the first says why.
      if (error.code !== 'INTERNAL') this.logger.debug('handshake was refused', facts)
      else if (isFirst) logFailure(this.logger, 'handshake', error, facts)
      next(Object.assign(new Error(error.message), { data: error.toWire(correlationId) }))
    }
  }

  private async letIn(socket: Socket, ticket: VerifiedToken): Promise<void> {
    // Whoever gave up while waiting for their turn needs nothing any more.
    if (socket.conn.readyState !== 'open') throw new AppError('UNAVAILABLE')
    socket.data.from = this.originOf(socket)
    requireAllowedAddress(this.deps.pipeline.allowLists, namespacePermissions[this.name], socket.data.from.address)
    await this.deps.frontDoor.count(connectionOf(socket), ticket.sessionId, this.name)
    const user = await redeemTicket(this.deps.tickets, ticket)
    requireAccess(user, namespacePermissions[this.name])
    socket.data.user = user
    await socket.join([socketRooms.user(user.id), socketRooms.session(user.sessionId)])
    await this.prepare(this.typed(socket))
  }

  /** Where a connection comes from, for allow-lists and the audit log. */
  private originOf({ request, handshake }: Socket): Pick<CallOrigin, 'address' | 'origin'> {
    const address = remoteAddressOf(request, this.deps.trustedProxyHops)
    return { address, origin: handshake.headers.origin ?? null }
  }

  private connected(socket: Socket, listeners: ReadonlyMap<string, Listener<S>>): void {
    const { user } = this.typed(socket).data
    const { metrics } = this.deps
    // Before anything is awaited, or early commands would be lost. One listener for all: each takes memory in every socket.
    socket.onAny((event: string, ...args: unknown[]) => {
      const listener = listeners.get(event)
      // What is in no contract is counted all the same.
      if (!listener) metrics?.incrementMessages(this.name, event, 'inbound', 0)
      else if (socket.connected) void listener(this.typed(socket), args)
    })
    const ended = this.deps.audit?.opened(this.typed(socket), this.name)
    socket.on('disconnect', (reason) => {
      ended?.(reason)
      this.logger.debug('left', { userId: user.id, socketId: socket.id, reason })
      this.taken.delete(socket.conn)
      metrics?.decrementConnections(this.name, reason)
      this.deps.connections.unregisterConnection(user.id, socket.id)
      void this.notePresence(() => this.left(user.id, socket.id, reason !== 'ping timeout'))
    })
    this.logger.debug('joined', { userId: user.id, socketId: socket.id, transport: socket.conn.transport.name })
    metrics?.incrementConnections(this.name, socket.handshake.auth.client)
    // What it showed was used, and would be kept for as long as it stays.
    socket.handshake.auth = {}
    this.deps.connections.registerConnection(
      user,
      socket.id,
      this.name,
      () => socket.conn.close(),
      () => socket.conn.transport.name,
      (changed) => this.update(socket, changed),
    )
    // The page may be older than what its person may do now.
    this.typed(socket).emit('permissionsUpdated', { permissions: user.permissions })
    void this.notePresence(() => this.deps.presence.joined(user.id, socket.id))
  }

  /** The person may do something else from now on: perhaps not even stay here. */
  private update(socket: Socket, user: SessionUser): void {
    socket.data.user = user
    this.typed(socket).emit('permissionsUpdated', { permissions: user.permissions })
    if (may(user, namespacePermissions[this.name])) return
    this.logger.info('whoever may not stay here is taken out', { userId: user.id, socketId: socket.id })
    socket.disconnect()
  }

  private async left(userId: string, socketId: string, wasHere: boolean): Promise<void> {
    const { presence, connections, inFlight } = this.deps
    await presence.left(userId, socketId, wasHere)
    // When the process stops all of them leave, and are on the way to another one.
    if (!this.logger.isDebugging || inFlight.isDraining || connections.getUserConnections(userId).length > 0) return
    const isStillOnline = await connections.isUserOnline(userId)
    this.logger.debug('the last connection of a person here ended', { userId, isStillOnline })
  }

  /** A store of active users that does not answer costs presence, never the connection. */
  private async notePresence(note: () => Promise<unknown>): Promise<void> {
    try {
      await note()
    } catch (error) {
      this.logger.warn('presence could not be noted', { error })
    }
  }

  /** The subclass's contract gives a socket its event maps; at run time they are the same object. */
  private typed(socket: Socket): S {
    return socket as unknown as S
  }
}

/** Socket.IO's type hides most of the connection beneath it. */
const connectionOf = ({ conn }: Pick<Socket, 'conn'>): EngineConnection => conn as unknown as EngineConnection
